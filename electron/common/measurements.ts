// Owns what is measured by hand in a frame: lengths, ellipses and angles, and their figures in millimetres through the region that they lie in,
// or in pixels where the file gives no scale there.
import {
  type Calibration,
  calibrationFor,
  describeRefusal,
  lineLength,
  regionContains,
  type ScaleRefusal,
} from './calibration.ts';
import { AppError } from './errors.ts';
import type { ImagePoint } from './geometry.ts';
import { ellipseCircumference } from './ellipse.ts';
import type { MeasurementKind, UltrasoundRegion } from './study.ts';

/**
 * The points of each kind. length: both ends. ellipse: the ends of one axis, then those of the axis across it; either may be
 * the longer. angle: an end, the vertex, the other end.
 */
export const measurementPoints: Readonly<Record<MeasurementKind, number>> = { length: 2, ellipse: 4, angle: 3 };

export type FigureName = 'length' | 'circumference' | 'area' | 'longAxis' | 'shortAxis' | 'angle';
export type FigureUnit = 'mm' | 'mm²' | 'px' | 'px²' | '°';

export interface MeasuredFigure {
  readonly name: FigureName;
  readonly value: number;
  readonly unit: FigureUnit;
}

export interface MeasuredValue {
  /** The scale that was used, with the number of its region; null where figures are in pixels. */
  readonly calibration: Calibration | null;
  /** Why figures are in pixels; null where they are not. */
  readonly refusal: ScaleRefusal | null;
  /** The first is the one to show beside the measurement. */
  readonly figures: readonly MeasuredFigure[];
}

/** A shape as the tools draw it and the store keeps it. */
export interface MeasurementShape {
  readonly kind: MeasurementKind;
  readonly points: readonly ImagePoint[];
}

/** Shorter than this, in pixels, is a slip of the hand. */
const shortest = 1;

/** Throws AppError('bad-input') for a shape that is none, lies outside the frame, or reaches across regions with scales of their own. */
export function checkMeasurement(
  shape: MeasurementShape,
  frame: { readonly width: number; readonly height: number },
  regions: readonly UltrasoundRegion[],
): void {
  const { kind, points } = shape;
  if (points.length !== measurementPoints[kind]) {
    throw new AppError(
      'bad-input',
      `A measurement of kind ${kind} has ${measurementPoints[kind]} points, not ${points.length}.`,
    );
  }
  const outside = points.find(({ x, y }) => !(x >= 0 && y >= 0 && x <= frame.width && y <= frame.height));
  if (outside) {
    throw new AppError(
      'bad-input',
      `A point of the measurement, (${outside.x}, ${outside.y}), lies outside the frame of ${frame.width}×${frame.height} pixels.`,
    );
  }
  if (isTooSmall(shape))
    throw new AppError('bad-input', 'The points of the measurement are one place: there is nothing to measure.');
  const refusal = refuseMeasurement(shape, regions);
  if (refusal) throw new AppError('bad-input', `This cannot be measured: ${describeRefusal(refusal)}`);
}

/** Whether two points that span something lie in one place. */
export function isTooSmall({ kind, points }: MeasurementShape): boolean {
  const spans =
    kind === 'ellipse'
      ? [
          [0, 1],
          [2, 3],
        ]
      : kind === 'angle'
        ? [
            [0, 1],
            [1, 2],
          ]
        : [[0, 1]];
  return spans.some(([a, b]) => lineLength(points[a], points[b], null).pixels < shortest);
}

/** Why a shape has no figures at all: it reaches from one scale into another, or from one into none. Null where it has. */
export function refuseMeasurement(shape: MeasurementShape, regions: readonly UltrasoundRegion[]): ScaleRefusal | null {
  const places = placesOf(shape);
  const { refusal } = calibrationFor(regions, places);
  if (refusal === null) return null;
  const touched = regions.filter((region) => places.some((place) => regionContains(region, place)));
  const holds = (region: UltrasoundRegion) => places.every((place) => regionContains(region, place));
  // In no region, or in one that has no scale, pixels are all there is.
  return touched.length === 0 || (touched.length === 1 && holds(touched[0])) ? null : refusal;
}

