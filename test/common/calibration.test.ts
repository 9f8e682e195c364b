import { describe, expect, it } from 'vitest';
import { calibrationFor, describeRefusal, lineLength, regionAt } from '../../electron/common/calibration.ts';
import { regionOf } from '../support/regions.ts';

const left = regionOf(1, [0, 0, 49, 99]);
const right = regionOf(2, [50, 0, 99, 99], { physicalDeltaXMm: 0.5 });

describe('the region of a point', () => {
  it('has inclusive bounds: its last pixel belongs to it', () => {
    expect(regionAt([left], { x: 49.9, y: 99.9 })).toBe(left);
    expect(regionAt([left], { x: 50.1, y: 10 })).toBeNull();
  });

  it('is the one of high priority where regions overlap, else none', () => {
    const over = regionOf(3, [40, 0, 60, 99]);
    expect(regionAt([left, over], { x: 45, y: 5 })).toBeNull();
    const preferred = { ...over, highPriority: true };
    expect(regionAt([left, preferred], { x: 45, y: 5 })).toBe(preferred);
    expect(regionAt([{ ...left, highPriority: true }, preferred], { x: 45, y: 5 })).toBeNull();
  });
});

describe('calibration', () => {
  it('names its region and keeps the axes apart', () => {
    const { calibration } = calibrationFor([left, right], [{ x: 1, y: 1 }, { x: 40, y: 60 }]); // prettier-ignore
    expect(calibration).toEqual({ region: 1, xMm: 0.1, yMm: 0.2 });
    const length = lineLength({ x: 0, y: 0 }, { x: 30, y: 20 }, calibration);
    expect(length.pixels).toBeCloseTo(Math.hypot(30, 20));
    expect(length.mm).toBeCloseTo(5);
  });

  it.each([
    ['no region', [], [{ x: 1, y: 1 }], 'no physical scale'],
    [
      'across regions',
      [left, right],
      [
        { x: 1, y: 1 },
        { x: 90, y: 1 },
      ],
      'across two regions',
    ],
    [
      'outside',
      [left],
      [
        { x: 1, y: 1 },
        { x: 90, y: 1 },
      ],
      'outside',
    ],
    [
      'an overlap without priority',
      [left, regionOf(2, [10, 0, 60, 99], { physicalDeltaXMm: 0.3 })],
      [{ x: 20, y: 20 }],
      'overlap',
    ],
    ['one axis uncalibrated', [regionOf(4, [0, 0, 9, 9], { physicalDeltaYMm: null })], [{ x: 2, y: 2 }], 'Region 4'],
    ['no point', [left], [], 'nothing'],
  ])('is refused, in words, for %s', (_name, regions, points, words) => {
    const { calibration, refusal } = calibrationFor(regions, points);
    expect(calibration).toBeNull();
    expect(refusal && describeRefusal(refusal)).toContain(words);
  });

  it('holds through a colour box that has the scale of the image around it, and not where it has another', () => {
    const box = regionOf(2, [10, 10, 30, 30], { dataType: 2 });
    const inside = [{ x: 20, y: 20 }];
    const across = [{ x: 1, y: 1 }, { x: 20, y: 20 }]; // prettier-ignore
    for (const points of [inside, across]) {
      expect(calibrationFor([left, box], points).calibration).toEqual({ region: 1, xMm: 0.1, yMm: 0.2 });
      const other = { ...box, physicalDeltaYMm: 0.3 };
      expect(calibrationFor([left, other], points).refusal).toEqual({ reason: 'overlap' });
    }
    expect(calibrationFor([left, box], [{ x: 20, y: 20 }, { x: 60, y: 20 }]).refusal).toEqual({ reason: 'outside' }); // prettier-ignore
  });

  it('leaves a length in pixels where there is none', () => {
    expect(lineLength({ x: 0, y: 0 }, { x: 3, y: 4 }, null)).toEqual({ pixels: 5, mm: null });
  });
});
