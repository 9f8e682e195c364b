// Owns moving and scaling a mask.
import type { ImageBox } from '../../../electron/common/geometry.ts';
import { type BinaryMask, maskBox } from '../../../electron/common/mask.ts';
import { clipBox, type DistanceField, distanceField, expandBox, sampleField } from './distance-field.ts';

/** A mask taken out of its frame, to be put back elsewhere and at another size, any number of times. */
export class MovableMask {
  /** The box around the mask where it was. */
  readonly box: ImageBox;
  private readonly field: DistanceField;

  private constructor(box: ImageBox, field: DistanceField) {
    this.box = box;
    this.field = field;
  }

  /** Null for an empty mask. */
  static of(mask: BinaryMask): MovableMask | null {
    const box = maskBox(mask);
    return box && new MovableMask(box, distanceField(mask, expandBox(box, 1), { x: 1, y: 1 }));
  }

  /**
   * Writes the mask so that the box around it becomes `to`, over what is there. The box where it was gives the same pixels again, a shift
   * by whole pixels the same shape. Returns the box of rows and columns that were written, or null where all of it lies outside.
   */
  put(mask: BinaryMask, to: ImageBox): ImageBox | null {
    const scaleX = this.box.width / to.width;
    const scaleY = this.box.height / to.height;
    const left = Math.floor(to.x);
    const top = Math.floor(to.y);
    const width = Math.ceil(to.x + to.width) - left;
    const height = Math.ceil(to.y + to.height) - top;
    const written = clipBox({ x: left, y: top, width, height }, mask);
    if (written.width === 0 || written.height === 0) return null;
    for (let row = written.y; row < written.y + written.height; row += 1) {
      const y = this.box.y + (row + 0.5 - to.y) * scaleY;
      for (let column = written.x; column < written.x + written.width; column += 1) {
        const x = this.box.x + (column + 0.5 - to.x) * scaleX;
        if (sampleField(this.field, x, y) > 0) mask.data[row * mask.width + column] = 1;
      }
    }
    return written;
  }
}
