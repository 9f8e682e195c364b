import { describe, expect, it } from 'vitest';
import { traceContours } from '../../../electron/common/contour.ts';
import { createRandom } from '../../../electron/nn/random.ts';
import { acrossCorners } from '../../../renderer/canvas/outline.ts';
import { drawMask, randomMask } from '../support/random-masks.ts';

/** Whether a point lies on the closed line. */
function isOn(line: readonly number[], x: number, y: number): boolean {
  for (let i = 0; i < line.length; i += 2) {
    const [ax, ay] = [line[i], line[i + 1]];
    const next = (i + 2) % line.length;
    const [bx, by] = [line[next], line[next + 1]];
    const isAlong = (x - ax) * (by - ay) === (y - ay) * (bx - ax);
    const isBetween = Math.min(ax, bx) <= x && x <= Math.max(ax, bx) && Math.min(ay, by) <= y && y <= Math.max(ay, by);
    if (isAlong && isBetween) return true;
  }
  return false;
}

describe('an outline across the corners of its pixels', () => {
  it.each([1, 2, 3, 4])('goes through the middle of every pixel edge, and through no corner (seed %d)', (seed) => {
    for (const contour of traceContours(randomMask(createRandom(seed), 70, 60, 9))) {
      const line = acrossCorners(contour);
      for (let i = 0; i < contour.length; i += 2) {
        const [x, y] = [contour[i], contour[i + 1]];
        const next = (i + 2) % contour.length;
        const [dx, dy] = [Math.sign(contour[next] - x), Math.sign(contour[next + 1] - y)];
        const edges = Math.abs(contour[next] - x) + Math.abs(contour[next + 1] - y);
        for (let edge = 0.5; edge < edges; edge += 1) expect(isOn(line, x + dx * edge, y + dy * edge)).toBe(true);
        expect(isOn(line, x, y)).toBe(false);
      }
    }
  });

  it('has no more points than it takes', () => {
    const [staircase] = traceContours(drawMask('#.....', '##....', '###...', '####..', '#####.', '######'));
    // Three corners of a triangle are cut off by a line each; the slanted side is one line.
    expect(acrossCorners(staircase).length / 2).toBeLessThanOrEqual(7);
    const [pixel] = traceContours(drawMask('...', '.#.', '...'));
    expect(acrossCorners(pixel).slice(0, 8)).toEqual([1.5, 1, 2, 1.5, 1.5, 2, 1, 1.5]);
  });
});
