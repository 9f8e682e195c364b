// Owns label maps, for formats with one number a pixel: which number each structure gets, and what such a map cannot show where masks overlap.
import { countMaskPixels, encodedMasksMeet } from '../common/mask.ts';
import type { BinaryMask } from '../common/mask.ts';
import { groupByFrame } from './annotation-set.ts';
import type { AnnotationSet, ExportAnnotation } from './annotation-set.ts';
import { counted } from './losses.ts';

/** The most labels that a map of one byte a pixel holds beside the background; 255 is left for "no label". */
export const mostLabels = 254;

export interface NumberedMask {
  readonly annotation: ExportAnnotation;
  readonly mask: BinaryMask;
  /** From 1. */
  readonly number: number;
}

export interface Labelmap {
  /** Row-major; 0 is background. */
  readonly numbers: Uint8Array;
  /** Masks of which the map does not show every pixel, since another lies on top. */
  readonly covered: readonly NumberedMask[];
}

/** Where masks overlap the smaller one is on top, so that a structure inside another is seen. */
export function paintLabelmap(masks: readonly NumberedMask[], width: number, height: number): Labelmap {
  const numbers = new Uint8Array(width * height);
  const sizes = new Map(masks.map(({ mask, number }) => [number, countMaskPixels(mask)]));
  const sizeOf = ({ number }: NumberedMask) => sizes.get(number) ?? 0;
  const ordered = masks.toSorted((a, b) => sizeOf(b) - sizeOf(a));
  const covered = new Set<NumberedMask>();
  const byNumber = new Map(masks.map((entry) => [entry.number, entry]));
  for (const { mask, number } of ordered) {
    mask.data.forEach((value, index) => {
      if (value === 0) return;
      const below = byNumber.get(numbers[index]);
      if (below) covered.add(below);
      numbers[index] = number;
    });
  }
  return { numbers, covered: masks.filter((entry) => covered.has(entry)) };
}

/** The pixels of a label map that have a number. */
export function maskOfNumber(numbers: Uint8Array, number: number, width: number, height: number): BinaryMask {
  return { width, height, data: numbers.map((value) => (value === number ? 1 : 0)) };
}

/** How many annotations share a pixel with another of their frame. */
export function countOverlapping(set: AnnotationSet): number {
  let count = 0;
  for (const { annotations } of groupByFrame(set.annotations)) {
    if (annotations.length < 2) continue;
    count += annotations.filter((one) =>
      annotations.some((other) => one !== other && encodedMasksMeet(one.mask, other.mask)),
    ).length;
  }
  return count;
}

/** `place` is where the whole masks of those that overlap are kept beside the map. */
export function overlapLosses(set: AnnotationSet, place: string): string[] {
  const overlapping = countOverlapping(set);
  if (overlapping === 0) return [];
  return [
    `${counted(overlapping, 'mask')} overlap another: a label map has one number a pixel and shows the smaller one on top. The whole masks are in ${place}, which other programs pass over.`,
  ];
}

/** The colours of PASCAL VOC's label maps: the bits of the number go, three at a time, into the high bits of red, green and blue. */
export function vocPalette(): [number, number, number][] {
  return Array.from({ length: 256 }, (_, number) => {
    const color: [number, number, number] = [0, 0, 0];
    for (let bit = 0; bit < 8; bit += 1) color[bit % 3] |= ((number >> bit) & 1) << (7 - Math.floor(bit / 3));
    return color;
  });
}
