import { describe, expect, it } from 'vitest';
import { countMaskPixels } from '../../electron/common/mask.ts';
import { countOutlines, fillPolygons, partPolygons, wholePolygon } from '../../electron/export/outlines.ts';
import type { Polygon } from '../../electron/export/outlines.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { randomMask } from '../renderer/support/random-masks.ts';
import { drawMask, hardMasks } from './annotation-samples.ts';

const random = createRandom(5);
const masks = {
  ...hardMasks,
  ...Object.fromEntries([1, 2, 3, 4].map((n) => [`strokes ${n}`, randomMask(random, 60, 40, 9)])),
};

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

  it('are one for each part', () => {
    expect(partPolygons(mask)).toHaveLength(countOutlines(mask).parts);
  });
});

it('joins a hole by a bridge from the nearest corner, there and back', () => {
  const mask = drawMask('###', '#.#', '###');
  expect(partPolygons(mask)).toEqual([[0, 0, 3, 0, 3, 3, 0, 3, 1, 2, 2, 2, 2, 1, 1, 1, 1, 2, 0, 3]]);
  expect(countOutlines(mask)).toEqual({ parts: 1, holes: 1 });
});
