// Owns the signed distance of pixels from a mask's outline: what growing, moving, scaling and interpolating a mask work on.
import { type Spacing, squaredDistances } from '../../../electron/common/distance-transform.ts';
import type { ImageBox } from '../../../electron/common/geometry.ts';
import type { BinaryMask } from '../../../electron/common/mask.ts';

/** `data`: row-major over `box`, positive inside the mask; half a column's width away from the outline where it borders on the other side. */
export interface DistanceField {
  readonly box: ImageBox;
  readonly data: Float32Array;
}

/** The distance from a mask without a pixel, or without one beside it. */
const far = 1e6;

/**
 * The field over `box`, which has whole numbers and may reach beyond the mask: what lies outside is background. `spacing` is the distance
 * between neighbouring columns and rows.
 */
export function distanceField(mask: BinaryMask, box: ImageBox, spacing: Spacing): DistanceField {
  const inside = cropMask(mask, box);
  const toMask = squaredDistances(inside, box.width, box.height, spacing);
  const toBackground = squaredDistances(
    inside.map((value) => 1 - value),
    box.width,
    box.height,
    spacing,
  );
  const data = new Float32Array(inside.length);
  for (let i = 0; i < data.length; i += 1) {
    const distance = Math.min(far, Math.sqrt(inside[i] === 1 ? toBackground[i] : toMask[i])) - 0.5;
    data[i] = inside[i] === 1 ? distance : -distance;
  }
  return { box, data };
}

/** The field at an image point: bilinear between pixel centres, the nearest centre's outside the box. */
export function sampleField(field: DistanceField, x: number, y: number): number {
  const { box, data } = field;
  const column = Math.min(box.width - 1, Math.max(0, x - box.x - 0.5));
  const row = Math.min(box.height - 1, Math.max(0, y - box.y - 0.5));
  const left = Math.floor(column);
  const top = Math.floor(row);
  const right = Math.min(box.width - 1, left + 1);
  const bottom = Math.min(box.height - 1, top + 1);
  const across = column - left;
  const down = row - top;
  const upper = data[top * box.width + left] * (1 - across) + data[top * box.width + right] * across;
  const lower = data[bottom * box.width + left] * (1 - across) + data[bottom * box.width + right] * across;
  return upper * (1 - down) + lower * down;
}

/** The pixels of `box`, 0 where it reaches beyond the mask. */
export function cropMask(mask: BinaryMask, box: ImageBox): Uint8Array {
  const pixels = new Uint8Array(box.width * box.height);
  const left = Math.max(0, box.x);
  const right = Math.min(mask.width, box.x + box.width);
  if (right <= left) return pixels;
  for (let row = Math.max(0, box.y); row < Math.min(mask.height, box.y + box.height); row += 1) {
    const source = mask.data.subarray(row * mask.width + left, row * mask.width + right);
    pixels.set(source, (row - box.y) * box.width + left - box.x);
  }
  return pixels;
}

/** `box` with `margin` more pixels on every side. */
export function expandBox(box: ImageBox, margin: number): ImageBox {
  return { x: box.x - margin, y: box.y - margin, width: box.width + 2 * margin, height: box.height + 2 * margin };
}

/** The part of `box` inside the mask's frame; its sizes are 0 where there is none. */
export function clipBox(box: ImageBox, frame: { readonly width: number; readonly height: number }): ImageBox {
  const x = Math.min(frame.width, Math.max(0, box.x));
  const y = Math.min(frame.height, Math.max(0, box.y));
  const width = Math.max(0, Math.min(frame.width, box.x + box.width) - x);
  const height = Math.max(0, Math.min(frame.height, box.y + box.height) - y);
  return { x, y, width, height };
}
