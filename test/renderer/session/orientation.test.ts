import { describe, expect, it } from 'vitest';
import {
  flippedAcross,
  flippedDown,
  fromScreen,
  type Orientation,
  projectPoint,
  rotated,
  toScreen,
  upright,
} from '../../../renderer/session/orientation.ts';
import { fitView, toImagePoint } from '../../../renderer/session/view.ts';

const canvas = { width: 1000, height: 700 };
const frame = { width: 800, height: 600, pixelAspectRatio: 1.25 };
const all: Orientation[] = [0, 1, 2, 3].flatMap((quarterTurns) =>
  [false, true].map((mirrored) => ({ quarterTurns, mirrored }) as Orientation),
);

/** Where a point of the image is on the screen once the whole frame fits. */
const onScreen = (x: number, y: number, orientation: Orientation) => {
  const view = fitView(frame, canvas, orientation);
  return projectPoint({ x, y }, view, frame.pixelAspectRatio, canvas, orientation);
};

describe('a turned view', () => {
  it.each(all)('finds the pointer exactly: $quarterTurns quarter turns, mirrored $mirrored', (orientation) => {
    const view = fitView(frame, canvas, orientation);
    for (const point of [
      { x: 0.5, y: 0.5 },
      { x: 799.25, y: 1 },
      { x: 123, y: 456.75 },
    ]) {
      const screen = projectPoint(point, view, frame.pixelAspectRatio, canvas, orientation);
      const back = toImagePoint(view, frame.pixelAspectRatio, fromScreen(screen, canvas, orientation));
      expect(back.x).toBeCloseTo(point.x, 9);
      expect(back.y).toBeCloseTo(point.y, 9);
      expect(toScreen(fromScreen(screen, canvas, orientation), canvas, orientation)).toEqual({
        x: expect.closeTo(screen.x, 9),
        y: expect.closeTo(screen.y, 9),
      });
    }
  });

  it.each(all)(
    'fits the frame between the controls: $quarterTurns quarter turns, mirrored $mirrored',
    (orientation) => {
      const corners = [
        [0, 0],
        [800, 0],
        [800, 600],
        [0, 600],
      ].map(([x, y]) => onScreen(x, y, orientation));
      const [xs, ys] = [corners.map((corner) => corner.x), corners.map((corner) => corner.y)];
      expect(Math.min(...xs)).toBeGreaterThanOrEqual(12 - 1e-9);
      expect(Math.max(...xs)).toBeLessThanOrEqual(canvas.width - 12 + 1e-9);
      expect(Math.min(...ys)).toBeGreaterThanOrEqual(52 - 1e-9);
      expect(Math.max(...ys)).toBeLessThanOrEqual(canvas.height - 76 + 1e-9);
    },
  );

  it('turns clockwise: what was on the left is above', () => {
    const turned = rotated(upright);
    expect(onScreen(0, 300, turned).y).toBeLessThan(onScreen(800, 300, turned).y);
    expect(onScreen(400, 0, turned).x).toBeGreaterThan(onScreen(400, 600, turned).x);
    expect(rotated(rotated(rotated(turned)))).toEqual(upright);
  });

  it.each(all)('is mirrored as the reader sees it: $quarterTurns quarter turns, mirrored $mirrored', (orientation) => {
    for (const [x, y] of [
      [100, 50],
      [700, 500],
    ]) {
      const before = onScreen(x, y, orientation);
      const across = onScreen(x, y, flippedAcross(orientation));
      expect(across.x).toBeCloseTo(canvas.width - before.x, 6);
      expect(across.y).toBeCloseTo(before.y, 6);
      // The room above is not the room below: only the order is the other way.
      const middle = onScreen(400, 300, orientation).y;
      const down = onScreen(x, y, flippedDown(orientation));
      expect(down.x).toBeCloseTo(before.x, 6);
      expect(down.y - middle).toBeCloseTo(middle - before.y, 6);
    }
    expect(flippedAcross(flippedAcross(orientation))).toEqual(orientation);
    expect(flippedDown(flippedDown(orientation))).toEqual(orientation);
  });
});
