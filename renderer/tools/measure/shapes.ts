// Owns how measurements come of the pointer: which points are placed by hand, what shape they make, and what a drag of a handle changes.
// Right angles are those on the screen, so pixels that are not square are reckoned with.
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import type { MeasurementShape } from '../../../electron/common/measurements.ts';
import type { MeasurementKind } from '../../../electron/common/study.ts';

/** How many points are placed by hand: an ellipse's second axis by one, since it crosses the first in the middle. */
export const placedPoints: Readonly<Record<MeasurementKind, number>> = { length: 2, ellipse: 3, angle: 3 };

/** The shape of the points placed so far and the one under the pointer; null while they make none. */
export function shapeOf(kind: MeasurementKind, placed: readonly ImagePoint[], aspect: number): MeasurementShape | null {
  if (placed.length < 2) return null;
  // One arm of an angle is only a line yet.
  if (kind === 'angle' && placed.length < 3) return { kind: 'length', points: placed };
  if (kind !== 'ellipse') return { kind, points: placed };
  const [from, to, across] = placed;
  // Before the second axis is drawn, a flat ellipse shows where it will be.
  const half = across ? distanceFromAxis(from, to, across, aspect) : 0.25 * lengthOf(from, to, aspect);
  return { kind, points: withSecondAxis(from, to, half, aspect) };
}

/** The shape after its handle was dragged to a point. Of an ellipse, the first axis turns and stretches, the second only stretches. */
export function dragHandle(shape: MeasurementShape, index: number, to: ImagePoint, aspect: number): MeasurementShape {
  const points = shape.points.map((point, place) => (place === index ? to : point));
  if (shape.kind !== 'ellipse') return { kind: shape.kind, points };
  const [from, end] = points;
  const half =
    index < 2
      ? lengthOf(shape.points[2], shape.points[3], aspect) / 2
      : distanceFromAxis(shape.points[0], shape.points[1], to, aspect);
  return { kind: 'ellipse', points: withSecondAxis(from, end, half, aspect) };
}

/** The nearest point of the frame. */
export function clampToFrame(
  { x, y }: ImagePoint,
  frame: { readonly width: number; readonly height: number },
): ImagePoint {
  // Just inside the outer edge, which belongs to the last pixel.
  const clamp = (value: number, size: number): number => Math.min(size - 1e-3, Math.max(0, value));
  return { x: clamp(x, frame.width), y: clamp(y, frame.height) };
}

function withSecondAxis(from: ImagePoint, to: ImagePoint, half: number, aspect: number): readonly ImagePoint[] {
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const length = lengthOf(from, to, aspect) || 1;
  // At right angles to the first axis on the screen.
  const across = { x: (-(to.y - from.y) * aspect * half) / length, y: ((to.x - from.x) * half) / length / aspect };
  return [
    from,
    to,
    { x: middle.x - across.x, y: middle.y - across.y },
    { x: middle.x + across.x, y: middle.y + across.y },
  ];
}

/** In columns, of which a row is `aspect` high. */
function lengthOf(from: ImagePoint, to: ImagePoint, aspect: number): number {
  return Math.hypot(to.x - from.x, (to.y - from.y) * aspect);
}

function distanceFromAxis(from: ImagePoint, to: ImagePoint, point: ImagePoint, aspect: number): number {
  const [ax, ay] = [to.x - from.x, (to.y - from.y) * aspect];
  const [px, py] = [point.x - from.x, (point.y - from.y) * aspect];
  return Math.abs(ax * py - ay * px) / (Math.hypot(ax, ay) || 1);
}
