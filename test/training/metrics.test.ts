import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { countMaskPixels, createMask, maskDice, type BinaryMask } from '../../electron/common/mask.ts';
import { createRandom, type Random } from '../../electron/nn/random.ts';
import { compareMasks, outline, outlineDistances } from '../../electron/training/metrics.ts';

function maskWhere(width: number, height: number, inside: (x: number, y: number) => boolean): BinaryMask {
  const mask = createMask(width, height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) if (inside(x, y)) mask.data[y * width + x] = 1;
  }
  return mask;
}

const square = (left: number, top: number, side: number, size = 40): BinaryMask =>
  maskWhere(size, size, (x, y) => x >= left && x < left + side && y >= top && y < top + side);

const disc = (centerX: number, centerY: number, radius: number, size = 120): BinaryMask =>
  maskWhere(size, size, (x, y) => Math.hypot(x - centerX, y - centerY) <= radius);

/** A few overlapping ellipses with holes in them, often over the edge of the image. */
function randomMask(width: number, height: number, random: Random): BinaryMask {
  const shapes = Array.from({ length: 1 + random.integer(4) }, (_, index) => ({
    x: random.next() * width,
    y: random.next() * height,
    a: 1 + (random.next() * width) / 4,
    b: 1 + (random.next() * height) / 4,
    hole: index > 0 && random.next() < 0.4,
  }));
  const noise = random.next() < 0.3 ? 0.02 : 0;
  return maskWhere(width, height, (x, y) => {
    let inside = false;
    for (const shape of shapes) {
      if (((x - shape.x) / shape.a) ** 2 + ((y - shape.y) / shape.b) ** 2 <= 1) inside = !shape.hole;
    }
    return random.next() < noise ? !inside : inside;
  });
}

const transposed = (mask: BinaryMask): BinaryMask =>
  maskWhere(mask.height, mask.width, (x, y) => mask.data[x * mask.width + y] === 1);

describe('the outline of a mask', () => {
  it('is the pixels with a 4-neighbour outside; the edge of the image is outside', () => {
    expect(countMaskPixels(outline(square(5, 5, 10)))).toBe(36);
    expect(countMaskPixels(outline(square(0, 0, 10, 10)))).toBe(36);
    expect(countMaskPixels(outline(square(3, 3, 1)))).toBe(1);
    // A diagonal neighbour alone does not make a pixel one of the outline.
    const notched = square(5, 5, 10);
    notched.data[5 * 40 + 5] = 0;
    expect(outline(notched).data[6 * 40 + 6]).toBe(0);
  });
});

describe('overlap', () => {
  it('of shifted squares is what the areas say', () => {
    const { dice, iou } = compareMasks(square(10, 10, 10), square(15, 10, 10), null);
    expect(dice).toBeCloseTo(0.5, 12);
    expect(iou).toBeCloseTo(50 / 150, 12);
  });

  it('of two empty masks is 1, of an empty and another 0', () => {
    const empty = createMask(40, 40);
    expect(compareMasks(empty, empty, null)).toMatchObject({ dice: 1, iou: 1, hd95: 0, assd: 0, hd95Mm: null });
    expect(compareMasks(empty, square(3, 3, 4), { x: 1, y: 1 })).toEqual({
      dice: 0,
      iou: 0,
      hd95: null,
      assd: null,
      hd95Mm: null,
      assdMm: null,
    });
    expect(outlineDistances(square(3, 3, 4), empty)).toBeNull();
  });
});

