// Owns the exact Euclidean distance transform, in time linear in the pixels: one sweep down and up each column, then the lower envelope
// of parabolas along each row (Felzenszwalb and Huttenlocher 2012, "Distance Transforms of Sampled Functions").

/** The distance between the centres of neighbouring columns (x) and rows (y), in any unit; both above 0. */
export interface Spacing {
  readonly x: number;
  readonly y: number;
}

/**
 * For each pixel the squared distance from its centre to that of the nearest feature pixel, in squared units of the spacing; Infinity
 * everywhere where there is no feature. `features`: row-major, width × height, 0 or not.
 */
export function squaredDistances(features: Uint8Array, width: number, height: number, spacing: Spacing): Float64Array {
  const squared = columnDistances(features, width, height, spacing.y);
  const envelope = new LowerEnvelope(width, spacing.x);
  for (let row = 0; row < height; row += 1) envelope.apply(squared.subarray(row * width, (row + 1) * width));
  return squared;
}

/** Squared distance to the nearest feature of the same column. */
function columnDistances(features: Uint8Array, width: number, height: number, spacing: number): Float64Array {
  const squared = new Float64Array(width * height);
  for (let column = 0; column < width; column += 1) {
    let rows = Infinity;
    for (let row = 0; row < height; row += 1) {
      const index = row * width + column;
      rows = features[index] ? 0 : rows + 1;
      squared[index] = rows;
    }
    for (let row = height - 1; row >= 0; row -= 1) {
      const index = row * width + column;
      rows = Math.min(squared[index], rows + 1);
      squared[index] = (rows * spacing) ** 2;
    }
  }
  return squared;
}

/** min over v of (x - v)² + f(v) for every x of a row, by the lower envelope of the parabolas at v. */
class LowerEnvelope {
  private readonly spacing: number;
  /** Column and height of each parabola in the envelope, and where it begins to be the lowest. */
  private readonly vertex: Float64Array;
  private readonly height: Float64Array;
  private readonly start: Float64Array;

  constructor(length: number, spacing: number) {
    this.spacing = spacing;
    this.vertex = new Float64Array(length);
    this.height = new Float64Array(length);
    this.start = new Float64Array(length);
  }

  /** In place. Columns without a feature (Infinity) have no parabola. */
  apply(row: Float64Array): void {
    const { spacing, vertex, height, start } = this;
    let count = 0;
    for (let column = 0; column < row.length; column += 1) {
      if (row[column] === Infinity) continue;
      const x = column * spacing;
      let from = -Infinity;
      while (count > 0) {
        const last = count - 1;
        // (s - x)² + f(x) = (s - v)² + f(v)  =>  s = (f(x) + x² - f(v) - v²) / 2(x - v)
        from = (row[column] + x * x - height[last] - vertex[last] * vertex[last]) / (2 * (x - vertex[last]));
        if (from > start[last]) break;
        count -= 1;
      }
      vertex[count] = x;
      height[count] = row[column];
      start[count] = from;
      count += 1;
    }
    if (count === 0) return;
    let lowest = 0;
    for (let column = 0; column < row.length; column += 1) {
      const x = column * spacing;
      while (lowest + 1 < count && start[lowest + 1] < x) lowest += 1;
      row[column] = (x - vertex[lowest]) ** 2 + height[lowest];
    }
  }
}
