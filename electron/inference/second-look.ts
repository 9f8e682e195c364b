// Owns the second look at a whole frame: the crop around the surest part of what the first look found, seen with Input = local. In a crop the
// structure fills the network's square, so its outline is surer than in the whole frame, wherever the first look found the right place.
import type { ImageBox } from '../common/geometry.ts';
import { findParts, partBox } from '../common/mask-parts.ts';
import { foundMask } from './postprocess.ts';
import type { ModelFrame } from './preprocess.ts';

/** A smaller find, in pixels of the network's square, says nothing of a place: it is one token of the network. */
const smallestSide = 4;

/**
 * How much the size of a part counts beside how sure it is: a part of ten times the pixels outweighs a quarter more probability. The largest
 * part is often a shadow that is half believed in, the surest a speck.
 */
const sizeExponent = 0.1;

/**
 * Where to look again: the box of the connected part of what `odds` call structure that is sure and large, in pixels of the frame. Null where
 * they call nothing, or next to nothing, structure. odds: (side, side) log-odds in the square that `frame` places.
 */
export function secondLookBox(odds: Float32Array, { originX, originY, step, side }: ModelFrame): ImageBox | null {
  let best: { readonly box: ImageBox; readonly weight: number } | null = null;
  for (const part of findParts(foundMask(odds, side))) {
    const box = partBox(part, side);
    const weight = meanProbability(odds, part) * part.length ** sizeExponent;
    if (Math.max(box.width, box.height) >= smallestSide && weight > (best?.weight ?? 0)) best = { box, weight };
  }
  if (!best) return null;
  const { x, y, width, height } = best.box;
  return { x: originX + x * step, y: originY + y * step, width: width * step, height: height * step };
}

function meanProbability(odds: Float32Array, part: Uint32Array): number {
  let sum = 0;
  for (const index of part) sum += 1 / (1 + Math.exp(-odds[index]));
  return sum / part.length;
}
