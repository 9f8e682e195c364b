// Owns the rasterization of closed outlines: which pixels lie inside a polygon.
import type { ImageBox, ImagePoint } from './geometry.ts';
import type { BinaryMask } from './mask.ts';

/**
 * Sets every pixel whose centre lies inside the closed polygon by the even-odd rule. A centre on an edge belongs to the side to the right
 * of and below it, so that polygons that share an edge neither overlap nor leave a gap. Returns the box of rows and columns that were
 * written, clipped to the mask, or null where there is none.
 */
export function fillPolygon(mask: BinaryMask, points: readonly ImagePoint[], value: 0 | 1): ImageBox | null {
  const { width, height, data } = mask;
  const crossings = rowCrossings(points, height);
  let box: { left: number; right: number; top: number; bottom: number } | null = null;
  for (const [row, columns] of crossings) {
    columns.sort((a, b) => a - b);
    for (let pair = 0; pair + 1 < columns.length; pair += 2) {
      // Columns whose centres lie in [left, right).
      const first = Math.max(0, Math.ceil(columns[pair] - 0.5));
      const end = Math.min(width, Math.ceil(columns[pair + 1] - 0.5));
      if (end <= first) continue;
      data.fill(value, row * width + first, row * width + end);
      if (!box) box = { left: first, right: end, top: row, bottom: row + 1 };
      else {
        box.left = Math.min(box.left, first);
        box.right = Math.max(box.right, end);
        box.top = Math.min(box.top, row);
        box.bottom = Math.max(box.bottom, row + 1);
      }
    }
  }
  return box && { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
}

/** For each row that the outline crosses, where it crosses the line through the centres of its pixels. */
function rowCrossings(points: readonly ImagePoint[], height: number): Map<number, number[]> {
  const crossings = new Map<number, number[]>();
  points.forEach((a, index) => {
    const b = points[(index + 1) % points.length];
    if (a.y === b.y) return;
    const [upper, lower] = a.y < b.y ? [a, b] : [b, a];
    // Rows whose centres lie in [upper, lower): each corner counts for one of its two edges.
    const first = Math.max(0, Math.ceil(upper.y - 0.5));
    const end = Math.min(height, Math.ceil(lower.y - 0.5));
    for (let row = first; row < end; row += 1) {
      const x = upper.x + ((row + 0.5 - upper.y) / (lower.y - upper.y)) * (lower.x - upper.x);
      const columns = crossings.get(row);
      if (columns) columns.push(x);
      else crossings.set(row, [x]);
    }
  });
  return crossings;
}