/**
 * The figures of a shape that was not refused. Without a scale lengths are in pixels of the image as stored; `pixelAspectRatio` (height
 * over width) still makes angles right there.
 */
export function measureShape(
  shape: MeasurementShape,
  regions: readonly UltrasoundRegion[],
  pixelAspectRatio: number,
): MeasuredValue {
  const { calibration, refusal } = calibrationFor(regions, placesOf(shape));
  const { points } = shape;
  const unit = calibration ? 'mm' : 'px';
  const scale = { x: calibration?.xMm ?? 1, y: calibration?.yMm ?? 1 };
  switch (shape.kind) {
    case 'length': {
      const { pixels, mm } = lineLength(points[0], points[1], calibration);
      return { calibration, refusal, figures: [{ name: 'length', value: mm ?? pixels, unit }] };
    }
    case 'ellipse': {
      const [long, short] = semiAxes(points, scale);
      const squared = calibration ? 'mm²' : 'px²';
      return {
        calibration,
        refusal,
        figures: [
          { name: 'circumference', value: ellipseCircumference(long, short), unit },
          { name: 'area', value: Math.PI * long * short, unit: squared },
          { name: 'longAxis', value: 2 * long, unit },
          { name: 'shortAxis', value: 2 * short, unit },
        ],
      };
    }
    case 'angle': {
      const value = angleAt(points, calibration ? scale : { x: 1, y: pixelAspectRatio });
      return { calibration, refusal, figures: [{ name: 'angle', value, unit: '°' }] };
    }
  }
}

interface Scale {
  readonly x: number;
  readonly y: number;
}

/**
 * Half axes in the unit of `scale`, the longer first. Where the axes of the image have scales of their own, the two drawn axes are conjugate
 * diameters u, v of the physical ellipse, no longer its main ones: a² + b² = u² + v² and a b = |u × v| (Apollonius).
 */
function semiAxes(points: readonly ImagePoint[], scale: Scale): readonly [number, number] {
  const [u, v] = [halfVector(points[0], points[1], scale), halfVector(points[2], points[3], scale)];
  const sum = u.x * u.x + u.y * u.y + v.x * v.x + v.y * v.y;
  const product = Math.abs(u.x * v.y - u.y * v.x);
  const plus = Math.sqrt(sum + 2 * product);
  const minus = Math.sqrt(Math.max(0, sum - 2 * product));
  return [(plus + minus) / 2, (plus - minus) / 2];
}

function halfVector(from: ImagePoint, to: ImagePoint, scale: Scale): { x: number; y: number } {
  return { x: ((to.x - from.x) / 2) * scale.x, y: ((to.y - from.y) / 2) * scale.y };
}

/** Between both arms, 0 to 180 degrees. */
function angleAt([first, vertex, second]: readonly ImagePoint[], scale: Scale): number {
  const [a, b] = [halfVector(vertex, first, scale), halfVector(vertex, second, scale)];
  const radians = Math.atan2(Math.abs(a.x * b.y - a.y * b.x), a.x * b.x + a.y * b.y);
  return (radians * 180) / Math.PI;
}

/** Points that must share a region: those of the shape, and for an ellipse those along its outline. */
function placesOf({ kind, points }: MeasurementShape): readonly ImagePoint[] {
  return kind === 'ellipse' ? ellipseOutline(points, 16) : points;
}

/** Points of an ellipse's outline, evenly spaced in its parameter, from the first end of its first axis on. */
export function ellipseOutline(points: readonly ImagePoint[], count: number): ImagePoint[] {
  const one = { x: 1, y: 1 };
  const [u, v] = [halfVector(points[0], points[1], one), halfVector(points[2], points[3], one)];
  const centre = { x: (points[0].x + points[1].x) / 2, y: (points[0].y + points[1].y) / 2 };
  return Array.from({ length: count }, (_, index) => {
    const turn = Math.PI + (2 * Math.PI * index) / count;
    return {
      x: centre.x + u.x * Math.cos(turn) + v.x * Math.sin(turn),
      y: centre.y + u.y * Math.cos(turn) + v.y * Math.sin(turn),
    };
  });
}
