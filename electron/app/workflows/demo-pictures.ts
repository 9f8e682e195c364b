// Owns the pictures of the demonstration: a frame with a mask laid over it, its outline drawn full.
import type { BinaryMask } from '../../common/mask.ts';
import type { Picture } from '../../common/picture.ts';

/** Red, green and blue, 0..255. */
export type Color = readonly [red: number, green: number, blue: number];

const fillShare = 0.28;

/** The frame in colour, with the mask as a light tint inside an outline of two pixels. Sizes must agree. */
export function overlayMask(picture: Picture, mask: BinaryMask, color: Color): Picture {
  const { width, height, channels } = picture;
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i += 1) {
    const share = mask.data[i] === 0 ? 0 : isOutline(mask, i) ? 1 : fillShare;
    for (let channel = 0; channel < 3; channel += 1) {
      const level = picture.pixels[channels === 1 ? i : i * 3 + channel];
      pixels[i * 3 + channel] = Math.round(level * (1 - share) + color[channel] * share);
    }
  }
  return { width, height, channels: 3, pixels };
}

/** True for a pixel of the mask with one outside of it at most two pixels up, down, left or right. */
function isOutline({ width, height, data }: BinaryMask, index: number): boolean {
  const column = index % width;
  const row = Math.floor(index / width);
  for (let step = 1; step <= 2; step += 1) {
    if (column < step || column + step >= width || row < step || row + step >= height) return true;
    if (data[index - step] === 0 || data[index + step] === 0) return true;
    if (data[index - step * width] === 0 || data[index + step * width] === 0) return true;
  }
  return false;
}
