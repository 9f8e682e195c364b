// Owns the ellipse that stands for an outlined area, and what is measured of it.
import type { Contour } from './contour.ts';
import type { Spacing } from './distance-transform.ts';
import type { ImagePoint } from './geometry.ts';

export interface FittedEllipse {
  /** In image pixels. */
  readonly centre: ImagePoint;
  /** In units of the spacing. */
  readonly semiMajor: number;
  readonly semiMinor: number;
  /** Of the longer axis, in radians from the direction of the columns towards that of the rows, in (-π/2, π/2]. */
  readonly angle: number;
}

/**
 * The ellipse with the centroid and second moments of the area that the contours surround, less that of holes, which run the other way: of an
 * ellipse, that ellipse itself. By Green's theorem, so the pixels of a mask count as the squares that they are. `spacing` is the distance
 * between neighbouring columns and rows, in millimetres or any other unit. Null without an area.
 */
export function fitEllipse(contours: readonly Contour[], spacing: Spacing = { x: 1, y: 1 }): FittedEllipse | null {
  let [area, sumX, sumY, sumXX, sumXY, sumYY] = [0, 0, 0, 0, 0, 0];
  for (const contour of contours) {
    for (let i = 0; i < contour.length; i += 2) {
      const [x, y] = [contour[i], contour[i + 1]];
      const [u, v] = [contour[(i + 2) % contour.length], contour[(i + 3) % contour.length]];
      const cross = x * v - u * y;
      area += cross / 2;
      sumX += ((x + u) * cross) / 6;
      sumY += ((y + v) * cross) / 6;
      sumXX += ((x * x + x * u + u * u) * cross) / 12;
      sumYY += ((y * y + y * v + v * v) * cross) / 12;
      sumXY += ((2 * x * y + x * v + u * y + 2 * u * v) * cross) / 24;
    }
  }
  if (area === 0) return null;
  const centre = { x: sumX / area, y: sumY / area };
  const varianceX = (sumXX / area - centre.x ** 2) * spacing.x ** 2;
  const varianceY = (sumYY / area - centre.y ** 2) * spacing.y ** 2;
  const covariance = (sumXY / area - centre.x * centre.y) * spacing.x * spacing.y;
  const mean = (varianceX + varianceY) / 2;
  const spread = Math.hypot((varianceX - varianceY) / 2, covariance);
  // The variance of a filled ellipse along an axis is a quarter of the semi-axis squared.
  return {
    centre,
    semiMajor: 2 * Math.sqrt(mean + spread),
    semiMinor: 2 * Math.sqrt(Math.max(0, mean - spread)),
    angle: Math.atan2(2 * covariance, varianceX - varianceY) / 2,
  };
}

/** Of half axes a and b, by Ramanujan's second approximation: within 4e-4 for the flattest ellipse, far less for usual ones. */
export function ellipseCircumference(a: number, b: number): number {
  const h = ((a - b) / (a + b)) ** 2;
  return Math.PI * (a + b) * (1 + (3 * h) / (10 + Math.sqrt(4 - 3 * h)));
}
