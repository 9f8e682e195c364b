// Owns binary masks: one structure in one frame, and their run-length bytes for the store and the wire.
import { AppError } from './errors.ts';
import type { ImageBox } from './geometry.ts';

/** Row-major, one byte a pixel, 0 or 1. `data.length === width * height`. */
export interface BinaryMask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export function createMask(width: number, height: number): BinaryMask {
  return { width, height, data: new Uint8Array(width * height) };
}

/** Lengths of the alternating runs in row-major order; the first run is of zeros and may be 0. */
export function maskToRuns(mask: BinaryMask): number[] {
  const runs: number[] = [];
  const { data } = mask;
  let start = 0;
  for (let value = 0; ; value ^= 1) {
    // A search of the whole array's own, many pixels at a time.
    const end = data.indexOf(value ^ 1, start);
    if (end < 0) break;
    runs.push(end - start);
    start = end;
  }
  runs.push(data.length - start);
  return runs;
}

/** The inverse of maskToRuns. Throws AppError('corrupt') where the runs do not fill the mask exactly. */
export function runsToMask(runs: readonly number[], width: number, height: number): BinaryMask {
  const data = new Uint8Array(width * height);
  let position = 0;
  runs.forEach((length, index) => {
    if (index % 2 === 1) data.fill(1, position, position + length);
    position += length;
  });
  if (position !== data.length) {
    throw new AppError('corrupt', `Mask runs cover ${position} pixels; ${width}×${height} needs ${data.length}.`);
  }
  return { width, height, data };
}

/** Run lengths as LEB128 variable-length integers: what the store keeps and the wire carries. */
export function encodeMask(mask: BinaryMask): Uint8Array {
  const bytes: number[] = [];
  for (let run of maskToRuns(mask)) {
    while (run > 127) {
      bytes.push((run & 127) | 128);
      run >>>= 7;
    }
    bytes.push(run);
  }
  return Uint8Array.from(bytes);
}

/** The inverse of encodeMask. Throws AppError('corrupt') on bytes that are cut or do not fit the size. */
export function decodeMask(bytes: Uint8Array, width: number, height: number): BinaryMask {
  return runsToMask(decodeRuns(bytes), width, height);
}

/** The run lengths in the bytes of encodeMask, as maskToRuns gives them. Throws AppError('corrupt') on bytes that are cut. */
export function decodeRuns(bytes: Uint8Array): number[] {
  const runs: number[] = [];
  let run = 0;
  let shift = 0;
  for (const byte of bytes) {
    run += (byte & 127) * 2 ** shift;
    if (byte & 128) {
      shift += 7;
    } else {
      runs.push(run);
      run = 0;
      shift = 0;
    }
  }
  if (shift !== 0) throw new AppError('corrupt', 'Mask bytes end in the middle of a run.');
  return runs;
}

/**
 * Dice overlap of two masks of one size as encodeMask has them, without unpacking a pixel; two empty masks agree (1).
 * Throws AppError('corrupt') on bytes that are cut.
 */
export function encodedDice(a: Uint8Array, b: Uint8Array): number {
  const [first, second] = [decodeRuns(a), decodeRuns(b)];
  const sum = onesIn(first) + onesIn(second);
  return sum === 0 ? 1 : (2 * sharedOnes(first, second)) / sum;
}

/** Whether two masks of one size, likewise, share a pixel. */
export function encodedMasksMeet(a: Uint8Array, b: Uint8Array): boolean {
  return sharedOnes(decodeRuns(a), decodeRuns(b)) > 0;
}

function sharedOnes(first: readonly number[], second: readonly number[]): number {
  let both = 0;
  let [i, j] = [0, 0];
  // Where the present run of each ends.
  let [endOfFirst, endOfSecond] = [first[0] ?? 0, second[0] ?? 0];
  for (let position = 0; i < first.length && j < second.length;) {
    const end = Math.min(endOfFirst, endOfSecond);
    // Every second run is of ones.
    if (i % 2 === 1 && j % 2 === 1) both += end - position;
    position = end;
    if (endOfFirst === end) endOfFirst += first[(i += 1)] ?? 0;
    if (endOfSecond === end) endOfSecond += second[(j += 1)] ?? 0;
  }
  return both;
}

