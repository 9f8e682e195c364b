// Owns what is done to the grey levels of a training picture so that the network leans on the structure and not on what lies around or over
// it: smoothing (another machine's speckle), caliper marks (a habit of who drew them, not a finding), a hidden rectangle (text, shadow).
import type { Random } from '../nn/random.ts';

/** The chance of each, 0 to 1. */
export interface Disturbance {
  readonly smoothing: number;
  readonly calipers: number;
  readonly hiding: number;
}

/** Longest side of the hidden rectangle as a share of the square, and how much of the target it may hide. */
const hiddenSide = 0.3;
const hiddenShare = 0.3;

/** Passes of smoothing at most. */
const mostSmoothing = 3;

/** plane: side² levels of 0..1, changed in place; target: side², 0 or 1, which stays true. */
export function disturb(
  plane: Float32Array,
  target: Float32Array,
  side: number,
  { smoothing, calipers, hiding }: Disturbance,
  random: Random,
): void {
  if (random.next() < smoothing)
    for (let pass = random.integer(mostSmoothing); pass >= 0; pass -= 1) smooth(plane, side);
  if (random.next() < calipers) for (let mark = 0; mark < 2; mark += 1) drawMark(plane, side, random);
  if (random.next() < hiding) hide(plane, target, side, random);
}

/** Binomial smoothing (1 2 1) / 4 along rows, then along columns; the outermost pixels stay. */
function smooth(plane: Float32Array, side: number): void {
  for (const [step, across] of [
    [1, side],
    [side, 1],
  ]) {
    for (let line = 0; line < side; line += 1) {
      let before = plane[line * across];
      for (let i = 1; i < side - 1; i += 1) {
        const index = line * across + i * step;
        const here = plane[index];
        plane[index] = (before + 2 * here + plane[index + step]) / 4;
        before = here;
      }
    }
  }
}

/** A bright cross, upright or diagonal, somewhere. */
function drawMark(plane: Float32Array, side: number, random: Random): void {
  const arm = 2 + random.integer(3);
  const level = 0.7 + 0.3 * random.next();
  const isDiagonal = random.next() < 0.5;
  const [x, y] = [arm + random.integer(side - 2 * arm), arm + random.integer(side - 2 * arm)];
  for (let i = -arm; i <= arm; i += 1) {
    plane[(isDiagonal ? y + i : y) * side + x + i] = level;
    plane[(y + i) * side + (isDiagonal ? x - i : x)] = level;
  }
}

/** One even rectangle, unless it would hide too much of the target to be told what it was. */
function hide(plane: Float32Array, target: Float32Array, side: number, random: Random): void {
  const [width, height] = [0, 0].map(() => Math.max(1, Math.round(side * hiddenSide * random.next())));
  const [left, top] = [random.integer(side - width), random.integer(side - height)];
  const level = random.next() < 0.5 ? 0 : random.next();
  let hidden = 0;
  for (let y = top; y < top + height; y += 1)
    for (let x = left; x < left + width; x += 1) hidden += target[y * side + x];
  if (hidden > hiddenShare * target.reduce((sum, value) => sum + value, 0)) return;
  for (let y = top; y < top + height; y += 1) plane.fill(level, y * side + left, y * side + left + width);
}
