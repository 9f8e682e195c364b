// Owns the ellipse that stands for a mask.
import type { Spacing } from '../../../electron/common/distance-transform.ts';
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import { type BinaryMask, createMask } from '../../../electron/common/mask.ts';
import { fillPolygon } from '../../../electron/common/polygon.ts';

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

/** The fitted ellipse, filled; an empty mask for an empty one. The spacing does not change which ellipse it is. */
export function ellipseMask(mask: BinaryMask): BinaryMask {
  const filled = createMask(mask.width, mask.height);
  const ellipse = fitEllipse(mask);
  if (!ellipse) return filled;
  const { centre, semiMajor, semiMinor, angle } = ellipse;
  // A corner every half pixel or so: none is further than 1 % of a pixel from the curve.
  const corners = Math.max(32, Math.ceil(4 * Math.PI * semiMajor));
  const points = Array.from({ length: corners }, (_, index) => {
    const turn = (2 * Math.PI * index) / corners;
    const along = semiMajor * Math.cos(turn);
    const across = semiMinor * Math.sin(turn);
    return {
      x: centre.x + along * Math.cos(angle) - across * Math.sin(angle),
      y: centre.y + along * Math.sin(angle) + across * Math.cos(angle),
    };
  });
  fillPolygon(filled, points, 1);
  return filled;
}
