// Owns masks cut down to the box around their pixels: for masks that are only shown, of which a frame may have many.
import type { Contour } from '../../../electron/common/contour.ts';
import { traceContours } from '../../../electron/common/contour.ts';
import type { ImageBox } from '../../../electron/common/geometry.ts';
import { type BinaryMask, createMask, decodeRuns } from '../../../electron/common/mask.ts';

/** `mask` has the size of `box`, which says where in the frame it lies. */
export interface CroppedMask {
  readonly box: ImageBox;
  readonly mask: BinaryMask;
}

/** From run-length bytes of a mask `width` pixels wide, without ever unpacking all of it. Null for an empty mask. */
export function decodeCropped(bytes: Uint8Array, width: number): CroppedMask | null {
  const spans = rowSpans(bytes, width);
  if (spans.length === 0) return null;
  let [left, right] = [width, 0];
  for (const { start, end } of spans) {
    left = Math.min(left, start);
    right = Math.max(right, end);
  }
  const top = spans[0].row;
  const box = { x: left, y: top, width: right - left, height: spans.at(-1)!.row - top + 1 };
  const mask = createMask(box.width, box.height);
  for (const { row, start, end } of spans) {
    const first = (row - top) * box.width - left;
    mask.data.fill(1, first + start, first + end);
  }
  return { box, mask };
}

/** Its contours where they lie in the frame. */
export function croppedContours({ box, mask }: CroppedMask): Contour[] {
  return traceContours(mask).map((contour) => contour.map((value, index) => value + (index % 2 === 0 ? box.x : box.y)));
}

interface RowSpan {
  readonly row: number;
  /** Columns from `start` to before `end`. */
  readonly start: number;
  readonly end: number;
}

/** The mask's runs, cut where a row ends; from top to bottom. */
function rowSpans(bytes: Uint8Array, width: number): RowSpan[] {
  const spans: RowSpan[] = [];
  let position = 0;
  decodeRuns(bytes).forEach((length, index) => {
    const end = position + length;
    // Every second run is of ones.
    const first = index % 2 === 1 ? position : end;
    for (let at = first; at < end;) {
      const row = Math.floor(at / width);
      const start = at - row * width;
      const last = Math.min(width, start + end - at);
      spans.push({ row, start, end: last });
      at += last - start;
    }
    position = end;
  });
  return spans;
}