describe('outline distances', () => {
  it('of a mask to itself are 0', () => {
    expect(outlineDistances(disc(60, 60, 30), disc(60, 60, 30))).toEqual({ hd95: 0, assd: 0 });
  });

  it('of two single pixels are the distance of their centres', () => {
    expect(outlineDistances(square(3, 4, 1), square(6, 8, 1))).toEqual({ hd95: 5, assd: 5 });
    const spaced = outlineDistances(square(3, 4, 1), square(6, 8, 1), { x: 0.2, y: 0.5 })!;
    expect(spaced.hd95).toBeCloseTo(Math.hypot(0.6, 2), 12);
  });

  it('of concentric discs are the difference of their radii', () => {
    for (const difference of [4, 10, 25]) {
      const { hd95, assd } = outlineDistances(disc(60, 60, 25), disc(60, 60, 25 + difference))!;
      expect(Math.abs(hd95 - difference)).toBeLessThan(0.75);
      expect(Math.abs(assd - difference)).toBeLessThan(0.5);
    }
  });

  it('of a square that was shifted along an axis are those found by hand', () => {
    // 3 × 3 squares 10 apart: each outline has 8 pixels; their distances are 8, 9, 10 for the columns facing.
    const { hd95, assd } = outlineDistances(square(5, 5, 3), square(15, 5, 3))!;
    expect(assd).toBeCloseTo((3 * 8 + 2 * 9 + 3 * 10) / 8, 12);
    expect(hd95).toBe(10);
  });

  it('take the larger of the two directions, not both together', () => {
    // Nearly all of the small square lies on the large one's outline; the large one's far corners are what counts.
    const large = square(0, 0, 40);
    const small = square(0, 0, 4);
    const { hd95 } = outlineDistances(large, small)!;
    const toSmall = Array.from({ length: 40 * 40 }, (_, index) => index)
      .filter((index) => outline(large).data[index])
      .map((index) => Math.hypot(Math.max(0, (index % 40) - 3), Math.max(0, Math.floor(index / 40) - 3)))
      .sort((a, b) => a - b);
    const position = 0.95 * (toSmall.length - 1);
    const below = Math.floor(position);
    expect(hd95).toBeCloseTo(toSmall[below] + (toSmall[below + 1] - toSmall[below]) * (position - below), 12);
  });

  it('forgive a speck of less than 5 % of the outline in HD95, and count it in ASSD', () => {
    const clean = disc(60, 60, 30);
    const specked = { ...clean, data: clean.data.slice() };
    specked.data[2 * 120 + 2] = 1;
    const { hd95, assd } = outlineDistances(specked, clean)!;
    expect(hd95).toBe(0);
    expect(assd).toBeGreaterThan(0);
  });

  it('are in mm where each axis has its own spacing', () => {
    // Shifted down by 6 pixels of 0.5 mm, then across by 6 pixels of 0.1 mm.
    const [bar, spacingMm] = [square(10, 10, 1), { x: 0.1, y: 0.5 }];
    expect(compareMasks(square(10, 16, 1), bar, spacingMm)).toMatchObject({ hd95: 6, hd95Mm: 3, assd: 6, assdMm: 3 });
    expect(compareMasks(square(16, 10, 1), bar, spacingMm).hd95Mm).toBeCloseTo(0.6, 12);
  });

  it('are symmetric, the same when transposed or shifted, and scale with the spacing', () => {
    const random = createRandom(5);
    let compared = 0;
    for (let trial = 0; trial < 40; trial += 1) {
      const [a, b] = [randomMask(37, 29, random), randomMask(37, 29, random)];
      const distances = outlineDistances(a, b);
      if (!distances) continue;
      compared += 1;
      const swapped = outlineDistances(b, a)!;
      expect(swapped.hd95).toBe(distances.hd95);
      expect(swapped.assd).toBeCloseTo(distances.assd, 12);
      const turned = outlineDistances(transposed(a), transposed(b))!;
      expect(turned.hd95).toBeCloseTo(distances.hd95, 12);
      expect(turned.assd).toBeCloseTo(distances.assd, 12);
      const doubled = outlineDistances(a, b, { x: 2, y: 2 })!;
      expect(doubled.hd95).toBeCloseTo(2 * distances.hd95, 10);
      expect(doubled.assd).toBeCloseTo(2 * distances.assd, 10);
      const within = (mask: BinaryMask): BinaryMask =>
        maskWhere(60, 50, (x, y) => x >= 9 && y >= 4 && x < 46 && y < 33 && mask.data[(y - 4) * 37 + x - 9] === 1);
      expect(outlineDistances(within(a), within(b))!.hd95).toBeCloseTo(distances.hd95, 12);
    }
    expect(compared).toBeGreaterThan(20);
  });

  it('refuse masks of different sizes and a spacing that is not above 0', () => {
    expect(() => outlineDistances(createMask(3, 4), createMask(4, 3))).toThrow(/3×4 and 4×3/);
    for (const x of [0, -1, Number.NaN, Infinity]) {
      expect(() => outlineDistances(square(1, 1, 2), square(1, 1, 2), { x, y: 1 })).toThrow(/above 0/);
    }
  });
});

