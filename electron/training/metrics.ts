// Owns the comparison of two masks: overlap (Dice, intersection over union) and the distances of their outlines.
// Definitions are those of MONAI (get_mask_edges; compute_hausdorff_distance with percentile 95; compute_average_surface_distance with
// symmetric=True, as of its current versions, which pool both directions). medpy has the same outline, but pools both directions before it takes the
// percentile of hd95, and its assd is the mean of the two directions' means.
// Agrees with SciPy (binary_erosion, distance_transform_edt) and NumPy's percentile to 1e-9 pixels on random masks.
import { AppError } from '../common/errors.ts';
import { maskBox, maskDice, type BinaryMask } from '../common/mask.ts';
import { squaredDistances, type Spacing } from '../common/distance-transform.ts';
import { mean, quantile } from './statistics.ts';

/** In pixels, or in the unit of the spacing that was given. */
export interface OutlineDistances {
  /** 95 % Hausdorff distance: the larger of the 95th percentiles of the distances from either outline to the other. */
  readonly hd95: number;
  /** Average symmetric surface distance: the mean of the distances of all pixels of both outlines to the other outline. */
  readonly assd: number;
}

export interface MaskComparison {
  readonly dice: number;
  readonly iou: number;
  /** In pixels of the masks; null where just one of the two is empty. */
  readonly hd95: number | null;
  readonly assd: number | null;
  /** In mm; null without a pixel spacing, and where just one mask is empty. */
  readonly hd95Mm: number | null;
  readonly assdMm: number | null;
}

/** Throws AppError('bad-input') when the sizes differ, or the spacing is not above 0. */
export function compareMasks(proposed: BinaryMask, truth: BinaryMask, spacingMm: Spacing | null): MaskComparison {
  const dice = maskDice(proposed, truth);
  const pixels = outlineDistances(proposed, truth);
  const millimetres = spacingMm ? outlineDistances(proposed, truth, spacingMm) : null;
  return {
    dice,
    // |A ∩ B| / |A ∪ B| = Dice / (2 - Dice)
    iou: dice / (2 - dice),
    hd95: pixels?.hd95 ?? null,
    assd: pixels?.assd ?? null,
    hd95Mm: millimetres?.hd95 ?? null,
    assdMm: millimetres?.assd ?? null,
  };
}

/**
 * Distances between the outlines of two masks of one size, from pixel centre to pixel centre. The outline of a mask is its pixels less
 * those of its erosion by the four neighbours; beyond the image's edge is background, so that mask pixels on the edge belong to it.
 * Two empty masks are 0 apart; null where just one is empty, for then no distance exists.
 * Throws AppError('bad-input') when the sizes differ, or the spacing is not above 0.
 */
export function outlineDistances(
  a: BinaryMask,
  b: BinaryMask,
  spacing: Spacing = { x: 1, y: 1 },
): OutlineDistances | null {
  if (a.width !== b.width || a.height !== b.height) {
    throw new AppError('bad-input', `Masks differ in size: ${a.width}×${a.height} and ${b.width}×${b.height}.`);
  }
  if (!(spacing.x > 0 && spacing.y > 0 && Number.isFinite(spacing.x) && Number.isFinite(spacing.y))) {
    throw new AppError(
      'bad-input',
      `Expected a pixel spacing above 0; found ${spacing.x} across and ${spacing.y} down.`,
    );
  }
  const [boxA, boxB] = [maskBox(a), maskBox(b)];
  if (!boxA && !boxB) return { hd95: 0, assd: 0 };
  if (!boxA || !boxB) return null;
  // Both outlines lie in the box around both masks: nothing beyond it can be nearest.
  const left = Math.min(boxA.x, boxB.x);
  const top = Math.min(boxA.y, boxB.y);
  const width = Math.max(boxA.x + boxA.width, boxB.x + boxB.width) - left;
  const height = Math.max(boxA.y + boxA.height, boxB.y + boxB.height) - top;
  const outlineA = outline(cropped(a, left, top, width, height));
  const outlineB = outline(cropped(b, left, top, width, height));
  const fromA = distancesAt(outlineA, squaredDistances(outlineB.data, width, height, spacing));
  const fromB = distancesAt(outlineB, squaredDistances(outlineA.data, width, height, spacing));
  return {
    hd95: Math.max(quantile(fromA, 0.95), quantile(fromB, 0.95)),
    assd: (mean(fromA) * fromA.length + mean(fromB) * fromB.length) / (fromA.length + fromB.length),
  };
}

/** The mask less its erosion by the four neighbours; beyond the edge is background. */
export function outline(mask: BinaryMask): BinaryMask {
  const { width, height, data } = mask;
  const edge = new Uint8Array(data.length);
  for (let row = 0, index = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1, index += 1) {
      if (!data[index]) continue;
      const inner =
        column > 0 &&
        column < width - 1 &&
        row > 0 &&
        row < height - 1 &&
        data[index - 1] &&
        data[index + 1] &&
        data[index - width] &&
        data[index + width];
      if (!inner) edge[index] = 1;
    }
  }
  return { width, height, data: edge };
}

function cropped(mask: BinaryMask, left: number, top: number, width: number, height: number): BinaryMask {
  const data = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const start = (top + row) * mask.width + left;
    data.set(mask.data.subarray(start, start + width), row * width);
  }
  return { width, height, data };
}

function distancesAt({ data }: BinaryMask, squared: Float64Array): Float64Array {
  return Float64Array.from(
    squared.filter((_, index) => data[index] === 1),
    Math.sqrt,
  );
}
