import { describe, expect, it } from 'vitest';
import { secondLookBox } from '../../electron/inference/second-look.ts';

const side = 32;
const frame = { originX: -40, originY: 10, step: 2, side };

/** Log-odds of 1 in the boxes (x, y, width, height), -1 elsewhere. */
function odds(...boxes: readonly (readonly [number, number, number, number])[]): Float32Array {
  const plane = new Float32Array(side * side).fill(-1);
  for (const [x, y, width, height] of boxes)
    for (let row = y; row < y + height; row += 1) plane.fill(1, row * side + x, row * side + x + width);
  return plane;
}

describe('the place of a second look', () => {
  it('is the box of what was found, in pixels of the frame', () => {
    expect(secondLookBox(odds([3, 5, 10, 8]), frame)).toEqual({ x: -34, y: 20, width: 20, height: 16 });
  });

  it('is that of the largest part where there are several', () => {
    expect(secondLookBox(odds([0, 0, 5, 5], [20, 20, 6, 6]), frame)).toEqual({ x: 0, y: 50, width: 12, height: 12 });
  });

  it('is none where nothing, or next to nothing, was found', () => {
    expect(secondLookBox(odds(), frame)).toBeNull();
    expect(secondLookBox(odds([7, 7, 3, 3]), frame)).toBeNull();
  });
});
