// Owns thumbnails for comparison: what of a picture survives another encoding, size, gain and burned-in marks.
import type { GrayFrame } from './gray-frame.ts';

/** What is kept of a picture for comparison; about 22 kB. */
export interface Thumbnail {
  /** (16, 16), mean 0, length 1. */
  readonly coarse: Float32Array;
  /** The same picture in squares of 16, 32 and 64, each freed of local brightness and contrast; coarse first. */
  readonly levels: readonly Float32Array[];
}

/** Pixels along each side of the levels, coarse first; each is half the next. */
export const thumbnailSides = [16, 32, 64] as const;

const [smallSide, middleSide, fineSide] = thumbnailSides;

/** The thumbnail of a frame; its aspect ratio is not kept. */
export function createThumbnail(frame: GrayFrame): Thumbnail {
  const fine = areaAverage(frame, fineSide);
  const middle = halve(fine, fineSide);
  const small = halve(middle, middleSide);
  const levels = [
    normalizeLocally(small, smallSide),
    normalizeLocally(middle, middleSide),
    normalizeLocally(fine, fineSide),
  ];
  return { coarse: normalize(small), levels };
}

/** (side, side): the mean grey level of each cell of the frame; pixels that two cells share count by area. */
function areaAverage({ width, height, gray }: GrayFrame, side: number): Float32Array {
  const narrowed = new Float32Array(height * side);
  averageRuns(width, side, (cell, column, share) => {
    for (let row = 0; row < height; row += 1) narrowed[row * side + cell] += gray[row * width + column] * share;
  });
  const output = new Float32Array(side * side);
  averageRuns(height, side, (cell, row, share) => {
    for (let i = 0; i < side; i += 1) output[cell * side + i] += narrowed[row * side + i] * share;
  });
  return output;
}

/** Calls back for each cell and each pixel that it covers, with the pixel's share of the cell. */
function averageRuns(length: number, cells: number, add: (cell: number, pixel: number, share: number) => void): void {
  const size = length / cells;
  for (let cell = 0; cell < cells; cell += 1) {
    const [from, to] = [cell * size, (cell + 1) * size];
    for (let pixel = Math.floor(from); pixel < Math.min(length, Math.ceil(to)); pixel += 1)
      add(cell, pixel, (Math.min(to, pixel + 1) - Math.max(from, pixel)) / size);
  }
}

function halve(plane: Float32Array, side: number): Float32Array {
  const half = side / 2;
  const output = new Float32Array(half * half);
  for (let row = 0; row < half; row += 1)
    for (let column = 0; column < half; column += 1) {
      const at = 2 * row * side + 2 * column;
      output[row * half + column] = (plane[at] + plane[at + 1] + plane[at + side] + plane[at + side + 1]) / 4;
    }
  return output;
}

/** Mean 0, length 1; all 0 for an even plane. */
function normalize(plane: Float32Array): Float32Array {
  const mean = plane.reduce((sum, value) => sum + value, 0) / plane.length;
  const centered = plane.map((value) => value - mean);
  const length = Math.sqrt(centered.reduce((sum, value) => sum + value * value, 0));
  return length > 1e-6 ? centered.map((value) => value / length) : centered.fill(0);
}

/**
 * (value - local mean) / local deviation, so that gain, depth compensation and dynamic range do not matter; cut at 2, so that a burned-in
 * mark weighs no more than a grain of speckle. Where there is next to no contrast the result is near 0.
 */
function normalizeLocally(plane: Float32Array, side: number): Float32Array {
  const mean = plane.reduce((sum, value) => sum + value, 0) / plane.length;
  const variance = plane.reduce((sum, value) => sum + (value - mean) ** 2, 0) / plane.length;
  const floor = 0.01 * variance + 1e-6;
  const means = boxAverage(plane, side);
  const squares = boxAverage(
    plane.map((value) => value * value),
    side,
  );
  return plane.map((value, at) => {
    const deviation = Math.sqrt(Math.max(0, squares[at] - means[at] ** 2) + floor);
    return Math.max(-2, Math.min(2, (value - means[at]) / deviation));
  });
}

/** The mean of the up to 9×9 values around each; one axis after the other. */
function boxAverage(plane: Float32Array, side: number): Float32Array {
  const radius = 4;
  let source = plane;
  for (const [alongStep, acrossStep] of [
    [1, side],
    [side, 1],
  ]) {
    const output = new Float32Array(plane.length);
    for (let line = 0; line < side; line += 1)
      for (let at = 0; at < side; at += 1) {
        const from = Math.max(0, at - radius);
        const to = Math.min(side - 1, at + radius);
        let sum = 0;
        for (let i = from; i <= to; i += 1) sum += source[line * acrossStep + i * alongStep];
        output[line * acrossStep + at * alongStep] = sum / (to - from + 1);
      }
    source = output;
  }
  return source;
}
