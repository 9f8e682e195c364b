// Owns the check that mask bytes fit the frame that they are saved for.
import { AppError, messageOf } from '../common/errors.ts';
import { countMaskPixels, decodeMask } from '../common/mask.ts';
import type { Frame } from '../common/study.ts';

/** Returns the number of pixels set. Throws AppError('bad-input') for bytes that are not a mask of the frame's size. */
export function checkMask(mask: Uint8Array, frame: Frame): number {
  try {
    return countMaskPixels(decodeMask(mask, frame.width, frame.height));
  } catch (cause) {
    const found = messageOf(cause);
    throw new AppError(
      'bad-input',
      `The mask does not fit frame ${frame.frameNumber} of ${frame.width}×${frame.height} pixels: ${found}`,
      { cause },
    );
  }
}
