import { describe, expect, it } from 'vitest';
import { type BinaryMask, countMaskPixels, createMask, maskBox, maskDice } from '../../../../electron/common/mask.ts';
import { createRandom } from '../../../../electron/nn/random.ts';
import { paintSegment } from '../../../../renderer/editor/brush.ts';
import { ellipseMask } from '../../../../renderer/editor/masks/ellipse.ts';
import { interpolateMasks } from '../../../../renderer/editor/masks/interpolate.ts';
import { growMask, shrinkMask, smoothMask } from '../../../../renderer/editor/masks/morphology.ts';
import { findParts, keepLargestPart } from '../../../../electron/common/mask-parts.ts';
import { MovableMask } from '../../../../renderer/editor/masks/transform.ts';
import { measureMask } from '../../../../renderer/editor/measure.ts';
import { drawMask, randomMask, showMask } from '../../support/random-masks.ts';
import { drawEllipse } from '../../../support/drawn-ellipse.ts';

const seeds = [1, 2, 3];

function disc(width: number, height: number, x: number, y: number, radius: number): BinaryMask {
  const mask = createMask(width, height);
  paintSegment(mask, { x, y }, { x, y }, radius, 1);
  return mask;
}

describe('the parts of a mask', () => {
  it('are connected edge to edge, as many as its contours say', () => {
    for (const seed of seeds) {
      const mask = randomMask(createRandom(seed), 50, 40, 12);
      const parts = findParts(mask);
      expect(parts).toHaveLength(measureMask(mask, null).parts);
      expect(parts.reduce((sum, part) => sum + part.length, 0)).toBe(countMaskPixels(mask));
    }
  });

  it('are reduced to the largest, which a corner does not join to another', () => {
    const mask = drawMask('##..#.', '##..#.', '..###.', '#..#..');
    expect(showMask(keepLargestPart(mask))).toEqual(['....#.', '....#.', '..###.', '...#..']);
    expect(countMaskPixels(keepLargestPart(createMask(4, 4)))).toBe(0);
  });
});

describe('growing and shrinking', () => {
  it.each(seeds)('reach as far as the distance of pixel centres says, by columns and rows (seed %d)', (seed) => {
    const mask = randomMask(createRandom(seed), 40, 34, 3);
    const spacing = { x: 1, y: 1.5 };
    const radius = 3.2;
    const [grown, shrunk] = [growMask(mask, radius, spacing), shrinkMask(mask, radius, spacing)];
    const nearest = (index: number, value: number): number => {
      let least = Infinity;
      mask.data.forEach((pixel, other) => {
        if (pixel !== value) return;
        const dx = ((index % 40) - (other % 40)) * spacing.x;
        const dy = (Math.floor(index / 40) - Math.floor(other / 40)) * spacing.y;
        least = Math.min(least, Math.hypot(dx, dy));
      });
      return least;
    };
    mask.data.forEach((_, index) => {
      expect(grown.data[index], `grown at ${index}`).toBe(nearest(index, 1) <= radius ? 1 : 0);
      expect(shrunk.data[index], `shrunk at ${index}`).toBe(nearest(index, 0) > radius ? 1 : 0);
    });
  });

  it('take nothing away at the edge of the frame', () => {
    expect(showMask(shrinkMask(drawMask('###.', '###.', '###.'), 1))).toEqual(['##..', '##..', '##..']);
  });

  it('of nothing is nothing', () => {
    expect(countMaskPixels(growMask(createMask(5, 5), 2))).toBe(0);
    expect(countMaskPixels(shrinkMask(createMask(5, 5), 2))).toBe(0);
  });
});

describe('smoothing', () => {
  it('takes a spur and fills a notch, and keeps the area', () => {
    const mask = disc(80, 80, 40, 40, 20);
    const smooth = mask.data.slice();
    paintSegment(mask, { x: 40, y: 20 }, { x: 40, y: 8 }, 1, 1);
    paintSegment(mask, { x: 20, y: 40 }, { x: 30, y: 40 }, 1, 0);
    const result = smoothMask(mask, 3);
    expect(maskDice(result, { ...mask, data: smooth })).toBeGreaterThan(0.98);
    expect(result.data[10 * 80 + 40]).toBe(0);
    expect(result.data[40 * 80 + 24]).toBe(1);
    expect(countMaskPixels(result)).toBeCloseTo(Math.PI * 400, -2);
  });

  it('leaves a part that it would take whole, and a straight edge at the frame', () => {
    const mask = drawMask('#####.......', '#####.......', '#####.....#.', '#####.......', '#####.......');
    expect(showMask(smoothMask(mask, 1.5))).toEqual(showMask(mask));
    expect(countMaskPixels(smoothMask(createMask(5, 5), 2))).toBe(0);
  });

  it('adds no part and no hole', () => {
    for (const seed of seeds) {
      const mask = randomMask(createRandom(seed), 80, 60, 10);
      const [before, after] = [measureMask(mask, null), measureMask(smoothMask(mask, 2), null)];
      expect(after.parts).toBeLessThanOrEqual(before.parts + 1);
      expect(after.holes).toBeLessThanOrEqual(before.holes + 1);
    }
  });
});

