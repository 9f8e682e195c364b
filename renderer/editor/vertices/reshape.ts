// Owns what becomes of the mask when a piece of one of its outlines is replaced by another line: pixels between the two lines change, and no
// others.
import type { ImageBox, ImagePoint } from '../../../electron/common/geometry.ts';
import { type BinaryMask, createMask } from '../../../electron/common/mask.ts';
import { fillPolygon } from '../../../electron/common/polygon.ts';
import { unionBoxes } from '../brush.ts';
import type { VertexContour } from './vertex-contour.ts';

/** Replaces pieces of one outline, each time from the mask as it was at first. */
export class Reshape {
  private readonly contour: VertexContour;
  /** What the outline surrounds, its holes and the parts in them included. */
  private readonly inside: BinaryMask;
  /** Pixels between the old line and the new one; empty between calls. */
  private readonly swept: BinaryMask;
  /** Where the mask is not as it was at first. */
  private written: ImageBox | null = null;

  constructor(contour: VertexContour, { width, height }: BinaryMask) {
    this.contour = contour;
    this.inside = createMask(width, height);
    this.swept = createMask(width, height);
    fillPolygon(this.inside, contour.stretch(0, 0), 1);
  }

  /**
   * The outline runs from one edge's middle along `line` to another's, instead of along its pixels. `before` is the mask at first. What comes
   * to lie inside the outline of a part belongs to the mask, what leaves it does not; of a hole the other way round. Where the outline then
   * crosses itself, the even-odd rule decides. Returns the box that was written, or null where nothing was.
   */
  replace(
    mask: BinaryMask,
    before: Uint8Array,
    from: number,
    to: number,
    line: readonly ImagePoint[],
  ): ImageBox | null {
    const { contour, inside, swept } = this;
    const restored = this.written;
    if (restored) copyBox(before, mask, restored);
    const box = fillPolygon(swept, [...contour.stretch(from, to), ...line.toReversed()], 1);
    this.written = box;
    if (!box) return restored;
    for (let row = box.y; row < box.y + box.height; row += 1) {
      const first = row * mask.width + box.x;
      for (let index = first; index < first + box.width; index += 1) {
        if (swept.data[index] === 0) continue;
        const isInside = inside.data[index] === 0;
        mask.data[index] = isInside === contour.isPart ? 1 : 0;
      }
      swept.data.fill(0, first, first + box.width);
    }
    return unionBoxes(restored, box);
  }
}

function copyBox(source: Uint8Array, { data, width }: BinaryMask, box: ImageBox): void {
  for (let row = box.y; row < box.y + box.height; row += 1) {
    const first = row * width + box.x;
    data.set(source.subarray(first, first + box.width), first);
  }
}
