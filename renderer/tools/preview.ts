// Owns what a tool shows before it changes anything: lines and handles over the image, in image points.
import type { ImageBox, ImagePoint } from '../../electron/common/geometry.ts';

/** Whether it will add to the mask, take away from it, or only guides the eye. */
export type PreviewTone = 'add' | 'subtract' | 'guide';

export interface PreviewLine {
  readonly points: readonly ImagePoint[];
  readonly closed: boolean;
  readonly tone: PreviewTone;
  /** CSS pixels; 1.5 where it is absent. */
  readonly width?: number;
}

export interface ToolPreview {
  readonly lines: readonly PreviewLine[];
  readonly handles: readonly ImagePoint[];
  /** The one of them that is meant; none where absent. */
  readonly chosen?: ImagePoint | null;
  /** Where a click would set another one; nowhere where absent. */
  readonly offered?: ImagePoint | null;
}

/** How far from a handle, in CSS pixels, the pointer still takes hold of it. */
const grip = 9;

/** The handle under the pointer, the nearest first, or -1. `scale`: CSS pixels a column takes. */
export function handleAt(
  handles: readonly ImagePoint[],
  point: ImagePoint,
  scale: number,
  pixelAspectRatio: number,
): number {
  let nearest = -1;
  let least = grip;
  handles.forEach((handle, index) => {
    const away = scale * Math.hypot(handle.x - point.x, (handle.y - point.y) * pixelAspectRatio);
    if (away > least) return;
    nearest = index;
    least = away;
  });
  return nearest;
}

/** The corners of a box, clockwise from the upper left. */
export function boxCorners({ x, y, width, height }: ImageBox): ImagePoint[] {
  return [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ];
}
