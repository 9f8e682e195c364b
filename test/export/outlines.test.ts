import { describe, expect, it } from 'vitest';
import { contourArea, traceContours } from '../../electron/common/contour.ts';
import { countMaskPixels, createMask, encodeMask } from '../../electron/common/mask.ts';
import { countParts } from '../../electron/common/mask-parts.ts';
import type { BinaryMask } from '../../electron/common/mask.ts';
import { fillPolygons, partPolygons, wholePolygon } from '../../electron/export/outlines.ts';
import type { Polygon } from '../../electron/export/outlines.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { randomMask } from '../renderer/support/random-masks.ts';
import { drawMask, hardMasks } from './annotation-samples.ts';

const random = createRandom(5);

/** One pixel in four or so: more parts, or more holes, than are joined where they are nearest. */
function speckle(value: 0 | 1): BinaryMask {
  const mask = createMask(140, 90);
  return { ...mask, data: mask.data.map(() => (random.next() < 0.25 ? value : 1 - value)) };
}

const masks = {
  ...hardMasks,
  'a thousand parts': speckle(1),
  'a thousand holes': speckle(0),
  ...Object.fromEntries([1, 2, 3, 4].map((n) => [`strokes ${n}`, randomMask(random, 60, 40, 9)])),
};

const counted = (mask: BinaryMask) => countParts(encodeMask(mask), mask.width);

/** Shoelace: what a polygon encloses, holes taken off. */
function area(polygon: Polygon): number {
  let sum = 0;
  for (let i = 0; i < polygon.length; i += 2) {
    const j = (i + 2) % polygon.length;
    sum += polygon[i] * polygon[j + 1] - polygon[j] * polygon[i + 1];
  }
  return sum / 2;
}

describe.each(Object.entries(masks))('the polygons of %s', (_name, mask) => {
  it('fill to the same mask, part by part and as one', () => {
    expect(fillPolygons(partPolygons(mask), mask.width, mask.height)).toEqual(mask);
    const whole = wholePolygon(mask);
    expect(fillPolygons(whole ? [whole] : [], mask.width, mask.height)).toEqual(mask);
  });

  it('enclose as many pixels, since parts and holes run opposite ways', () => {
    expect(partPolygons(mask).reduce((sum, polygon) => sum + area(polygon), 0)).toBe(countMaskPixels(mask));
    expect(area(wholePolygon(mask) ?? [])).toBe(countMaskPixels(mask));
  });

  it('are one for each part, and holes are counted as their contours are', () => {
    const { parts, holes } = countParts(encodeMask(mask), mask.width);
    expect(partPolygons(mask)).toHaveLength(parts);
    const areas = traceContours(mask).map(contourArea);
    expect([parts, holes]).toEqual([areas.filter((each) => each > 0).length, areas.filter((each) => each < 0).length]);
  });
});

it('joins tens of thousands of parts and holes in no time', () => {
  expect(counted(masks['a thousand parts']).parts).toBeGreaterThan(500);
  expect(counted(masks['a thousand holes']).holes).toBeGreaterThan(500);
  const mask = createMask(800, 600);
  for (let index = 0; index < mask.data.length; index += 1) mask.data[index] = random.next() < 0.2 ? 1 : 0;
  expect(counted(mask).parts).toBeGreaterThan(50_000);
  const started = performance.now();
  expect(fillPolygons([wholePolygon(mask) ?? []], 800, 600)).toEqual(mask);
  expect(performance.now() - started).toBeLessThan(10_000);
});

it('joins a hole by a bridge from the nearest corner, there and back', () => {
  const mask = drawMask('###', '#.#', '###');
  expect(partPolygons(mask)).toEqual([[0, 0, 3, 0, 3, 3, 0, 3, 1, 2, 2, 2, 2, 1, 1, 1, 1, 2, 0, 3]]);
  expect(counted(mask)).toEqual({ parts: 1, holes: 1 });
});
