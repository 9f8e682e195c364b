// Owns the finding of one picture in two places: the same frame stored again, cropped, resized, with other gain or with marks burned in.
// Small thumbnails tell what may be alike; the texture, aligned, tells what is one: anatomy resembles anatomy, speckle is a frame's own.
import { alignTextures, type Placement } from './texture-alignment.ts';
import { thumbnailSides, type Thumbnail } from './thumbnail.ts';

export interface NearDuplicate {
  /** Index in the first list. */
  readonly train: number;
  /** Index of its best match in the second list. */
  readonly other: number;
  /** Correlation of fine texture after alignment, 0.6..1. */
  readonly similarity: number;
}

// What two pictures must reach to be compared further: as they lie, and at 16 and 32 pixels aligned. Chosen on seven public sets, where
// pictures that are one by eye have at least 0.78 and 0.53 as they lie (one pair of frames, far shifted, has less and is not found).
const sameLayout = 0.72;
const alikeTexture = 0.45;
const alignedTexture = [0.75, 0.6];

// From here on two pictures are one. Of the 105 pairs within a set and across its splits, every one is the same frame or its
// neighbour by eye; below come more neighbours and, from 0.56 down, the first strangers: heads, which are all one ellipse.
const sameTexture = 0.6;

const unchanged: Placement = { scaleX: 1, shiftX: 0, scaleY: 1, shiftY: 0 };

/**
 * Every picture of `train` that is also among `others`, with its best match there.
 * Catches the same frame with another encoding, size, gain, depth compensation, with text or calipers on it, stretched, or cropped by up to
 * 5 % of width and height (of 8 % crops, most), and neighbouring frames of a slow sweep. Does not catch the same lesion or patient from
 * another angle, a mirrored or turned copy, a larger crop, or a screen of two pictures that holds the other as one of them.
 */
export function findNearDuplicates(train: readonly Thumbnail[], others: readonly Thumbnail[]): NearDuplicate[] {
  const found: NearDuplicate[] = [];
  for (const [trainIndex, one] of train.entries()) {
    let best: NearDuplicate | null = null;
    for (let other = 0; other < others.length; other += 1) {
      const similarity = compareThumbnails(one, others[other]);
      if (similarity >= sameTexture && similarity > (best?.similarity ?? 0))
        best = { train: trainIndex, other, similarity };
    }
    if (best) found.push(best);
  }
  return found;
}

/** Correlation of fine texture, after `another` is moved and stretched onto `one`; 0 where a coarser look tells them apart already. */
export function compareThumbnails(one: Thumbnail, another: Thumbnail): number {
  if (dot(one.coarse, another.coarse) < sameLayout) return 0;
  if (correlation(one.levels[0], another.levels[0]) < alikeTexture) return 0;
  let aligned = { placement: unchanged, similarity: 0 };
  for (const [level, side] of thumbnailSides.entries()) {
    aligned = alignTextures(one.levels[level], another.levels[level], side, aligned.placement);
    if (aligned.similarity < (alignedTexture[level] ?? 0)) return 0;
  }
  return aligned.similarity;
}

function correlation(one: Float32Array, another: Float32Array): number {
  const energy = Math.sqrt(dot(one, one) * dot(another, another));
  return energy > 0 ? dot(one, another) / energy : 0;
}

function dot(one: Float32Array, another: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i += 1) sum += one[i] * another[i];
  return sum;
}
