// Owns the connected range of brightness around a point. The flood goes from the point outwards, always next to the pixel that differs
// least; the pixels reached within a tolerance are then a beginning of that order, so that a new tolerance costs only the difference.
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import type { GreyPicture } from './grey-picture.ts';

export class GreyFlood {
  /** Pixel indices in the order in which they were reached. */
  private reached = new Uint32Array(1024);
  /** Pixels found and not yet reached, by the tolerance that they need. */
  private readonly waiting: number[][] = Array.from({ length: 256 }, () => []);
  private readonly grey: GreyPicture;
  private readonly found: Uint8Array;
  private readonly level: number;
  /** How many pixels each tolerance reaches, as far as known. */
  private readonly counts: number[] = [];
  private count = 0;

  /** `point` lies inside the picture. */
  constructor(grey: GreyPicture, point: ImagePoint) {
    this.grey = grey;
    this.found = new Uint8Array(grey.data.length);
    const index = Math.floor(point.y) * grey.width + Math.floor(point.x);
    this.level = grey.data[index];
    this.find(index, 0);
  }

  /** Pixels `from` to `to` of those reached so far, in the order of the flood. */
  order(from: number, to: number): Uint32Array {
    return this.reached.subarray(from, to);
  }

  /**
   * The pixels that are connected, edge to edge, with the point through pixels whose brightness differs from the point's by at most
   * `tolerance` (a whole number, 0..255). The array is a view of a longer one, valid until the next call; a smaller tolerance gives a
   * beginning of it.
   */
  reach(tolerance: number): Uint32Array {
    while (this.counts.length <= tolerance) {
      this.floodNext(this.counts.length);
      this.counts.push(this.count);
    }
    return this.reached.subarray(0, this.counts[tolerance]);
  }

  /** Reaches every pixel that needs exactly this tolerance; those of smaller ones have been reached. */
  private floodNext(tolerance: number): void {
    const { width, data } = this.grey;
    const waiting = this.waiting[tolerance];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      this.add(index);
      const x = index % width;
      if (x > 0) this.find(index - 1, tolerance);
      if (x < width - 1) this.find(index + 1, tolerance);
      if (index >= width) this.find(index - width, tolerance);
      if (index < data.length - width) this.find(index + width, tolerance);
    }
  }

  private find(index: number, tolerance: number): void {
    if (this.found[index] === 1) return;
    this.found[index] = 1;
    this.waiting[Math.max(tolerance, Math.abs(this.grey.data[index] - this.level))].push(index);
  }

  private add(index: number): void {
    if (this.count === this.reached.length) {
      const longer = new Uint32Array(2 * this.count);
      longer.set(this.reached);
      this.reached = longer;
    }
    this.reached[this.count] = index;
    this.count += 1;
  }
}
