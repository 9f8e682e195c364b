import { describe, expect, it } from 'vitest';
import type { ImagePoint } from '../../electron/common/geometry.ts';
import { countMaskPixels, createMask } from '../../electron/common/mask.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { traceContours } from '../../electron/common/contour.ts';
import { fillPolygon } from '../../electron/common/polygon.ts';
import { drawMask, randomMask, showMask } from '../renderer/support/random-masks.ts';

/** Even-odd by counting the edges to the left of the point: the definition. */
function isInside(points: readonly ImagePoint[], x: number, y: number): boolean {
  return points.reduce((inside, a, index) => {
    const b = points[(index + 1) % points.length];
    const crosses = a.y <= y !== b.y <= y && a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x) <= x;
    return crosses ? !inside : inside;
  }, false);
}

describe('a filled polygon', () => {
  it.each([1, 2, 3, 4, 5])('has the pixels whose centres lie inside by the even-odd rule (seed %d)', (seed) => {
    const random = createRandom(seed);
    const points = Array.from({ length: 9 }, () => ({ x: random.next() * 50 - 5, y: random.next() * 40 - 5 }));
    const mask = createMask(40, 30);
    fillPolygon(mask, points, 1);
    for (let y = 0; y < 30; y += 1) {
      for (let x = 0; x < 40; x += 1) {
        expect(mask.data[y * 40 + x], `${x}, ${y}`).toBe(isInside(points, x + 0.5, y + 0.5) ? 1 : 0);
      }
    }
  });

  it('along pixel edges has exactly the pixels between them', () => {
    const mask = createMask(6, 5);
    const corners = [
      { x: 1, y: 1 },
      { x: 5, y: 1 },
      { x: 5, y: 4 },
      { x: 1, y: 4 },
    ];
    expect(fillPolygon(mask, corners, 1)).toEqual({ x: 1, y: 1, width: 4, height: 3 });
    expect(showMask(mask)).toEqual(['......', '.####.', '.####.', '.####.', '......']);
  });

  it('gives the pixels on a shared edge to one of two neighbours, never to both or to none', () => {
    const [a, b, c, d] = [
      { x: 0.5, y: 0.5 },
      { x: 10.5, y: 0.5 },
      { x: 10.5, y: 10.5 },
      { x: 0.5, y: 10.5 },
    ];
    const [first, second, both] = [createMask(12, 12), createMask(12, 12), createMask(12, 12)];
    fillPolygon(first, [a, b, c], 1);
    fillPolygon(second, [a, c, d], 1);
    fillPolygon(both, [a, b, c, d], 1);
    expect(first.data.map((value, index) => value + second.data[index])).toEqual(both.data);
    expect(countMaskPixels(both)).toBe(100);
  });

  it('of its own contours is the mask again', () => {
    const mask = randomMask(createRandom(7), 60, 50);
    const again = createMask(60, 50);
    for (const contour of traceContours(mask)) {
      const points = Array.from({ length: contour.length / 2 }, (_, i) => ({
        x: contour[2 * i],
        y: contour[2 * i + 1],
      }));
      const part = createMask(60, 50);
      fillPolygon(part, points, 1);
      part.data.forEach((value, index) => (again.data[index] ^= value));
    }
    expect(again.data).toEqual(mask.data);
  });

  it('takes away, clips to the frame, and has no box where nothing of it is left', () => {
    const mask = drawMask('####', '####', '####');
    const corners = [
      { x: 2, y: -5 },
      { x: 50, y: -5 },
      { x: 50, y: 2 },
      { x: 2, y: 2 },
    ];
    expect(fillPolygon(mask, corners, 0)).toEqual({ x: 2, y: 0, width: 2, height: 2 });
    expect(showMask(mask)).toEqual(['##..', '##..', '####']);
    expect(
      fillPolygon(
        mask,
        corners.map(({ x, y }) => ({ x: x + 100, y })),
        0,
      ),
    ).toBeNull();
    expect(fillPolygon(mask, corners.slice(0, 2), 0)).toBeNull();
  });
});
