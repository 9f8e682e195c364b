import { describe, expect, it } from 'vitest';
import { traceContours } from '../../electron/common/contour.ts';
import { ellipseCircumference, fitEllipse } from '../../electron/common/ellipse.ts';
import { createMask } from '../../electron/common/mask.ts';
import { drawEllipse } from '../support/drawn-ellipse.ts';

describe('the ellipse of an outlined area', () => {
  it.each([
    [100, 80, 60, 30, 0],
    [90.3, 70.8, 50, 35, 0.6],
    [100, 80, 55, 20, -1.2],
    [100, 80, 40, 15, Math.PI / 2],
  ])('is the one that was drawn: centre (%d, %d), axes %d and %d, angle %d', (cx, cy, a, b, angle) => {
    const ellipse = fitEllipse(traceContours(drawEllipse(cx, cy, a, b, angle)))!;
    expect(ellipse.centre.x).toBeCloseTo(cx, 0);
    expect(ellipse.centre.y).toBeCloseTo(cy, 0);
    expect(Math.abs(ellipse.semiMajor - a)).toBeLessThan(0.2);
    expect(Math.abs(ellipse.semiMinor - b)).toBeLessThan(0.2);
    expect(Math.abs(Math.sin(ellipse.angle - angle))).toBeLessThan(0.01);
  });

  it('has its axes in the unit of the spacing', () => {
    const ellipse = fitEllipse(traceContours(drawEllipse(100, 80, 50, 50, 0)), { x: 0.1, y: 0.2 })!;
    expect(ellipse.semiMajor).toBeCloseTo(10, 1);
    expect(ellipse.semiMinor).toBeCloseTo(5, 1);
    expect(Math.abs(ellipse.angle)).toBeCloseTo(Math.PI / 2, 5);
    expect(fitEllipse([])).toBeNull();
  });

  it('counts a pixel as a square, and not what a hole leaves out', () => {
    const mask = createMask(12, 9);
    mask.data.fill(1, 4 * 12 + 2, 4 * 12 + 10);
    // A bar of 8 × 1: variances 64/12 and 1/12.
    const bar = fitEllipse(traceContours(mask))!;
    expect(bar.centre.x).toBeCloseTo(6, 9);
    expect(bar.centre.y).toBeCloseTo(4.5, 9);
    expect(bar.angle).toBeCloseTo(0, 9);
    expect(bar.semiMajor).toBeCloseTo(2 * Math.sqrt(64 / 12), 9);
    expect(bar.semiMinor).toBeCloseTo(2 * Math.sqrt(1 / 12), 9);
    const ring = createMask(7, 7);
    ring.data.fill(1);
    ring.data[3 * 7 + 3] = 0;
    const contours = traceContours(ring);
    expect(contours).toHaveLength(2);
    const [full, holed] = [fitEllipse(contours.slice(0, 1))!, fitEllipse(contours)!];
    expect(full.semiMajor).toBeCloseTo(2 * Math.sqrt(49 / 12), 9);
    expect(holed.semiMajor).toBeCloseTo(2 * Math.sqrt((49 * (49 / 12) - 1 / 12) / 48), 9);
  });
});

describe('the circumference of an ellipse', () => {
  it('is that of a circle, and nearly twice the length of a flat one', () => {
    expect(ellipseCircumference(5, 5)).toBeCloseTo(10 * Math.PI, 9);
    expect(Math.abs(ellipseCircumference(5, 0) / 20 - 1)).toBeLessThan(5e-4);
  });
});
