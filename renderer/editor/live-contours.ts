// Owns the contours of a mask that is being painted: after a change only those are traced again that pass by the changed pixels, so that a
// stroke costs what it touches and not the whole frame.
import {
  type Contour,
  edgeStart,
  traceContourFrom,
  traceContours,
  type TravelDirection,
} from '../../electron/common/contour.ts';
import type { ImageBox } from '../../electron/common/geometry.ts';
import type { BinaryMask } from '../../electron/common/mask.ts';
import { clipBox, expandBox } from './masks/distance-field.ts';

export class LiveContours {
  private readonly kept = new Map<Contour, ImageBox>();
  private mask: BinaryMask | null = null;

  /** In no particular order. */
  get all(): Iterable<Contour> {
    return this.kept.keys();
  }

  /** Those that pass through a box of the frame. */
  *inside(box: ImageBox): Generator<Contour> {
    for (const [contour, around] of this.kept) if (boxesTouch(around, box)) yield contour;
  }

  /** Begins with another mask; null for none. */
  reset(mask: BinaryMask | null): void {
    this.mask = mask;
    this.kept.clear();
    if (mask) for (const contour of traceContours(mask)) this.keep(contour);
  }

  /** The mask was changed in place, inside `box`. */
  update(box: ImageBox): void {
    const { mask } = this;
    if (!mask) return;
    // An edge changes with the pixel on either side of it; the one that is of the mask is at most one further out.
    const area = clipBox(expandBox(box, 1), mask);
    for (const [contour, around] of this.kept) {
      if (boxesTouch(around, area) && bordersOn(contour, area)) this.kept.delete(contour);
    }
    const { width, data } = mask;
    const seen = new Uint8Array(area.width * area.height);
    const place = (x: number, y: number): number => (y - area.y) * area.width + x - area.x;
    const visit = (x: number, y: number, direction: TravelDirection): void => {
      if (isInside(area, x, y)) seen[place(x, y)] |= 1 << direction;
    };
    for (let y = area.y; y < area.y + area.height; y += 1) {
      for (let x = area.x; x < area.x + area.width; x += 1) {
        // Most pixels have no edge at all.
        const edges = data[y * width + x] === 0 ? 0 : edgesOf(mask, x, y);
        if (edges === 0) continue;
        for (const direction of directions) {
          if ((edges & ~seen[place(x, y)] & (1 << direction)) === 0) continue;
          const start = edgeStart(x, y, direction);
          this.keep(traceContourFrom(mask, start.x, start.y, direction, visit));
        }
      }
    }
  }

  private keep(contour: Contour): void {
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < contour.length; i += 2) {
      left = Math.min(left, contour[i]);
      right = Math.max(right, contour[i]);
      top = Math.min(top, contour[i + 1]);
      bottom = Math.max(bottom, contour[i + 1]);
    }
    this.kept.set(contour, { x: left, y: top, width: right - left, height: bottom - top });
  }
}

const directions: readonly TravelDirection[] = [0, 1, 2, 3];

/** The sides on which a pixel of the mask has none beside it: a bit for each direction in which that side is travelled. */
function edgesOf({ width, height, data }: BinaryMask, x: number, y: number): number {
  const index = y * width + x;
  const up = y === 0 || data[index - width] === 0 ? 1 : 0;
  const right = x === width - 1 || data[index + 1] === 0 ? 2 : 0;
  const down = y === height - 1 || data[index + width] === 0 ? 4 : 0;
  const left = x === 0 || data[index - 1] === 0 ? 8 : 0;
  return up | right | down | left;
}

/** Whether one of the pixels that a contour goes around lies in the area. */
function bordersOn(contour: Contour, area: ImageBox): boolean {
  for (let i = 0; i < contour.length; i += 2) {
    const [x, y] = [contour[i], contour[i + 1]];
    const next = (i + 2) % contour.length;
    const [toX, toY] = [contour[next], contour[next + 1]];
    // The row or column of pixels on the right of the direction of travel.
    const column = x === toX ? (toY > y ? x - 1 : x) : Math.min(x, toX);
    const row = y === toY ? (toX > x ? y : y - 1) : Math.min(y, toY);
    const pixels = { x: column, y: row, width: Math.abs(toX - x) || 1, height: Math.abs(toY - y) || 1 };
    if (boxesOverlap(pixels, area)) return true;
  }
  return false;
}

function isInside(box: ImageBox, x: number, y: number): boolean {
  return x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
}

function boxesOverlap(a: ImageBox, b: ImageBox): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Overlap, or share a side or a corner. */
function boxesTouch(a: ImageBox, b: ImageBox): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}
