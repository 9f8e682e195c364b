import { describe, expect, it } from 'vitest';
import {
  checkMeasurement,
  ellipseOutline,
  measureShape,
  refuseMeasurement,
} from '../../electron/common/measurements.ts';
import type { MeasurementShape } from '../../electron/common/measurements.ts';
import { regionOf } from '../support/regions.ts';
import { thrownBy } from '../support/workspaces.ts';

const frame = { width: 100, height: 100 };
const left = regionOf(1, [0, 0, 49, 99]);
const right = regionOf(2, [50, 0, 89, 99], { physicalDeltaXMm: 0.5 });
const uncalibrated = regionOf(3, [0, 0, 49, 99], { physicalDeltaXMm: null, physicalDeltaYMm: null });

const length = (x1: number, y1: number, x2: number, y2: number): MeasurementShape => ({
  kind: 'length',
  points: [
    { x: x1, y: y1 },
    { x: x2, y: y2 },
  ],
});
const ellipse = (x: number, y: number, a: number, b: number): MeasurementShape => ({
  kind: 'ellipse',
  points: [
    { x: x - a, y },
    { x: x + a, y },
    { x, y: y - b },
    { x, y: y + b },
  ],
});
const angle: MeasurementShape = {
  kind: 'angle',
  points: [
    { x: 20, y: 10 },
    { x: 10, y: 10 },
    { x: 20, y: 20 },
  ],
};

/** The value of a figure, rounded to a thousandth. */
function figure(shape: MeasurementShape, regions: Parameters<typeof measureShape>[1], name: string, aspect = 1) {
  const found = measureShape(shape, regions, aspect).figures.find((one) => one.name === name);
  return found && `${Math.round(found.value * 1000) / 1000} ${found.unit}`;
}

describe('a length', () => {
  it('is in mm by the scale of each axis, and names the region', () => {
    expect(figure(length(10, 10, 40, 30), [left, right], 'length')).toBe('5 mm'); // 3 mm across, 4 mm down
    expect(measureShape(length(10, 10, 40, 30), [left, right], 1)).toMatchObject({
      calibration: { region: 1 },
      refusal: null,
    });
    expect(figure(length(60, 10, 80, 10), [left, right], 'length')).toBe('10 mm');
  });

  it('is in pixels where the file gives no scale, and says why', () => {
    expect(figure(length(10, 10, 40, 50), [], 'length')).toBe('50 px');
    const value = measureShape(length(10, 10, 40, 50), [uncalibrated], 1);
    expect(value).toMatchObject({ calibration: null, figures: [{ value: 50, unit: 'px' }] });
    expect(value.refusal).toEqual({ reason: 'not-calibrated', region: 3 });
    expect(figure(length(92, 10, 95, 14), [left, right], 'length')).toBe('5 px');
  });
});

describe('an ellipse', () => {
  it('has the circumference and area of a circle where it is one', () => {
    expect(figure(ellipse(25, 50, 10, 10), [], 'circumference')).toBe('62.832 px');
    expect(figure(ellipse(25, 50, 10, 10), [], 'area')).toBe('314.159 px²');
    // Twice as high as wide in pixels of 0.1 by 0.2 mm: 2 mm wide, 8 mm high.
    expect(figure(ellipse(25, 50, 10, 20), [left], 'longAxis')).toBe('8 mm');
    expect(figure(ellipse(25, 50, 10, 20), [left], 'shortAxis')).toBe('2 mm');
    expect(figure(ellipse(25, 50, 10, 20), [left], 'area')).toBe('12.566 mm²');
  });

  it('that was drawn aslant has physical axes of its own: a circle in mm is one however it was drawn', () => {
    // A circle of 2 mm radius in pixels of 0.1 by 0.2 mm, its drawn axes conjugate diameters at 30 degrees.
    const [cx, cy] = [25, 50];
    const at = (turn: number) => ({ x: cx + 20 * Math.cos(turn), y: cy + 10 * Math.sin(turn) });
    const [a, b] = [Math.PI / 6, Math.PI / 6 + Math.PI / 2];
    const drawn = { kind: 'ellipse', points: [at(a), at(a + Math.PI), at(b), at(b + Math.PI)] } as const;
    expect(figure(drawn, [left], 'longAxis')).toBe('4 mm');
    expect(figure(drawn, [left], 'shortAxis')).toBe('4 mm');
    expect(figure(drawn, [left], 'circumference')).toBe('12.566 mm');
  });

  it('passes through the ends of its axes', () => {
    const shape = ellipse(25, 50, 10, 20);
    const outline = ellipseOutline(shape.points, 4);
    [shape.points[0], shape.points[2], shape.points[1], shape.points[3]].forEach((end, index) => {
      expect(outline[index].x).toBeCloseTo(end.x, 9);
      expect(outline[index].y).toBeCloseTo(end.y, 9);
    });
  });
});

describe('an angle', () => {
  it('is that in the body: by the scale of each axis, or by the shape of the pixels', () => {
    expect(figure(angle, [], 'angle')).toBe('45 °');
    // One across, two down: arctan 2.
    expect(figure(angle, [left], 'angle')).toBe('63.435 °');
    expect(figure(angle, [], 'angle', 2)).toBe('63.435 °');
  });
});

describe('a measurement is refused', () => {
  it('across regions with scales of their own, and from a region into none', () => {
    expect(refuseMeasurement(length(10, 10, 60, 10), [left, right])).toEqual({ reason: 'across' });
    expect(refuseMeasurement(length(80, 10, 95, 10), [left, right])).toEqual({ reason: 'outside' });
    // Both axes end in region 1, the outline does not stay there.
    const aslant = {
      kind: 'ellipse',
      points: [
        { x: 40, y: 40 },
        { x: 49.5, y: 49.5 },
        { x: 49.5, y: 40 },
        { x: 40, y: 49.5 },
      ],
    } as const;
    expect(refuseMeasurement(aslant, [left, right])).not.toBeNull();
    expect(refuseMeasurement(length(10, 10, 40, 10), [left, right])).toBeNull();
    expect(refuseMeasurement(length(92, 10, 95, 14), [left, right])).toBeNull();
  });

  it('where it is no shape, a point, or outside the frame', async () => {
    const wrong: [MeasurementShape, string][] = [
      [{ kind: 'angle', points: length(1, 1, 5, 5).points }, '3 points'],
      [length(5, 5, 5.2, 5), 'one place'],
      [length(5, 5, 101, 5), 'outside the frame'],
      [length(5, 5, Number.NaN, 5), 'outside the frame'],
      [length(10, 10, 60, 10), 'two regions'],
    ];
    for (const [shape, words] of wrong) {
      expect(await thrownBy(() => checkMeasurement(shape, frame, [left, right]))).toMatchObject({
        code: 'bad-input',
        message: expect.stringContaining(words),
      });
    }
    checkMeasurement(ellipse(25, 50, 10, 20), frame, [left, right]);
  });
});
