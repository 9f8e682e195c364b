// Owns a frame's brightness: what tools that follow the image look at.
import { blur } from '../masks/blur.ts';

export class GreyPicture {
  readonly width: number;
  readonly height: number;
  /** Row-major, 0..255. */
  readonly data: Uint8Array;
  private readonly smoothed = new Map<number, GreyPicture>();

  constructor(width: number, height: number, data: Uint8Array) {
    this.width = width;
    this.height = height;
    this.data = data;
  }

  /** Of pixels as the canvas has them: red, green, blue, alpha, a byte each. Brightness is the luma of ITU-R BT.601. */
  static fromRgba(width: number, height: number, rgba: Uint8Array | Uint8ClampedArray): GreyPicture {
    const data = new Uint8Array(width * height);
    for (let i = 0; i < data.length; i += 1) {
      data[i] = Math.round(0.299 * rgba[4 * i] + 0.587 * rgba[4 * i + 1] + 0.114 * rgba[4 * i + 2]);
    }
    return new GreyPicture(width, height, data);
  }

  /** The picture without its speckle: a Gaussian of deviation `sigma` pixels. Made once and kept. */
  smooth(sigma: number): GreyPicture {
    if (sigma === 0) return this;
    const known = this.smoothed.get(sigma);
    if (known) return known;
    const values = blur(this.data, this.width, this.height, sigma, sigma);
    const data = new Uint8Array(values.length);
    for (let i = 0; i < values.length; i += 1) data[i] = values[i] + 0.5;
    const smooth = new GreyPicture(this.width, this.height, data);
    this.smoothed.set(sigma, smooth);
    return smooth;
  }
}
