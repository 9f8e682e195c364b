import { describe, expect, it } from 'vitest';
import { createMask } from '../../electron/common/mask.ts';
import type { BinaryMask } from '../../electron/common/mask.ts';
import { measureRegion } from '../../electron/common/mask-measures.ts';
import type { MaskMeasures } from '../../electron/common/mask-measures.ts';
import type { UltrasoundRegion } from '../../electron/common/study.ts';

/** The pixels whose centres `inside` accepts. */
function maskWhere(width: number, height: number, inside: (x: number, y: number) => boolean): BinaryMask {
  const mask = createMask(width, height);
  mask.data.forEach((_, index) => {
    mask.data[index] = inside((index % width) + 0.5, Math.floor(index / width) + 0.5) ? 1 : 0;
  });
  return mask;
}

/** An ellipse about (150, 120) with half axes a and b in pixels, its major axis turned by `degrees`. */
function ellipse(a: number, b: number, degrees: number): BinaryMask {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return maskWhere(300, 240, (x, y) => {
    const [dx, dy] = [x - 150.2, y - 119.6];
    return ((dx * cos + dy * sin) / a) ** 2 + ((dy * cos - dx * sin) / b) ** 2 <= 1;
  });
}

function measured(mask: BinaryMask, regions: readonly UltrasoundRegion[] = []): MaskMeasures {
  const measures = measureRegion(mask, regions);
  if (!measures) throw new Error('The mask is empty.');
  return measures;
}

/** Circumference of an ellipse by adding up 100,000 chords. */
function circumferenceOf(a: number, b: number): number {
  const steps = 100_000;
  const point = (i: number) => [a * Math.cos((2 * Math.PI * i) / steps), b * Math.sin((2 * Math.PI * i) / steps)];
  let sum = 0;
  for (let i = 0; i < steps; i += 1) {
    const [[x, y], [u, v]] = [point(i), point(i + 1)];
    sum += Math.hypot(u - x, v - y);
  }
  return sum;
}

const region: UltrasoundRegion = {
  number: 2,
  spatialFormat: 1,
  dataType: 1,
  unitsX: 3,
  unitsY: 3,
  minX0: 0,
  minY0: 0,
  maxX1: 299,
  maxY1: 239,
  physicalDeltaXMm: 0.1,
  physicalDeltaYMm: 0.1,
  highPriority: false,
};

const within = (value: number, expected: number, share: number) =>
  expect(Math.abs(value / expected - 1), `${value} against ${expected}`).toBeLessThan(share);

