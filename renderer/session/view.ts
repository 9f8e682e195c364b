// Owns where the frame lies on the canvas: zoom and pan, as plain figures.
import type { CanvasPoint, ImagePoint } from '../../electron/common/geometry.ts';
import { type Margins, type Orientation, upright, uprightMargins, uprightSize } from './orientation.ts';

export interface View {
  /** CSS pixels a column of the image takes; a row takes this times the pixel aspect ratio. */
  readonly scale: number;
  /** Canvas position of the image's upper left corner. */
  readonly x: number;
  readonly y: number;
  /** The view follows the window's size until the reader zooms or pans. */
  readonly fitted: boolean;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface FrameShape extends Size {
  /** Pixel height over width. */
  readonly pixelAspectRatio: number;
}

const smallestScale = 0.05;
const largestScale = 40;
/** Room left free at the edges of a fitted frame for the chips above and the decisions below it, in CSS pixels. */
const margins: Margins = { top: 52, right: 12, bottom: 76, left: 12 };

/** The whole frame, as large as the canvas allows between the controls. `canvas` is the size on the screen; the view is that before turning. */
export function fitView(frame: FrameShape, canvas: Size, orientation: Orientation = upright): View {
  const { top, right, bottom, left } = uprightMargins(margins, orientation);
  const whole = uprightSize(canvas, orientation);
  const width = Math.max(50, whole.width - left - right);
  const height = Math.max(50, whole.height - top - bottom);
  const scale = Math.min(width / frame.width, height / (frame.height * frame.pixelAspectRatio), largestScale);
  return {
    scale,
    x: left + (width - frame.width * scale) / 2,
    y: top + (height - frame.height * frame.pixelAspectRatio * scale) / 2,
    fitted: true,
  };
}

/** Zooms by a factor so that what is under `point` stays under it. */
export function zoomAt(view: View, point: CanvasPoint, factor: number): View {
  const scale = Math.min(largestScale, Math.max(smallestScale, view.scale * factor));
  const ratio = scale / view.scale;
  return { scale, x: point.x - (point.x - view.x) * ratio, y: point.y - (point.y - view.y) * ratio, fitted: false };
}

export function panBy(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x + dx, y: view.y + dy, fitted: false };
}

export function toImagePoint(view: View, pixelAspectRatio: number, point: CanvasPoint): ImagePoint {
  return { x: (point.x - view.x) / view.scale, y: (point.y - view.y) / (view.scale * pixelAspectRatio) };
}

/** Brush radii in image pixels, each about a tenth to a fifth larger than the one before. */
const brushRadii: readonly number[] = [
  ...steps(0.5, 5, 0.5),
  ...steps(6, 10, 1),
  ...steps(12, 20, 2),
  ...steps(25, 50, 5),
  ...steps(60, 100, 10),
  ...steps(120, 200, 20),
];

/** The next brush radius up or down the ladder; up and down again is where it was. */
export function changeRadius(radius: number, direction: 1 | -1): number {
  const next =
    direction === 1 ? brushRadii.find((step) => step > radius) : brushRadii.findLast((step) => step < radius);
  return next ?? radius;
}

/** Sizes of texts and controls, relative to the usual one. */
const textScales: readonly number[] = [0.9, 1, 1.15, 1.3, 1.5];

export function isTextScale(value: unknown): value is number {
  return typeof value === 'number' && textScales.includes(value);
}

/** The next size up or down; the last one where there is none. */
export function changeTextScale(scale: number, direction: 1 | -1): number {
  return textScales[textScales.indexOf(scale) + direction] ?? scale;
}

function steps(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.round((last - first) / step) + 1 }, (_, index) => first + index * step);
}
