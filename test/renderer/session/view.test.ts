import { describe, expect, it } from 'vitest';
import {
  changeRadius,
  changeTextScale,
  fitView,
  isTextScale,
  panBy,
  toImagePoint,
  zoomAt,
} from '../../../renderer/session/view.ts';

const frame = { width: 800, height: 600, pixelAspectRatio: 1 };
const canvas = { width: 1000, height: 700 };

describe('the view', () => {
  it('fits the whole frame between the controls', () => {
    const view = fitView(frame, canvas);
    expect(view.x).toBeGreaterThanOrEqual(0);
    expect(view.x + frame.width * view.scale).toBeLessThanOrEqual(canvas.width);
    expect(view.y + frame.height * view.scale).toBeLessThanOrEqual(canvas.height);
    expect(view.fitted).toBe(true);
  });

  it('honours pixels that are taller than wide', () => {
    const view = fitView({ ...frame, pixelAspectRatio: 2 }, canvas);
    expect(frame.height * 2 * view.scale).toBeLessThanOrEqual(canvas.height);
    const point = toImagePoint(view, 2, { x: view.x + 10 * view.scale, y: view.y + 10 * 2 * view.scale });
    expect(point.x).toBeCloseTo(10, 9);
    expect(point.y).toBeCloseTo(10, 9);
  });

  it('zooms at the pointer: what is under it stays under it', () => {
    const view = panBy(fitView(frame, canvas), 37, -12);
    const pointer = { x: 333, y: 222 };
    const before = toImagePoint(view, 1, pointer);
    const zoomed = zoomAt(view, pointer, 2.5);
    const after = toImagePoint(zoomed, 1, pointer);
    expect(zoomed.scale).toBeCloseTo(view.scale * 2.5, 9);
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
    expect(zoomed.fitted).toBe(false);
  });

  it('keeps the zoom within reason, and the pointer in place there too', () => {
    const pointer = { x: 10, y: 10 };
    const near = zoomAt(zoomAt(fitView(frame, canvas), pointer, 1e6), pointer, 10);
    expect(near.scale).toBe(40);
    expect(zoomAt(near, pointer, 10)).toEqual(near);
  });
});

describe('the brush size', () => {
  it('changes in steps that grow with it, between half a pixel and two hundred', () => {
    expect(changeRadius(3, 1)).toBe(3.5);
    expect(changeRadius(100, 1)).toBe(120);
    expect(changeRadius(0.5, -1)).toBe(0.5);
    expect(changeRadius(200, 1)).toBe(200);
  });

  it('is what it was after as many steps down as up', () => {
    let radius = 10;
    for (let step = 0; step < 12; step += 1) radius = changeRadius(radius, 1);
    expect(radius).toBe(60);
    for (let step = 0; step < 12; step += 1) radius = changeRadius(radius, -1);
    expect(radius).toBe(10);
  });

  it('comes onto the ladder from a size between its steps', () => {
    expect(changeRadius(11, 1)).toBe(12);
    expect(changeRadius(11, -1)).toBe(10);
  });
});

describe('text scales', () => {
  it('step up and down between their ends', () => {
    expect(changeTextScale(1, 1)).toBe(1.15);
    expect(changeTextScale(changeTextScale(1, 1), -1)).toBe(1);
    expect(changeTextScale(0.9, -1)).toBe(0.9);
    expect(changeTextScale(1.5, 1)).toBe(1.5);
    expect([1, 1.15, 2, 'large'].map(isTextScale)).toEqual([true, true, false, false]);
  });
});
