// Owns the pixels of binary segmentations: one bit a pixel, the first pixel in the lowest bit, and frames one after the other without padding
// in between (PS3.5 section 8.1.1, PS3.3 C.8.20.2), so that a frame may begin in the middle of a byte.
import type { BinaryMask } from '../../common/mask.ts';

/** Bits are counted beyond 2³¹, which >> cannot. */
const byteOf = (bit: number): number => Math.floor(bit / 8);

/** Sets the bits of a mask's pixels, of which the first is bit `offset`; the target is all zeros there. */
export function packMask({ data }: BinaryMask, target: Uint8Array, offset: number): void {
  for (let index = data.indexOf(1); index >= 0; index = data.indexOf(1, index + 1)) {
    const end = data.indexOf(0, index);
    const stop = end < 0 ? data.length : end;
    for (; index < stop; index += 1) target[byteOf(offset + index)] |= 1 << ((offset + index) & 7);
  }
}

/** The inverse: the mask whose first pixel is bit `offset`. */
export function unpackMask(bits: Uint8Array, offset: number, width: number, height: number): BinaryMask {
  const data = new Uint8Array(width * height);
  for (let index = 0; index < data.length; index += 1) {
    const bit = offset + index;
    const byte = bits[byteOf(bit)];
    // Most of most frames is background.
    if (byte === 0 && (bit & 7) === 0) {
      index += 7;
      continue;
    }
    data[index] = (byte >> (bit & 7)) & 1;
  }
  return { width, height, data };
}
