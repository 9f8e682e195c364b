// Owns the mask as a picture: an offscreen canvas of the frame's size of which only the rectangle that changed is written again.
import type { ImageBox } from '../../electron/common/geometry.ts';
import { type BinaryMask, maskBox } from '../../electron/common/mask.ts';
import { unionBoxes } from '../editor/brush.ts';

export class MaskPicture {
  readonly canvas = document.createElement('canvas');
  private pixels = new ImageData(1, 1);
  /** The same pixels, one 32-bit word each. */
  private words = new Uint32Array(this.pixels.data.buffer);
  private word = 0;
  /** All that is drawn lies in here; null where nothing is. */
  private drawn: ImageBox | null = null;

  /** Draws the whole mask in a colour '#rrggbb', opaque; opacity is the business of whoever shows it. */
  reset(mask: BinaryMask, color: string): void {
    this.word = colorWord(color);
    if (this.pixels.width !== mask.width || this.pixels.height !== mask.height) {
      this.canvas.width = mask.width;
      this.canvas.height = mask.height;
      this.pixels = new ImageData(mask.width, mask.height);
      this.words = new Uint32Array(this.pixels.data.buffer);
      this.drawn = null;
    }
    // Most of a frame is no mask: only where one is or was, it is drawn.
    const now = maskBox(mask);
    const changed = unionBoxes(now, this.drawn);
    if (changed) this.update(mask, changed);
    this.drawn = now;
  }

  update(mask: BinaryMask, box: ImageBox): void {
    this.drawn = unionBoxes(this.drawn, box);
    this.write(mask, box);
    this.canvas.getContext('2d')?.putImageData(this.pixels, 0, 0, box.x, box.y, box.width, box.height);
  }

  private write(mask: BinaryMask, box: ImageBox): void {
    for (let row = box.y; row < box.y + box.height; row += 1) {
      const first = row * mask.width + box.x;
      for (let index = first; index < first + box.width; index += 1) {
        this.words[index] = mask.data[index] === 1 ? this.word : 0;
      }
    }
  }
}

/** The colour as ImageData stores it: bytes red, green, blue, alpha in the machine's order. */
function colorWord(color: string): number {
  const value = Number.parseInt(color.slice(1, 7), 16);
  return new Uint32Array(Uint8Array.of(value >> 16, (value >> 8) & 255, value & 255, 255).buffer)[0];
}
