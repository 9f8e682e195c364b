// Owns the changes of a mask's outline as a whole: growing, shrinking and smoothing it.
import { type Spacing, squaredDistances } from '../../../electron/common/distance-transform.ts';
import type { ImageBox } from '../../../electron/common/geometry.ts';
import { type BinaryMask, createMask, maskBox } from '../../../electron/common/mask.ts';
import { blur } from './blur.ts';
import { clipBox, cropMask, expandBox } from './distance-field.ts';
import { findParts } from '../../../electron/common/mask-parts.ts';

const square: Spacing = { x: 1, y: 1 };

/**
 * The mask and every pixel whose centre is at most `radius` away from the centre of one of its pixels, in units of `spacing` (a column's
 * width by default).
 */
export function growMask(mask: BinaryMask, radius: number, spacing: Spacing = square): BinaryMask {
  const grown = createMask(mask.width, mask.height);
  const around = maskBox(mask);
  if (!around) return grown;
  const box = clipBox(expandBox(around, Math.ceil(radius / Math.min(spacing.x, spacing.y))), mask);
  const squared = squaredDistances(cropMask(mask, box), box.width, box.height, spacing);
  writeWhere(grown, box, (index) => squared[index] <= radius * radius);
  return grown;
}

/** The pixels of the mask whose centres are more than `radius` away from every pixel beside it. The frame's edge takes nothing away. */
export function shrinkMask(mask: BinaryMask, radius: number, spacing: Spacing = square): BinaryMask {
  const shrunk = createMask(mask.width, mask.height);
  const around = maskBox(mask);
  if (!around) return shrunk;
  const box = clipBox(expandBox(around, 1), mask);
  const background = cropMask(mask, box).map((value) => 1 - value);
  const squared = squaredDistances(background, box.width, box.height, spacing);
  writeWhere(shrunk, box, (index) => squared[index] > radius * radius);
  return shrunk;
}

/**
 * The mask with a smoother outline: a Gaussian of deviation `sigma` (in units of `spacing`), cut at one half. Spurs and notches narrower
 * than that go, the area stays about the same. A part that would vanish is left as it is: smoothing does not decide what is there.
 */
export function smoothMask(mask: BinaryMask, sigma: number, spacing: Spacing = square): BinaryMask {
  const smooth = createMask(mask.width, mask.height);
  const around = maskBox(mask);
  if (!around) return smooth;
  const reach = Math.ceil((3 * sigma) / Math.min(spacing.x, spacing.y));
  const box = clipBox(expandBox(around, reach), mask);
  const share = blur(cropMask(mask, box), box.width, box.height, sigma / spacing.x, sigma / spacing.y);
  writeWhere(smooth, box, (index) => share[index] > 0.5);
  for (const part of findParts(mask)) {
    if (part.every((index) => smooth.data[index] === 0)) for (const index of part) smooth.data[index] = 1;
  }
  return smooth;
}

function writeWhere(mask: BinaryMask, box: ImageBox, isInside: (index: number) => boolean): void {
  for (let row = 0; row < box.height; row += 1) {
    for (let column = 0; column < box.width; column += 1) {
      if (isInside(row * box.width + column)) mask.data[(box.y + row) * mask.width + box.x + column] = 1;
    }
  }
}
