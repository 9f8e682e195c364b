// Owns the second look at a whole frame: the crop around the largest part of what the first look found, seen with Input = local. In a crop the
// structure fills the network's square, so its outline is surer than in the whole frame, wherever the first look found the right place.
import type { ImageBox } from '../common/geometry.ts';
import { createMask, maskBox } from '../common/mask.ts';
import { keepLargestPart } from '../common/mask-parts.ts';
import type { ModelFrame } from './preprocess.ts';

/** A smaller find, in pixels of the network's square, says nothing of a place: it is one token of the network. */
const smallestSide = 4;

/**
 * Where to look again: the box of the largest connected part that `odds` call structure, in pixels of the frame. Null where they call nothing,
 * or next to nothing, structure. odds: (side, side) log-odds in the square that `frame` places.
 */
export function secondLookBox(odds: Float32Array, { originX, originY, step, side }: ModelFrame): ImageBox | null {
  const found = createMask(side, side);
  for (let i = 0; i < odds.length; i += 1) if (odds[i] > 0) found.data[i] = 1;
  const box = maskBox(keepLargestPart(found));
  if (!box || Math.max(box.width, box.height) < smallestSide) return null;
  return {
    x: originX + box.x * step,
    y: originY + box.y * step,
    width: box.width * step,
    height: box.height * step,
  };
}
