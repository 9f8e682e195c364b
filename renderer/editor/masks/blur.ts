// Owns the Gaussian blur.

/**
 * Row-major, width × height; deviations in columns and in rows, 0 for none. Beyond the edges the values repeat their last one. Both
 * passes run along rows, which lie together in memory.
 */
export function blur(values: Uint8Array, width: number, height: number, sigmaX: number, sigmaY: number): Float32Array {
  const across = gaussian(sigmaX);
  const down = gaussian(sigmaY);
  const rows = new Float32Array(values.length);
  for (let row = 0; row < height; row += 1) {
    blurRow(values.subarray(row * width, (row + 1) * width), rows.subarray(row * width, (row + 1) * width), across);
  }
  const blurred = new Float32Array(values.length);
  for (let row = 0; row < height; row += 1) {
    const target = blurred.subarray(row * width, (row + 1) * width);
    for (let away = 1 - down.length; away < down.length; away += 1) {
      const source = Math.min(height - 1, Math.max(0, row + away)) * width;
      const weight = down[Math.abs(away)];
      for (let column = 0; column < width; column += 1) target[column] += weight * rows[source + column];
    }
  }
  return blurred;
}

function blurRow(source: Uint8Array, target: Float32Array, weights: Float32Array): void {
  const width = source.length;
  for (let away = 1 - weights.length; away < weights.length; away += 1) {
    const weight = weights[Math.abs(away)];
    // The columns whose neighbour at this distance lies inside; the others take the last one there is.
    const first = Math.min(width, Math.max(0, -away));
    const end = Math.max(first, Math.min(width, width - away));
    for (let column = 0; column < first; column += 1) target[column] += weight * source[0];
    for (let column = first; column < end; column += 1) target[column] += weight * source[column + away];
    for (let column = end; column < width; column += 1) target[column] += weight * source[width - 1];
  }
}

/** Weights from the centre outwards; weights[0] + 2 × the others is 1. */
function gaussian(sigma: number): Float32Array {
  const weights = new Float32Array(1 + Math.ceil(3 * sigma));
  for (let i = 0; i < weights.length; i += 1) weights[i] = sigma === 0 ? 1 : Math.exp(-(i * i) / (2 * sigma * sigma));
  const sum = weights.reduce((total, weight, index) => total + (index === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / sum);
}