describe('moving and scaling', () => {
  it.each(seeds)('to the same box is the same mask, and a whole shift the same shape (seed %d)', (seed) => {
    const mask = randomMask(createRandom(seed), 60, 50);
    const movable = MovableMask.of(mask)!;
    const same = createMask(60, 50);
    movable.put(same, movable.box);
    expect(same.data).toEqual(mask.data);
    const wide = createMask(200, 180);
    movable.put(wide, { ...movable.box, x: movable.box.x + 70, y: movable.box.y + 60 });
    for (let row = 0; row < 50; row += 1) {
      for (let column = 0; column < 60; column += 1) {
        expect(wide.data[(row + 60) * 200 + column + 70]).toBe(mask.data[row * 60 + column]);
      }
    }
  });

  it('scales a disc to an ellipse of the box', () => {
    const movable = MovableMask.of(disc(64, 64, 32, 32, 16))!;
    const mask = createMask(200, 160);
    const to = { x: 40.5, y: 30.25, width: 96, height: 48 };
    movable.put(mask, to);
    expect(maskDice(mask, drawEllipse(to.x + 48, to.y + 24, 48, 24, 0))).toBeGreaterThan(0.97);
    const box = maskBox(mask)!;
    expect(Math.abs(box.x - to.x)).toBeLessThan(2);
    expect(Math.abs(box.width - to.width)).toBeLessThan(3);
  });

  it('clips to the frame, and says the box that it wrote', () => {
    const movable = MovableMask.of(drawMask('....', '.##.', '.##.'))!;
    const mask = createMask(4, 3);
    expect(movable.put(mask, { x: 3, y: 1, width: 2, height: 2 })).toEqual({ x: 3, y: 1, width: 1, height: 2 });
    expect(showMask(mask)).toEqual(['....', '...#', '...#']);
    expect(movable.put(mask, { x: 30, y: 1, width: 2, height: 2 })).toBeNull();
    expect(MovableMask.of(createMask(4, 3))).toBeNull();
  });
});

describe('the mask between two', () => {
  it('is exactly each of them at its own end', () => {
    for (const seed of seeds) {
      const random = createRandom(seed);
      const [a, b] = [randomMask(random, 60, 50), randomMask(random, 60, 50)];
      expect(interpolateMasks(a, b, 0).data).toEqual(a.data);
      expect(interpolateMasks(a, b, 1).data).toEqual(b.data);
    }
  });

  it('moves and grows on the way, even where the two do not overlap', () => {
    const [a, b] = [disc(160, 100, 30, 40, 10), disc(160, 100, 120, 60, 20)];
    expect(maskDice(interpolateMasks(a, b, 0.5), disc(160, 100, 75, 50, 15))).toBeGreaterThan(0.97);
    expect(maskDice(interpolateMasks(a, b, 0.25), disc(160, 100, 52.5, 45, 12.5))).toBeGreaterThan(0.96);
  });

  it('is the nearer one where the other is empty, and is refused for two sizes', () => {
    const [a, empty] = [disc(40, 40, 20, 20, 8), createMask(40, 40)];
    expect(interpolateMasks(a, empty, 0.4).data).toEqual(a.data);
    expect(countMaskPixels(interpolateMasks(a, empty, 0.6))).toBe(0);
    expect(() => interpolateMasks(a, createMask(40, 41), 0.5)).toThrow(/40×40 and 40×41/);
  });
});

describe('a mask made an ellipse', () => {
  it('is the ellipse that it was, and nothing where it was nothing', () => {
    const drawn = drawEllipse(100, 80, 60, 30, 0.4);
    const holed = { ...drawn, data: drawn.data.slice() };
    paintSegment(holed, { x: 100, y: 80 }, { x: 100, y: 80 }, 3, 0);
    expect(maskDice(ellipseMask(drawn), drawn)).toBeGreaterThan(0.998);
    expect(maskDice(ellipseMask(holed), drawn)).toBeGreaterThan(0.99);
    expect(countMaskPixels(ellipseMask(createMask(5, 5)))).toBe(0);
  });
});
