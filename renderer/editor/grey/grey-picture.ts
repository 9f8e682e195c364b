// Owns a frame's brightness: what tools that follow the image look at.
import type { Picture } from '../../../electron/common/picture.ts';
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

  /** Of a frame's samples, which a grey frame shares. Brightness is the luma of ITU-R BT.601. */
  static fromPicture({ width, height, channels, pixels }: Picture): GreyPicture {
    if (channels === 1) return new GreyPicture(width, height, pixels);
    const data = new Uint8Array(width * height);
    for (let i = 0, j = 0; i < data.length; i += 1, j += 3) {
      data[i] = Math.round(0.299 * pixels[j] + 0.587 * pixels[j + 1] + 0.114 * pixels[j + 2]);
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
