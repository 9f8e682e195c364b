// Owns the mask between two masks, as between two key frames of a cine.
import { AppError } from '../../../electron/common/errors.ts';
import type { ImageBox, ImagePoint } from '../../../electron/common/geometry.ts';
import { type BinaryMask, createMask, maskBox } from '../../../electron/common/mask.ts';
import { unionBoxes } from '../brush.ts';
import { t } from '../../strings/index.ts';
import { clipBox, distanceField, expandBox, sampleField } from './distance-field.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Throws AppError('bad-input') where the sizes differ: there is no carrying a mask over then. */
export function requireSameSize(one: Size, other: Size): void {
  if (one.width === other.width && one.height === other.height) return;
  const words = ({ width, height }: Size): string => `${width}×${height}`;
  throw new AppError('bad-input', t('carryOver.otherSize', { one: words(one), other: words(other) }));
}

/**
 * The mask at `share` (0..1) of the way from `from` to `to`: both are moved to where their common centroid is then, and their signed
 * distances are mixed. At 0 and 1 it is exactly the one and the other. Where one of them is empty there is no shape between: the nearer
 * one is taken. Throws AppError('bad-input') where the sizes differ.
 */
export function interpolateMasks(from: BinaryMask, to: BinaryMask, share: number): BinaryMask {
  const { width, height } = from;
  requireSameSize(from, to);
  const [fromBox, toBox] = [maskBox(from), maskBox(to)];
  if (!fromBox || !toBox) return { width, height, data: (share < 0.5 ? from : to).data.slice() };
  const [start, end] = [centroid(from), centroid(to)];
  const shift = { x: end.x - start.x, y: end.y - start.y };
  // Where each mask comes to lie, and the box around both there.
  const fromShift = { x: shift.x * share, y: shift.y * share };
  const toShift = { x: shift.x * (share - 1), y: shift.y * (share - 1) };
  const area = clipBox(expandBox(unionBoxes(moved(fromBox, fromShift), moved(toBox, toShift))!, 1), from);
  const unit = { x: 1, y: 1 };
  const fromField = distanceField(from, expandBox(unionBoxes(fromBox, moved(area, negative(fromShift)))!, 1), unit);
  const toField = distanceField(to, expandBox(unionBoxes(toBox, moved(area, negative(toShift)))!, 1), unit);
  const mask = createMask(width, height);
  for (let row = area.y; row < area.y + area.height; row += 1) {
    for (let column = area.x; column < area.x + area.width; column += 1) {
      const first = sampleField(fromField, column + 0.5 - fromShift.x, row + 0.5 - fromShift.y);
      const second = sampleField(toField, column + 0.5 - toShift.x, row + 0.5 - toShift.y);
      if (first * (1 - share) + second * share > 0) mask.data[row * width + column] = 1;
    }
  }
  return mask;
}

/** The mean of the centres of the mask's pixels, which has at least one. */
function centroid(mask: BinaryMask): ImagePoint {
  let [count, x, y] = [0, 0, 0];
  for (let index = mask.data.indexOf(1); index >= 0; index = mask.data.indexOf(1, index + 1)) {
    count += 1;
    x += (index % mask.width) + 0.5;
    y += Math.floor(index / mask.width) + 0.5;
  }
  return { x: x / count, y: y / count };
}

/** The box of whole pixels around `box` moved by `shift`. */
function moved(box: ImageBox, shift: ImagePoint): ImageBox {
  const x = Math.floor(box.x + shift.x);
  const y = Math.floor(box.y + shift.y);
  return {
    x,
    y,
    width: Math.ceil(box.x + box.width + shift.x) - x,
    height: Math.ceil(box.y + box.height + shift.y) - y,
  };
}

function negative(shift: ImagePoint): ImagePoint {
  return { x: -shift.x, y: -shift.y };
}
