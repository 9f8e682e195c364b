// Owns the ellipse that stands for a mask.
import type { Spacing } from '../../../electron/common/distance-transform.ts';
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import type { BinaryMask } from '../../../electron/common/mask.ts';

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
 * The ellipse with the mask's centroid and second moments: of a filled ellipse, that ellipse itself. `spacing` is the distance between
 * neighbouring columns and rows, in millimetres or in any other unit. Null for an empty mask.
 */
export function fitEllipse(mask: BinaryMask, spacing: Spacing = { x: 1, y: 1 }): FittedEllipse | null {
  let [count, sumX, sumY, sumXX, sumXY, sumYY] = [0, 0, 0, 0, 0, 0];
  for (let index = mask.data.indexOf(1); index >= 0; index = mask.data.indexOf(1, index + 1)) {
    const x = (index % mask.width) + 0.5;
    const y = Math.floor(index / mask.width) + 0.5;
    count += 1;
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumXY += x * y;
    sumYY += y * y;
  }
  if (count === 0) return null;
  const centre = { x: sumX / count, y: sumY / count };
  // A pixel is a square, not a point: 1/12 is its own variance.
  const varianceX = (sumXX / count - centre.x ** 2 + 1 / 12) * spacing.x ** 2;
  const varianceY = (sumYY / count - centre.y ** 2 + 1 / 12) * spacing.y ** 2;
  const covariance = (sumXY / count - centre.x * centre.y) * spacing.x * spacing.y;
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
