import { describe, expect, it } from 'vitest';
import { countMaskPixels, createMask } from '../../../electron/common/mask.ts';
import { paintSegment, unionBoxes } from '../../../renderer/editor/brush.ts';

/** Distance of a point from a segment, by the textbook projection: the definition that the row by row fill has to agree with. */
function distance(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length));
  return Math.hypot(px - ax - t * (bx - ax), py - ay - t * (by - ay));
}

describe('a stroke', () => {
  it.each([
    [10, 10, 10, 10, 4],
    [10, 10, 30, 12, 3.5],
    [30, 25, 5, 3, 6],
    [20, 5, 20, 30, 2],
    [5, 20, 35, 20, 2.5],
    [-4, 8, 12, 44, 5],
  ])('from (%d, %d) to (%d, %d) with radius %d covers the pixels whose centres are near enough', (...stroke) => {
    const [ax, ay, bx, by, radius] = stroke;
    const mask = createMask(40, 36);
    paintSegment(mask, { x: ax, y: ay }, { x: bx, y: by }, radius, 1);
    for (let y = 0; y < mask.height; y += 1) {
      for (let x = 0; x < mask.width; x += 1) {
        const away = distance(x + 0.5, y + 0.5, ax, ay, bx, by);
        // On the rim itself either answer is right.
        if (Math.abs(away - radius) < 1e-9) continue;
        const underEnd =
          (x === Math.floor(ax) && y === Math.floor(ay)) || (x === Math.floor(bx) && y === Math.floor(by));
        expect(mask.data[y * mask.width + x], `pixel ${x}, ${y}`).toBe(away < radius || underEnd ? 1 : 0);
      }
    }
  });

  it.each([0.6, 1, 1.7])('of a frame whose pixels are %d as high as wide is round where it is shown', (aspect) => {
    const mask = createMask(60, 60);
    const at = { x: 30.5, y: 30.5 };
    paintSegment(mask, at, at, 12, 1, aspect);
    mask.data.forEach((value, index) => {
      const [x, y] = [index % 60, Math.floor(index / 60)];
      const away = Math.hypot(x + 0.5 - at.x, (y + 0.5 - at.y) * aspect);
      expect(value, `pixel ${x}, ${y}`).toBe(away <= 12 ? 1 : 0);
    });
    // Centred on the pointer: the same to the left as to the right, above as below.
    mask.data.forEach((value, index) => {
      const [x, y] = [index % 60, Math.floor(index / 60)];
      if (x > 0) expect(mask.data[y * 60 + 60 - x]).toBe(value);
      if (y > 0) expect(mask.data[(60 - y) * 60 + x]).toBe(value);
    });
  });

  it('with the smallest brush paints at least the pixel under the pointer', () => {
    const mask = createMask(8, 8);
    const box = paintSegment(mask, { x: 3.9, y: 2.1 }, { x: 3.9, y: 2.1 }, 0.5, 1);
    expect(countMaskPixels(mask)).toBe(1);
    expect(mask.data[2 * 8 + 3]).toBe(1);
    expect(box).toEqual({ x: 3, y: 2, width: 1, height: 1 });
  });

  it('erases what it painted', () => {
    const mask = createMask(30, 30);
    paintSegment(mask, { x: 5, y: 5 }, { x: 25, y: 20 }, 4, 1);
    paintSegment(mask, { x: 5, y: 5 }, { x: 25, y: 20 }, 4, 0);
    expect(countMaskPixels(mask)).toBe(0);
  });

  it('outside the frame changes nothing and has no box', () => {
    const mask = createMask(10, 10);
    expect(paintSegment(mask, { x: -50, y: -50 }, { x: -40, y: -50 }, 5, 1)).toBeNull();
    expect(countMaskPixels(mask)).toBe(0);
  });

  it('says the box of everything that it wrote, clipped to the frame', () => {
    const mask = createMask(20, 20);
    const box = paintSegment(mask, { x: 1, y: 1 }, { x: 1, y: 1 }, 3, 1);
    expect(box).toEqual({ x: 0, y: 0, width: 4, height: 4 });
  });
});

describe('a union of boxes', () => {
  it('is the smallest box around both; none is empty', () => {
    const a = { x: 2, y: 3, width: 4, height: 1 };
    expect(unionBoxes(a, null)).toBe(a);
    expect(unionBoxes(null, null)).toBeNull();
    expect(unionBoxes(a, { x: 0, y: 5, width: 1, height: 2 })).toEqual({ x: 0, y: 3, width: 6, height: 4 });
  });
});
