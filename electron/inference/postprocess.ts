// Owns the way back: logits in the model's square to a mask of the frame's own size.
import { createMask, type BinaryMask } from '../common/mask.ts';
import type { ModelFrame } from './preprocess.ts';

export interface SegmentationOutput {
  readonly mask: BinaryMask;
  /** Mean probability of the structure inside the mask; 0 for an empty one. */
  readonly meanProbability: number;
  /** Pixels of the square with probability between 0.25 and 0.75, relative to those inside the mask (at least 1 % of the square). */
  readonly uncertainty: number;
}

/** Log-odds of the structure, second logit less the first, of sample `index`. logits: (N, 2, side, side) -> (side, side). */
export function logOdds(logits: Float32Array, side: number, index = 0): Float32Array {
  const plane = side * side;
  const offset = 2 * plane * index;
  const odds = new Float32Array(plane);
  for (let i = 0; i < plane; i += 1) odds[i] = logits[offset + plane + i] - logits[offset + i];
  return odds;
}

/** What the odds call structure, in the network's square. odds: (side, side) */
export function foundMask(odds: Float32Array, side: number): BinaryMask {
  const found = createMask(side, side);
  for (let i = 0; i < odds.length; i += 1) if (odds[i] > 0) found.data[i] = 1;
  return found;
}

/** Left and right swapped in every row of `width` values, in every plane; a copy. */
export function mirrorRows(values: Float32Array, width: number): Float32Array {
  const mirrored = values.slice();
  for (let start = 0; start < mirrored.length; start += width) mirrored.subarray(start, start + width).reverse();
  return mirrored;
}

/** Pastes the square back into the frame: bilinear between model pixels, 0 (background) outside the square. */
export function pasteMask(odds: Float32Array, frame: ModelFrame, size: { width: number; height: number }): BinaryMask {
  const mask = createMask(size.width, size.height);
  pasteRows(odds, frame, size, (line, highest, columns, start) => {
    if (highest <= 0) return;
    for (let x = columns.from; x < columns.to; x += 1) if (between(line, columns, x) > 0) mask.data[start + x] = 1;
  });
  return mask;
}

/**
 * Probability of the structure in every pixel of the frame, in 255ths, row by row: sigmoid of what `pasteMask` decides on, 0 outside the square.
 * Values from 128 up are the pixels of the mask, exactly; half a 255th is the most that a value is off.
 */
export function pasteProbabilities(
  odds: Float32Array,
  frame: ModelFrame,
  size: { width: number; height: number },
): Uint8Array {
  const values = new Uint8Array(size.width * size.height);
  pasteRows(odds, frame, size, (line, _highest, columns, start) => {
    for (let x = columns.from; x < columns.to; x += 1) {
      const logit = between(line, columns, x);
      const value = Math.round(255 / (1 + Math.exp(-logit)));
      // Even odds round to 128, and are background.
      values[start + x] = logit > 0 ? value : Math.min(127, value);
    }
  });
  return values;
}

/** Gives every row of the frame in the square between two rows of the model, with its highest value and the index of its first pixel. */
function pasteRows(
  odds: Float32Array,
  { side, step, originX, originY }: ModelFrame,
  size: { width: number; height: number },
  paste: (line: Float64Array, highest: number, columns: Interpolation, start: number) => void,
): void {
  const columns = interpolation(originX, step, side, size.width);
  const rows = interpolation(originY, step, side, size.height);
  const line = new Float64Array(side);
  for (let y = rows.from; y < rows.to; y += 1) {
    const upper = rows.lower[y] * side;
    const lower = rows.upper[y] * side;
    const down = rows.fraction[y];
    let highest = -Infinity;
    for (let i = 0; i < side; i += 1) {
      line[i] = odds[upper + i] * (1 - down) + odds[lower + i] * down;
      if (line[i] > highest) highest = line[i];
    }
    paste(line, highest, columns, y * size.width);
  }
}

function between(line: Float64Array, { lower, upper, fraction }: Interpolation, x: number): number {
  return line[lower[x]] * (1 - fraction[x]) + line[upper[x]] * fraction[x];
}

/** Mask and confidence of one sample's log-odds. */
export function readSegmentation(
  odds: Float32Array,
  frame: ModelFrame,
  size: { width: number; height: number },
): SegmentationOutput {
  const decided = Math.log(3); // log-odds of probability 0.75
  let inside = 0;
  let sum = 0;
  let unsure = 0;
  for (const value of odds) {
    if (value > 0) {
      inside += 1;
      sum += 1 / (1 + Math.exp(-value));
    }
    if (value > -decided && value < decided) unsure += 1;
  }
  return {
    mask: pasteMask(odds, frame, size),
    meanProbability: inside === 0 ? 0 : sum / inside,
    uncertainty: Math.min(1, unsure / Math.max(inside, odds.length * 0.01)),
  };
}

interface Interpolation {
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  readonly fraction: Float32Array;
  /** The pixels [from, to) whose centre lies in the square. */
  readonly from: number;
  readonly to: number;
}

function interpolation(origin: number, step: number, side: number, length: number): Interpolation {
  const lower = new Int32Array(length);
  const upper = new Int32Array(length);
  const fraction = new Float32Array(length);
  let from = length;
  let to = 0;
  for (let i = 0; i < length; i += 1) {
    const position = (i + 0.5 - origin) / step;
    if (position < 0 || position > side) continue;
    from = Math.min(from, i);
    to = i + 1;
    const clamped = Math.min(side - 1, Math.max(0, position - 0.5));
    lower[i] = Math.floor(clamped);
    upper[i] = Math.min(side - 1, lower[i] + 1);
    fraction[i] = clamped - lower[i];
  }
  return { lower, upper, fraction, from, to };
}
