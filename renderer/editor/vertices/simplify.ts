// Owns the choice of a few points of a line that stand for all of it.
import type { ImagePoint } from '../../../electron/common/geometry.ts';

/**
 * Which points of a line to keep so that none of the others is further than `tolerance` from the straight pieces between them (Douglas and
 * Peucker): indices in ascending order, the first and the last point among them. In widths of a column; `pixelAspectRatio` is height over
 * width of a pixel.
 */
export function simplifyLine(points: readonly ImagePoint[], tolerance: number, pixelAspectRatio = 1): number[] {
  const kept = [0];
  // Pieces still to be looked at, the first on top.
  const pieces: (readonly [number, number])[] = [[0, points.length - 1]];
  for (let piece = pieces.pop(); piece; piece = pieces.pop()) {
    const [first, last] = piece;
    const { index, distance } = furthestFrom(points, first, last, pixelAspectRatio);
    if (distance > tolerance) pieces.push([index, last], [first, index]);
    else if (last > first) kept.push(last);
  }
  return kept;
}

/** The point between two of a line that is furthest from the straight piece between those. */
export function furthestFrom(
  points: readonly ImagePoint[],
  first: number,
  last: number,
  pixelAspectRatio: number,
): { readonly index: number; readonly distance: number } {
  const a = points[first];
  const dx = points[last].x - a.x;
  const dy = (points[last].y - a.y) * pixelAspectRatio;
  const square = dx * dx + dy * dy;
  let index = first;
  let most = 0;
  for (let at = first + 1; at < last; at += 1) {
    const x = points[at].x - a.x;
    const y = (points[at].y - a.y) * pixelAspectRatio;
    const share = square === 0 ? 0 : Math.max(0, Math.min(1, (x * dx + y * dy) / square));
    const distance = (x - share * dx) ** 2 + (y - share * dy) ** 2;
    if (distance <= most) continue;
    index = at;
    most = distance;
  }
  return { index, distance: Math.sqrt(most) };
}
