// Owns what is too small in the network's answer to be meant: specks beside a structure, often along its border, and holes of a few pixels in it.
// The network sees in tokens of 4 by 4 pixels. Each speck would be a stroke for the reader, and in the masks that people draw there are none.
import type { BinaryMask } from '../common/mask.ts';
import { findParts } from '../common/mask-parts.ts';
import { foundMask } from './postprocess.ts';

/** Of the network's square: one token. */
const tokenPixels = 16;
/** Of the largest part. */
const smallestShare = 0.01;

/**
 * The odds with specks and small holes turned to their opposite, as sure as they were. The largest part stays, however small. Given back as they
 * are where there is nothing to turn. odds: (side, side) log-odds
 */
export function withoutSpecks(odds: Float32Array, side: number): Float32Array {
  const holes = findParts(background(odds, side)).filter((part) => part.length < tokenPixels);
  const filled = turned(odds, holes);
  const parts = findParts(foundMask(filled, side));
  const largest = parts.reduce((most, { length }) => Math.max(most, length), 0);
  const least = Math.min(largest, Math.max(tokenPixels, largest * smallestShare));
  return turned(
    filled,
    parts.filter((part) => part.length < least),
  );
}

function background(odds: Float32Array, side: number): BinaryMask {
  const mask = foundMask(odds, side);
  return { ...mask, data: mask.data.map((value) => 1 - value) };
}

/** Even odds are background, so that a hole of them needs more. */
const smallestOdds = 1e-6;

function turned(odds: Float32Array, parts: readonly Uint32Array[]): Float32Array {
  if (parts.length === 0) return odds;
  const changed = odds.slice();
  for (const index of parts.flatMap((part) => [...part])) {
    changed[index] = odds[index] > 0 ? -odds[index] : Math.max(smallestOdds, -odds[index]);
  }
  return changed;
}
