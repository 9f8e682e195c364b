// Owns which rows of a long list are in sight: rows of several heights, of which only those in sight are built.

export interface RowRange {
  readonly first: number;
  /** One after the last. */
  readonly end: number;
}

/** Where each row begins, and at the end where the list does: one entry more than there are rows. */
export function rowOffsets(heights: readonly number[]): Float64Array {
  const offsets = new Float64Array(heights.length + 1);
  heights.forEach((height, index) => (offsets[index + 1] = offsets[index] + height));
  return offsets;
}

/** The rows between two heights of the list, and `spare` rows on either side. */
export function rowsInSight(offsets: Float64Array, top: number, bottom: number, spare: number): RowRange {
  const count = offsets.length - 1;
  const first = Math.max(0, rowAt(offsets, top) - spare);
  return { first, end: Math.min(count, rowAt(offsets, bottom) + 1 + spare) };
}

/** How far the list has to be scrolled so that a row is in sight; unchanged where it is. */
export function scrollToRow(offsets: Float64Array, row: number, scrolled: number, height: number): number {
  if (offsets[row] < scrolled) return offsets[row];
  return Math.max(scrolled, offsets[row + 1] - height);
}

/** The row that covers a height, by bisection. */
function rowAt(offsets: Float64Array, y: number): number {
  let [low, high] = [0, offsets.length - 2];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (offsets[middle] <= y) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}
