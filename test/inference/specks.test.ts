import { describe, expect, it } from 'vitest';
import { withoutSpecks } from '../../electron/inference/specks.ts';

const side = 80;

/** Log-odds by pixels (x, y): -0.5 where nothing is drawn. */
function odds(...boxes: readonly (readonly [number, number, number, number, number])[]): Float32Array {
  const plane = new Float32Array(side * side).fill(-0.5);
  for (const [x, y, width, height, value] of boxes)
    for (let row = y; row < y + height; row += 1) plane.fill(value, row * side + x, row * side + x + width);
  return plane;
}

describe('specks in the odds', () => {
  it('turn to background, as sure as they were, and the rest stays as it is', () => {
    const body = [2, 2, 10, 10, 3] as const;
    expect(withoutSpecks(odds(body, [20, 20, 5, 3, 0.25]), side)).toEqual(odds(body, [20, 20, 5, 3, -0.25]));
  });

  it('are parts of less than a token: one of sixteen pixels stays', () => {
    const plane = odds([2, 2, 10, 10, 3], [20, 20, 4, 4, 0.25]);
    expect(withoutSpecks(plane, side)).toBe(plane);
  });

  it('are parts of less than a hundredth of the largest, too', () => {
    const body = [0, 0, 80, 40, 3] as const; // 3200 pixels
    expect(withoutSpecks(odds(body, [20, 50, 5, 5, 0.25]), side)).toEqual(odds(body, [20, 50, 5, 5, -0.25]));
    const both = odds(body, [20, 50, 6, 6, 0.25]);
    expect(withoutSpecks(both, side)).toBe(both);
  });

  it('leave the largest part, however small it is', () => {
    const single = odds([5, 5, 2, 1, 0.5]);
    expect(withoutSpecks(single, side)).toBe(single);
    const none = odds();
    expect(withoutSpecks(none, side)).toBe(none);
  });

  it('have holes as their like: those of less than a token are filled, larger ones stay', () => {
    const body = [2, 2, 20, 20, 3] as const;
    expect(withoutSpecks(odds(body, [5, 5, 3, 5, -0.75]), side)).toEqual(odds(body, [5, 5, 3, 5, 0.75]));
    const open = odds(body, [5, 5, 4, 4, -0.75]);
    expect(withoutSpecks(open, side)).toBe(open);
  });

  it('are filled before they are taken away: a ring leaves nothing behind', () => {
    const body = [10, 10, 20, 20, 3] as const;
    const cleared = withoutSpecks(odds(body, [1, 1, 3, 3, 0.5], [2, 2, 1, 1, -0.25]), side);
    expect(cleared).toEqual(odds(body, [1, 1, 3, 3, -0.5], [2, 2, 1, 1, -0.25]));
  });

  it('fill a hole of even odds, which are background', () => {
    const filled = withoutSpecks(odds([2, 2, 20, 20, 3], [5, 5, 1, 1, 0]), side);
    expect(filled[5 * side + 5]).toBeGreaterThan(0);
  });
});
