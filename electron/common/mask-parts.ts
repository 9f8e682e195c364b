// Owns the connected parts of a mask. Pixels that touch only at a corner are separate parts, as in its contours.
import type { ImageBox } from './geometry.ts';
import { type BinaryMask, countMaskPixels, createMask, decodeRuns } from './mask.ts';

/** The pixels of every part, as indices into `mask.data`; parts in the order of their first pixel. */
export function findParts(mask: BinaryMask): Uint32Array[] {
  const { width, data } = mask;
  const parts: Uint32Array[] = [];
  const left = data.slice(); // pixels of the mask that no part has yet
  // Every pixel enters once, so that it holds all of a part and what waits behind it.
  const reached = new Uint32Array(countMaskPixels(mask));
  for (let start = left.indexOf(1); start >= 0; start = left.indexOf(1, start + 1)) {
    let count = 0;
    const visit = (index: number): void => {
      if (left[index] === 0) return;
      left[index] = 0;
      reached[count++] = index;
    };
    visit(start);
    for (let next = 0; next < count; next += 1) {
      const index = reached[next];
      const x = index % width;
      if (x > 0) visit(index - 1);
      if (x < width - 1) visit(index + 1);
      if (index >= width) visit(index - width);
      if (index < left.length - width) visit(index + width);
    }
    parts.push(reached.slice(0, count));
  }
  return parts;
}

/** The box around a part of a mask that is `width` pixels wide. */
export function partBox(part: Uint32Array, width: number): ImageBox {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const index of part) {
    const x = index % width;
    const y = (index - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** The mask with its largest part alone; of two that are equal, the one that begins higher up. */
export function keepLargestPart(mask: BinaryMask): BinaryMask {
  const kept = createMask(mask.width, mask.height);
  let largest: Uint32Array = new Uint32Array();
  for (const part of findParts(mask)) if (part.length > largest.length) largest = part;
  for (const index of largest) kept.data[index] = 1;
  return kept;
}

/**
 * How many parts and holes a mask has, from its bytes as encodeMask gives them, without unpacking a pixel. Parts that touch at a corner are two,
 * and what can leave a hole by a corner is none. By the runs of its rows, of which two meet where they share a column: parts are what hangs
 * together, and each meeting beyond what holds a part together closes a ring, so that holes = parts - runs + meetings (Euler).
 */
export function countParts(encoded: Uint8Array, width: number): { readonly parts: number; readonly holes: number } {
  const runs = rowRuns(decodeRuns(encoded), width);
  const parent = Int32Array.from(runs, (_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parent[root] !== root) root = parent[root] = parent[parent[root]];
    return root;
  };
  let parts = runs.length;
  let meetings = 0;
  // The first run of the row above that a later run may still meet.
  let above = 0;
  for (const [index, { row, start, end }] of runs.entries()) {
    while (above < index && (runs[above].row < row - 1 || (runs[above].row === row - 1 && runs[above].end <= start)))
      above += 1;
    for (let other = above; runs[other].row === row - 1 && runs[other].start < end; other += 1) {
      meetings += 1;
      const [one, two] = [rootOf(index), rootOf(other)];
      if (one === two) continue;
      parent[one] = two;
      parts -= 1;
    }
  }
  return { parts, holes: parts - runs.length + meetings };
}

interface RowRun {
  readonly row: number;
  /** Columns from `start` up to, not including, `end`. */
  readonly start: number;
  readonly end: number;
}

/** Runs of ones, cut at the ends of rows, in order. */
function rowRuns(runs: readonly number[], width: number): RowRun[] {
  const found: RowRun[] = [];
  let position = 0;
  for (const [index, length] of runs.entries()) {
    const stop = position + length;
    // Every second run is of ones.
    if (index % 2 === 0) position = stop;
    while (position < stop) {
      const row = Math.floor(position / width);
      const end = Math.min(stop, (row + 1) * width);
      found.push({ row, start: position - row * width, end: end - row * width });
      position = end;
    }
  }
  return found;
}
