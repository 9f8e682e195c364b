// Owns the form of a frame that training takes: its grey levels.
import type { Picture } from '../common/picture.ts';

/** 8-bit grey levels, row-major; `gray.length === width * height`. */
export interface GrayFrame {
  readonly width: number;
  readonly height: number;
  readonly gray: Uint8Array;
}

export function grayPicture({ width, height, gray }: GrayFrame): Picture {
  return { width, height, channels: 1, pixels: gray };
}
