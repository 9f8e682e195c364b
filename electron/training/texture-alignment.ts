// Owns the alignment of two textures: a stretch and a shift along each axis, by least squares.
// Source: Lucas and Kanade, An Iterative Image Registration Technique, IJCAI 1981.

/** A point (x, y) of the first picture, both in -1..1, lies at (scaleX x + shiftX, scaleY y + shiftY) of the second. */
export interface Placement {
  readonly scaleX: number;
  readonly shiftX: number;
  readonly scaleY: number;
  readonly shiftY: number;
}

const iterations = 6;

export interface Alignment {
  readonly placement: Placement;
  /** Correlation over the part that both show, -1..1. */
  readonly similarity: number;
}

/** Improves `start` while the correlation of two (side, side) textures of mean 0 grows. */
export function alignTextures(one: Float32Array, another: Float32Array, side: number, start: Placement): Alignment {
  let current = { placement: start, ...compare(one, another, side, start) };
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const step = solve(current.matrix, current.vector);
    if (!step) break;
    const { scaleX, shiftX, scaleY, shiftY } = current.placement;
    const placement: Placement = {
      scaleX: scaleX + step[0],
      shiftX: shiftX + step[1],
      scaleY: scaleY + step[2],
      shiftY: shiftY + step[3],
    };
    if (!isSmallChange(placement)) break;
    const next = { placement, ...compare(one, another, side, placement) };
    if (next.similarity <= current.similarity) break;
    const gained = next.similarity - current.similarity;
    current = next;
    if (gained < 1e-3) break;
  }
  return current;
}

function isSmallChange({ scaleX, shiftX, scaleY, shiftY }: Placement): boolean {
  const scales = [scaleX, scaleY].every((scale) => scale > 0.7 && scale < 1.4);
  return scales && Math.abs(shiftX) < 0.4 && Math.abs(shiftY) < 0.4;
}

/** Correlation over the common part, and the normal equations of the least-squares step to a better placement. */
function compare(one: Float32Array, another: Float32Array, side: number, placement: Placement) {
  const matrix = new Float64Array(16);
  const vector = new Float64Array(4);
  const half = side / 2;
  let [product, oneSquares, anotherSquares] = [0, 0, 0];
  for (let row = 0; row < side; row += 1) {
    const y = (row + 0.5) / half - 1;
    const v = (placement.scaleY * y + placement.shiftY + 1) * half - 0.5;
    const top = Math.floor(v);
    if (top < 0 || top + 1 >= side) continue;
    const fy = v - top;
    for (let column = 0; column < side; column += 1) {
      const x = (column + 0.5) / half - 1;
      const u = (placement.scaleX * x + placement.shiftX + 1) * half - 0.5;
      const left = Math.floor(u);
      if (left < 0 || left + 1 >= side) continue;
      const fx = u - left;
      const at = top * side + left;
      const a = another[at];
      const b = another[at + 1];
      const c = another[at + side];
      const d = another[at + side + 1];
      const value = (a + (b - a) * fx) * (1 - fy) + (c + (d - c) * fx) * fy;
      const target = one[row * side + column];
      product += value * target;
      oneSquares += target * target;
      anotherSquares += value * value;
      const gradientX = ((b - a) * (1 - fy) + (d - c) * fy) * half;
      const gradientY = ((c - a) * (1 - fx) + (d - b) * fx) * half;
      const g0 = gradientX * x;
      const g2 = gradientY * y;
      const error = target - value;
      matrix[0] += g0 * g0;
      matrix[1] += g0 * gradientX;
      matrix[2] += g0 * g2;
      matrix[3] += g0 * gradientY;
      matrix[5] += gradientX * gradientX;
      matrix[6] += gradientX * g2;
      matrix[7] += gradientX * gradientY;
      matrix[10] += g2 * g2;
      matrix[11] += g2 * gradientY;
      matrix[15] += gradientY * gradientY;
      vector[0] += g0 * error;
      vector[1] += gradientX * error;
      vector[2] += g2 * error;
      vector[3] += gradientY * error;
    }
  }
  for (let i = 0; i < 4; i += 1) for (let j = 0; j < i; j += 1) matrix[i * 4 + j] = matrix[j * 4 + i];
  const energy = Math.sqrt(oneSquares * anotherSquares);
  return { similarity: energy > 0 ? product / energy : 0, matrix, vector };
}

/** Solves the symmetric 4×4 system by Cholesky; null where it is singular (a picture without texture). */
function solve(matrix: Float64Array, vector: Float64Array): Float64Array | null {
  const lower = new Float64Array(16);
  const solution = Float64Array.from(vector);
  for (let i = 0; i < 4; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i * 4 + j];
      for (let k = 0; k < j; k += 1) sum -= lower[i * 4 + k] * lower[j * 4 + k];
      if (i === j && !(sum > 1e-6)) return null;
      lower[i * 4 + j] = i === j ? Math.sqrt(sum) : sum / lower[j * 4 + j];
    }
    for (let k = 0; k < i; k += 1) solution[i] -= lower[i * 4 + k] * solution[k];
    solution[i] /= lower[i * 4 + i];
  }
  for (let i = 3; i >= 0; i -= 1) {
    for (let k = i + 1; k < 4; k += 1) solution[i] -= lower[k * 4 + i] * solution[k];
    solution[i] /= lower[i * 4 + i];
  }
  return solution;
}