describe('the measures of a mask', () => {
  it.each([
    [90, 60, 0],
    [90, 60, 30],
    [80, 20, 45],
    [100, 70, 77],
    [30, 30, 0],
    [12, 9, 20],
  ])('are those of the ellipse %i × %i turned by %i°', (a, b, degrees) => {
    const { inPixels } = measured(ellipse(a, b, degrees));
    const tolerance = a < 20 ? 0.02 : 0.01;
    within(inPixels.area, Math.PI * a * b, tolerance);
    within(inPixels.perimeter, circumferenceOf(a, b), 0.02);
    within(inPixels.longAxis, 2 * a, tolerance * 2);
    within(inPixels.shortAxis, 2 * b, 0.04);
    within(inPixels.ellipse.majorAxis, 2 * a, tolerance);
    within(inPixels.ellipse.minorAxis, 2 * b, tolerance);
    within(inPixels.ellipse.circumference, circumferenceOf(a, b), tolerance);
    within(inPixels.equivalentDiameter, 2 * Math.sqrt(a * b), tolerance);
  });

  it.each([0, 10, 18, 27, 45, 63, 80])('give a rectangle turned by %i° its perimeter', (degrees) => {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const mask = maskWhere(300, 240, (x, y) => {
      const [dx, dy] = [x - 150, y - 120];
      return Math.abs(dx * cos + dy * sin) <= 80 && Math.abs(dy * cos - dx * sin) <= 40;
    });
    within(measured(mask).inPixels.perimeter, 480, 0.02);
  });

  it('of one pixel are those of a pixel, never less than of a circle', () => {
    const mask = maskWhere(5, 4, (x, y) => x === 3.5 && y === 1.5);
    const { inPixels, centroid, box } = measured(mask);
    expect(inPixels).toMatchObject({ area: 1, longAxis: 1, shortAxis: 1 });
    within(inPixels.perimeter, Math.sqrt(4 * Math.PI), 1e-9);
    expect(centroid).toEqual({ x: 3.5, y: 1.5 });
    expect(box).toEqual({ x: 3, y: 1, width: 1, height: 1 });
  });

  it('leave holes out of the area, and fill them for perimeter and ellipse', () => {
    const full = ellipse(90, 60, 30);
    const hole = ellipse(40, 20, 30);
    const ring = { ...full, data: full.data.map((value, index) => value - hole.data[index]) };
    const [whole, holed] = [measured(full), measured(ring)];
    within(holed.inPixels.area, Math.PI * (90 * 60 - 40 * 20), 0.01);
    expect(holed.inPixels.perimeter).toBe(whole.inPixels.perimeter);
    expect(holed.inPixels.ellipse).toEqual(whole.inPixels.ellipse);
  });

  it('take several parts as one structure', () => {
    const mask = maskWhere(60, 20, (x, y) => y > 5 && y < 10 && (x < 10 || x > 50));
    const { inPixels } = measured(mask);
    expect(inPixels.area).toBe(100);
    within(inPixels.longAxis, 60, 0.01);
    within(inPixels.perimeter, 2 * 30, 0.1);
  });

  it('are in mm with each axis its own scale', () => {
    // Pixels twice as wide as high: a circle of 6 mm is 60 pixels high and 30 wide.
    const mask = ellipse(60, 30, 90);
    const { inMillimetres, region: number, longAxisEnds } = measured(mask, [{ ...region, physicalDeltaXMm: 0.2 }]);
    expect(number).toBe(2);
    const circle = inMillimetres ?? measured(createMask(1, 1)).inPixels;
    within(circle.area, Math.PI * 36, 0.01);
    within(circle.perimeter, 2 * Math.PI * 6, 0.02);
    within(circle.longAxis, 12, 0.02);
    within(circle.shortAxis, 12, 0.02);
    within(circle.ellipse.majorAxis, 12, 0.01);
    within(circle.ellipse.minorAxis, 12, 0.01);
    const [from, to] = longAxisEnds;
    within(Math.hypot((to.x - from.x) * 0.2, (to.y - from.y) * 0.1), circle.longAxis, 1e-9);
  });

  it('have no mm without a scale, across regions, or half outside, and say why', () => {
    const mask = ellipse(90, 60, 0);
    expect(measured(mask)).toMatchObject({
      inMillimetres: null,
      region: null,
      refusal: { reason: 'no-scale' },
    });
    const left = { ...region, number: 1, maxX1: 149 };
    expect(measured(mask, [left])).toMatchObject({ inMillimetres: null, refusal: { reason: 'outside' } });
    const right = { ...region, number: 2, minX0: 150 };
    expect(measured(mask, [left, right])).toMatchObject({
      inMillimetres: null,
      refusal: { reason: 'across' },
    });
    expect(measured(mask, [{ ...region, physicalDeltaYMm: null }]).refusal).toEqual({
      reason: 'not-calibrated',
      region: region.number,
    });
  });

  it('see a region of high priority that lies within the mask, and none that it only goes around', () => {
    const alike = { ...region, number: 3, minX0: 140, maxX1: 160, minY0: 110, maxY1: 130, highPriority: true };
    const inner = { ...alike, physicalDeltaXMm: 0.3 };
    expect(measured(ellipse(90, 60, 0), [region, inner]).refusal).toEqual({ reason: 'across' });
    // A colour box has the scale of the image that it lies in.
    expect(measured(ellipse(90, 60, 0), [region, alike])).toMatchObject({ region: 2, refusal: null });
    const full = ellipse(90, 60, 0);
    const hole = ellipse(40, 30, 0);
    const ring = { ...full, data: full.data.map((value, index) => value - hole.data[index]) };
    expect(measured(ring, [region, inner])).toMatchObject({ region: 2, refusal: null });
  });

  it('hold up to the border of a region and of the frame', () => {
    const mask = maskWhere(300, 240, () => true);
    const { inMillimetres, region: number } = measured(mask, [region]);
    expect(number).toBe(2);
    within(inMillimetres?.area ?? 0, 30 * 24, 1e-9);
  });

  it('are none of an empty mask', () => {
    expect(measureRegion(createMask(4, 4), [region])).toBeNull();
  });
});
