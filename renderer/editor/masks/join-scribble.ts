// Owns how a scribble becomes part of a mask's shape where the network says nothing to it: the outline swells out to the scribble, or caves in
// to it, instead of carrying a line as thin as the pointer's.
import type { ImageBox, ImagePoint } from '../../../electron/common/geometry.ts';
import { type BinaryMask, maskBox } from '../../../electron/common/mask.ts';
import type { Scribble } from '../../tools/scribble/scribble.ts';
import { fade, paintLine, scribbleMask } from './blend.ts';
import { clipBox, type DistanceField, distanceField, expandBox, sampleField } from './distance-field.ts';

/** How wide a swelling is to either side, in its heights: with less, what lies between it and the outline would not be taken. */
const joiningReach = 1.5;

/**
 * Makes the scribble's pixels as they say, and the outline go around them: by each of its points the outline is moved as far as that lies
 * beyond it, and around there less and less, over one and a half times that distance and `reach` at most. So a scribble just beyond the outline makes a gentle
 * swelling, a long one out of the mask a finger with a broad foot; one that is nowhere near the outline stays by itself. Pixels are only set to
 * the scribble's value. Returns the box that was written, or null for no scribble inside the frame.
 */
export function joinScribble(
  mask: BinaryMask,
  scribble: Scribble,
  reach: number,
  pixelAspectRatio: number,
): ImageBox | null {
  const { points, radius, value } = scribble;
  const around = maskBox(scribbleMask([scribble], mask, pixelAspectRatio));
  if (!around) return null;
  const area = clipBox(expandBox(around, Math.ceil(reach)), mask);
  const outline = new Outline(mask, expandBox(area, Math.ceil(reach)), value, pixelAspectRatio);
  // How far the outline has to move by each point for the line's whole width to be on the right side.
  const heights = pointsAlong(points).map((point) => ({ point, height: radius + outline.beyond(point) }));
  if (heights.some(({ height }) => height * joiningReach <= reach)) {
    for (const { point, height } of heights) {
      if (height > 0) outline.swell(point, height, Math.min(reach, joiningReach * height), radius);
    }
  }
  paintLine(mask, points, radius, value, pixelAspectRatio);
  return area;
}

/** The outline before the scribble; "beyond" it is the side that the scribble wants to have. */
class Outline {
  private readonly field: DistanceField;
  private readonly mask: BinaryMask;
  private readonly value: 0 | 1;
  private readonly pixelAspectRatio: number;

  constructor(mask: BinaryMask, box: ImageBox, value: 0 | 1, pixelAspectRatio: number) {
    this.field = distanceField(mask, box, { x: 1, y: pixelAspectRatio });
    this.mask = mask;
    this.value = value;
    this.pixelAspectRatio = pixelAspectRatio;
  }

  /** How far a point lies beyond the outline, in widths of a column; below 0 on this side. */
  beyond({ x, y }: ImagePoint): number {
    return (this.value === 1 ? -1 : 1) * sampleField(this.field, x, y);
  }

  /**
   * Moves the outline by `height` at a point, and by less around it, up to `width` away; behind the point, seen from what it belongs to, by no
   * more than `radius`.
   */
  swell(point: ImagePoint, height: number, width: number, radius: number): void {
    const { mask, value, pixelAspectRatio } = this;
    const towards = this.directionFrom(point, width);
    this.visit(point, width, (index, x, row, beyond) => {
      if (mask.data[index] === value) return;
      const y = row * pixelAspectRatio;
      if (x * towards.x + y * towards.y < -radius) return;
      const away = Math.hypot(x, y);
      if (away < width && beyond < height * fade(away / width)) mask.data[index] = value;
    });
  }

  /** The unit vector from a point to the middle of what lies on this side around it, as the frame is shown. */
  private directionFrom(point: ImagePoint, width: number): ImagePoint {
    let [sumX, sumY] = [0, 0];
    this.visit(point, width, (_index, x, y, beyond) => {
      if (beyond >= 0) return;
      sumX += x;
      sumY += y * this.pixelAspectRatio;
    });
    const length = Math.hypot(sumX, sumY);
    // All around, or nowhere: any direction is as good.
    return length === 0 ? { x: 1, y: 0 } : { x: sumX / length, y: sumY / length };
  }

  /** Every pixel of the mask whose centre is at most `width` away across and down: its index, its place from the point, and how far beyond it is. */
  private visit(
    point: ImagePoint,
    width: number,
    visitor: (index: number, x: number, y: number, beyond: number) => void,
  ): void {
    const { box, data } = this.field;
    const { mask } = this;
    const down = width / this.pixelAspectRatio;
    const sign = this.value === 1 ? -1 : 1;
    const top = Math.max(0, box.y, Math.floor(point.y - down));
    const bottom = Math.min(mask.height, box.y + box.height, Math.ceil(point.y + down)) - 1;
    const left = Math.max(0, box.x, Math.floor(point.x - width));
    const right = Math.min(mask.width, box.x + box.width, Math.ceil(point.x + width)) - 1;
    for (let row = top; row <= bottom; row += 1) {
      const inField = (row - box.y) * box.width - box.x;
      for (let column = left; column <= right; column += 1) {
        visitor(row * mask.width + column, column + 0.5 - point.x, row + 0.5 - point.y, sign * data[inField + column]);
      }
    }
  }
}

/** The line's points, and so many between them that none is further than a pixel from the next. */
function pointsAlong(points: readonly ImagePoint[]): ImagePoint[] {
  return points.flatMap((to, index) => {
    const from = points[Math.max(0, index - 1)];
    const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y)));
    return Array.from({ length: steps }, (_, step) => ({
      x: from.x + ((step + 1) / steps) * (to.x - from.x),
      y: from.y + ((step + 1) / steps) * (to.y - from.y),
    }));
  });
}
