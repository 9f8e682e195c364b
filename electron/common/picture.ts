// Owns the decoded form of a frame: what every reader yields and what the network, the thumbnails and the exports start from.

/** 8-bit samples, row-major; 1 channel is grey, 3 are interleaved RGB as displayed. `pixels.length === width * height * channels`. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}
