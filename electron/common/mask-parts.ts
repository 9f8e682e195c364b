// Owns the connected parts of a mask. Pixels that touch only at a corner are separate parts, as in its contours.
import { type BinaryMask, countMaskPixels, createMask } from './mask.ts';

/** The pixels of every part, as indices into `mask.data`; parts in the order of their first pixel. */
export function findParts(mask: BinaryMask): Uint32Array[] {
  const { width, data } = mask;
  const parts: Uint32Array[] = [];
  const left = data.slice(); // pixels of the mask that no part has yet
  // Every pixel enters once, so that it holds all of a part and what waits behind it.
  const reached = new Uint32Array(countMaskPixels(mask));
  for (let start = left.indexOf(1); start >= 0; start = left.indexOf(1, start + 1)) {
    let count = 0;
    const visit = (index: number): void => {
      if (left[index] === 0) return;
      left[index] = 0;
      reached[count++] = index;
    };
    visit(start);
    for (let next = 0; next < count; next += 1) {
      const index = reached[next];
      const x = index % width;
      if (x > 0) visit(index - 1);
      if (x < width - 1) visit(index + 1);
      if (index >= width) visit(index - width);
      if (index < left.length - width) visit(index + width);
    }
    parts.push(reached.slice(0, count));
  }
  return parts;
}

/** The mask with its largest part alone; of two that are equal, the one that begins higher up. */
export function keepLargestPart(mask: BinaryMask): BinaryMask {
  const kept = createMask(mask.width, mask.height);
  let largest: Uint32Array = new Uint32Array();
  for (const part of findParts(mask)) if (part.length > largest.length) largest = part;
  for (const index of largest) kept.data[index] = 1;
  return kept;
}