function onesIn(runs: readonly number[]): number {
  return runs.reduce((sum, length, index) => (index % 2 === 1 ? sum + length : sum), 0);
}

export function countMaskPixels(mask: BinaryMask): number {
  return countOnes(mask.data, null);
}

/** Pixels that are in one of the masks and not in the other. Throws AppError('bad-input') when the sizes differ. */
export function countDifferentPixels(a: BinaryMask, b: BinaryMask): number {
  refuseOtherSize(a, b);
  return countOnes(a.data, b.data);
}

/** The smallest box around the mask, or null for an empty one. */
export function maskBox(mask: BinaryMask): ImageBox | null {
  const { width, data } = mask;
  const first = data.indexOf(1);
  if (first < 0) return null;
  const top = Math.floor(first / width);
  const bottom = Math.floor(data.lastIndexOf(1) / width);
  let left = width;
  let right = -1;
  for (let row = top; row <= bottom; row += 1) {
    const start = row * width;
    // Only what lies further out than the rows before can change the box.
    const outer = data.subarray(start, start + left).indexOf(1);
    if (outer >= 0) left = outer;
    const last = data.subarray(start + right + 1, start + width).lastIndexOf(1);
    if (last >= 0) right += last + 1;
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Dice overlap in 0..1; two empty masks agree (1). Throws AppError('bad-input') when the sizes differ. */
export function maskDice(a: BinaryMask, b: BinaryMask): number {
  const { both, sum } = countOverlap(a, b);
  return sum === 0 ? 1 : (2 * both) / sum;
}

/** Intersection over union in 0..1; two empty masks agree (1). Throws AppError('bad-input') when the sizes differ. */
export function maskIoU(a: BinaryMask, b: BinaryMask): number {
  const { both, sum } = countOverlap(a, b);
  return sum === 0 ? 1 : both / (sum - both);
}

/** Pixels that both have, and the sum of what each has. */
function countOverlap(a: BinaryMask, b: BinaryMask): { both: number; sum: number } {
  const different = countDifferentPixels(a, b);
  const sum = countMaskPixels(a) + countMaskPixels(b);
  // What both have is counted twice in the sum.
  return { both: (sum - different) / 2, sum };
}

export function masksEqual(a: BinaryMask, b: BinaryMask): boolean {
  return a.width === b.width && a.height === b.height && countOnes(a.data, b.data) === 0;
}

function refuseOtherSize(a: BinaryMask, b: BinaryMask): void {
  if (a.width === b.width && a.height === b.height) return;
  throw new AppError('bad-input', `Masks differ in size: ${a.width}×${a.height} and ${b.width}×${b.height}.`);
}

/** The sum of bytes that are 0 or 1, or of those in which two arrays of them differ: four at a time, since this runs after every gesture. */
function countOnes(data: Uint8Array, other: Uint8Array | null): number {
  const words = wordsOf(data);
  const otherWords = other && wordsOf(other);
  let count = 0;
  // Each byte of the sum has room for 255 words before it runs over.
  for (let start = 0; start < words.length; start += 255) {
    const end = Math.min(words.length, start + 255);
    let sum = 0;
    for (let index = start; index < end; index += 1) {
      sum += otherWords ? words[index] ^ otherWords[index] : words[index];
    }
    count += (sum & 255) + ((sum >>> 8) & 255) + ((sum >>> 16) & 255) + (sum >>> 24);
  }
  for (let index = 4 * words.length; index < data.length; index += 1) {
    count += other ? data[index] ^ other[index] : data[index];
  }
  return count;
}

/** The same bytes four at a time, without the up to three at their end. */
function wordsOf(data: Uint8Array): Uint32Array {
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, data.length >> 2);
}
