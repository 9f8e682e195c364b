import { describe, expect, it } from 'vitest';
import { secondLookBox } from '../../electron/inference/second-look.ts';

const side = 32;
const frame = { originX: -40, originY: 10, step: 2, side };

/** The log-odds of the boxes (x, y, width, height, odds; 1 where they are left out), -1 elsewhere. */
function odds(...boxes: readonly (readonly [number, number, number, number, number?])[]): Float32Array {
  const plane = new Float32Array(side * side).fill(-1);
  for (const [x, y, width, height, value = 1] of boxes)
    for (let row = y; row < y + height; row += 1) plane.fill(value, row * side + x, row * side + x + width);
  return plane;
}

describe('the place of a second look', () => {
  it('is the box of what was found, in pixels of the frame', () => {
    expect(secondLookBox(odds([3, 5, 10, 8]), frame)).toEqual({ x: -34, y: 20, width: 20, height: 16 });
  });

  it('is that of the largest part where several are equally sure', () => {
    expect(secondLookBox(odds([0, 0, 5, 5], [20, 20, 6, 6]), frame)).toEqual({ x: 0, y: 50, width: 12, height: 12 });
  });

  it('is that of a surer part where it is not much smaller', () => {
    const half = [20, 20, 6, 6, 0.1] as const; // a probability of 0.52 in 36 pixels
    const small = { x: -40, y: 10, width: 10, height: 10 };
    const large = { x: 0, y: 50, width: 12, height: 12 };
    expect(secondLookBox(odds([0, 0, 5, 5, 2], half), frame)).toEqual(small); // 0.88 in 25
    // 0.6 in 6 pixels: weighs 0.72 against 0.75 of the large part
    expect(secondLookBox(odds([0, 0, 6, 1, 0.41], half), frame)).toEqual(large);
  });

  it('is never that of less than a token, however sure', () => {
    expect(secondLookBox(odds([0, 0, 3, 3, 9], [20, 20, 6, 6, 0.1]), frame)).toEqual({ x: 0, y: 50, width: 12, height: 12 }); // prettier-ignore
  });

  it('is none where nothing, or next to nothing, was found', () => {
    expect(secondLookBox(odds(), frame)).toBeNull();
    expect(secondLookBox(odds([7, 7, 3, 3]), frame)).toBeNull();
  });
});