// SciPy's erosion and distance transform and NumPy's percentile, put together as MONAI does.
const referenceProgram = `
import json, sys
import numpy as np
from scipy.ndimage import binary_erosion, distance_transform_edt
answers = []
for case in json.load(sys.stdin):
    shape = (case["height"], case["width"])
    edges = [m & ~binary_erosion(m) for m in (np.array(list(text), dtype=int).reshape(shape) == 1 for text in case["masks"])]
    a, b = [distance_transform_edt(~edges[1 - i], sampling=case["sampling"])[edges[i]] for i in (0, 1)]
    answers.append([max(np.percentile(a, 95), np.percentile(b, 95)), np.concatenate([a, b]).mean()])
json.dump(answers, sys.stdout)
`;

const hasScipy = spawnSync('python3', ['-c', 'import numpy, scipy.ndimage']).status === 0;

describe.skipIf(!hasScipy)('outline distances beside SciPy (skipped where python3 has no scipy)', () => {
  it('agree to 1e-9 on random masks, in pixels and with a spacing for each axis', () => {
    const random = createRandom(42);
    const pairs = Array.from({ length: 60 }, (_, index) => {
      const [width, height] = [20 + random.integer(90), 20 + random.integer(90)];
      const spacing = index % 2 === 0 ? { x: 1, y: 1 } : { x: 0.03 + random.next(), y: 0.03 + random.next() };
      return { a: randomMask(width, height, random), b: randomMask(width, height, random), spacing };
    }).filter(({ a, b }) => a.data.includes(1) && b.data.includes(1));
    expect(pairs.length).toBeGreaterThan(40);
    const cases = pairs.map(({ a, b, spacing }) => ({
      width: a.width,
      height: a.height,
      masks: [a.data.join(''), b.data.join('')],
      sampling: [spacing.y, spacing.x],
    }));
    const { stdout, stderr } = spawnSync('python3', ['-c', referenceProgram], {
      input: JSON.stringify(cases),
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const answers = JSON.parse(stdout) as [number, number][]; // as the program above writes it
    expect(answers.length).toBe(pairs.length);
    pairs.forEach(({ a, b, spacing }, index) => {
      const { hd95, assd } = outlineDistances(a, b, spacing)!;
      expect(Math.abs(hd95 - answers[index][0]), `HD95 of pair ${index}`).toBeLessThan(1e-9);
      expect(Math.abs(assd - answers[index][1]), `ASSD of pair ${index}`).toBeLessThan(1e-9);
    });
  });
});

describe('intersection over union', () => {
  it('is the counted one on random masks', () => {
    const random = createRandom(8);
    for (let trial = 0; trial < 20; trial += 1) {
      const [a, b] = [randomMask(30, 30, random), randomMask(30, 30, random)];
      const both = a.data.reduce((sum, pixel, index) => sum + (pixel & b.data[index]), 0);
      const either = a.data.reduce((sum, pixel, index) => sum + (pixel | b.data[index]), 0);
      const { dice, iou } = compareMasks(a, b, null);
      expect(iou).toBeCloseTo(either === 0 ? 1 : both / either, 12);
      expect(dice).toBe(maskDice(a, b));
    }
  });
});
