// Owns how a new proposal is taken over around a scribble, and nowhere else.
import type { ImageBox, ImagePoint } from '../../../electron/common/geometry.ts';
import { squaredDistances } from '../../../electron/common/distance-transform.ts';
import { type BinaryMask, createMask, maskBox } from '../../../electron/common/mask.ts';
import { paintSegment, unionBoxes } from '../brush.ts';
import { clipBox, cropMask, distanceField, expandBox } from './distance-field.ts';
import { growMask, shrinkMask } from './morphology.ts';

const square = { x: 1, y: 1 };

export interface ScribbleLine {
  readonly points: readonly ImagePoint[];
  /** In widths of a column. */
  readonly radius: number;
}

/** Sets the pixels of a line of some width. Returns the box that was written, or null outside the frame. */
export function paintLine(
  mask: BinaryMask,
  points: readonly ImagePoint[],
  radius: number,
  value: 0 | 1,
  pixelAspectRatio: number,
): ImageBox | null {
  let box: ImageBox | null = null;
  points.forEach((point, index) => {
    const from = points[Math.max(0, index - 1)];
    box = unionBoxes(box, paintSegment(mask, from, point, radius, value, pixelAspectRatio));
  });
  return box;
}

/**
 * Takes `proposal` over into `mask` around the scribble's pixels (`scribble`, a mask of the same size). On the scribble the proposal's
 * outline counts alone, `reach` pixels away the present one, and between them a mixture of their signed distances, so that the outline has
 * no step. A scribble that says "belongs" (value 1) only adds pixels, the other only takes them away. Its own pixels are as the proposal says:
 * see joinScribble.
 * Returns the box that was written, or null for an empty scribble.
 */
export function blendAround(
  mask: BinaryMask,
  proposal: BinaryMask,
  scribble: BinaryMask,
  value: 0 | 1,
  reach: number,
): ImageBox | null {
  const around = maskBox(scribble);
  if (!around) return null;
  const area = clipBox(expandBox(around, Math.ceil(reach)), mask);
  const away = squaredDistances(cropMask(scribble, area), area.width, area.height, square);
  // The fields are limited to the reach below; so far around they are exact.
  const wide = expandBox(area, Math.ceil(reach));
  const present = distanceField(mask, wide, square);
  const proposed = distanceField(proposal, wide, square);
  const limit = (distance: number): number => Math.max(-reach, Math.min(reach, distance));
  for (let row = 0; row < area.height; row += 1) {
    for (let column = 0; column < area.width; column += 1) {
      const distance = Math.sqrt(away[row * area.width + column]);
      if (distance >= reach) continue;
      const index = (area.y + row) * mask.width + area.x + column;
      const inField = (row + area.y - wide.y) * wide.width + column + area.x - wide.x;
      const weight = fade(distance / reach);
      const mixed = weight * limit(proposed.data[inField]) + (1 - weight) * limit(present.data[inField]);
      if (mixed > 0 === (value === 1)) mask.data[index] = value;
    }
  }
  return area;
}

/**
 * Takes back what of a change of pixels to `value` is a nub or a shred: pixels that no disc of `radius` covers which lies wholly on their new
 * side. `before` are the pixels before the change.
 */
export function dropShreds(mask: BinaryMask, before: Uint8Array, value: 0 | 1, radius: number): void {
  const side = value === 1 ? mask : { ...mask, data: mask.data.map((pixel) => 1 - pixel) };
  const covered = growMask(shrinkMask(side, radius), radius);
  before.forEach((pixel, index) => {
    const isNew = pixel !== value && mask.data[index] === value;
    if (isNew && covered.data[index] === 0) mask.data[index] = pixel;
  });
}

/** The scribbles of one kind as a mask. */
export function scribbleMask(
  lines: readonly ScribbleLine[],
  size: { readonly width: number; readonly height: number },
  pixelAspectRatio: number,
): BinaryMask {
  const mask = createMask(size.width, size.height);
  for (const { points, radius } of lines) paintLine(mask, points, radius, 1, pixelAspectRatio);
  return mask;
}

/** 1 at 0, 0 at 1, level at both ends. */
export function fade(share: number): number {
  return 1 - share * share * (3 - 2 * share);
}
