// Owns the connected parts of a mask. Pixels that touch only at a corner are separate parts, as in its contours.
import { type BinaryMask, createMask } from './mask.ts';

/** The pixels of every part, as indices into `mask.data`; parts in the order of their first pixel. */
export function findParts(mask: BinaryMask): Uint32Array[] {
  const { width, data } = mask;
  const parts: Uint32Array[] = [];
  const seen = new Uint8Array(data.length);
  const stack: number[] = [];
  const visit = (index: number): void => {
    if (data[index] === 0 || seen[index] === 1) return;
    seen[index] = 1;
    stack.push(index);
  };
  for (let start = data.indexOf(1); start >= 0; start = data.indexOf(1, start + 1)) {
    if (seen[start] === 1) continue;
    const pixels: number[] = [];
    visit(start);
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      pixels.push(index);
      const x = index % width;
      if (x > 0) visit(index - 1);
      if (x < width - 1) visit(index + 1);
      if (index >= width) visit(index - width);
      if (index < data.length - width) visit(index + width);
    }
    parts.push(Uint32Array.from(pixels));
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
