// Owns the decoded form of a frame: what every reader yields and what the network, the thumbnails and the exports start from.

/** Larger pictures, and files of more frames, are refused: they are damaged or made to fill the memory. */
export const mostPixels = 100_000_000;
export const mostFrames = 180_000;

/** 8-bit samples, row-major; 1 channel is grey, 3 are interleaved RGB as displayed. `pixels.length === width * height * channels`. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}
