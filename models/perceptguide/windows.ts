// Owns the geometry of shifted windows (Liu et al. 2021): partition and cyclic shift as one permutation, the mask, the bias index.

/** For each token in window order, its index in raster order. Null where one unshifted window covers the grid: nothing to reorder. */
export function windowPermutation(side: number, window: number, shift: number): number[] | null {
  if (side === window && shift === 0) return null;
  const perSide = side / window;
  return Array.from({ length: side * side }, (_, index) => {
    const within = index % (window * window);
    const which = Math.floor(index / (window * window));
    const row = Math.floor(which / perSide) * window + Math.floor(within / window);
    const column = (which % perSide) * window + (within % window);
    return ((row + shift) % side) * side + ((column + shift) % side);
  });
}

export function invertPermutation(permutation: readonly number[] | null): number[] | null {
  if (!permutation) return null;
  const inverse = Array.from<number>({ length: permutation.length });
  permutation.forEach((from, to) => {
    inverse[from] = to;
  });
  return inverse;
}

/** 0 between tokens that were neighbours before the shift, -100 across the seam. (windows, window², window²), row-major. */
export function shiftMask(side: number, window: number, shift: number): Float32Array {
  const region = (position: number): number => (position < side - window ? 0 : position < side - shift ? 1 : 2);
  const perSide = side / window;
  const tokens = window * window;
  const mask = new Float32Array(perSide * perSide * tokens * tokens);
  const regionOf = (which: number, token: number): number => {
    const row = Math.floor(which / perSide) * window + Math.floor(token / window);
    const column = (which % perSide) * window + (token % window);
    return region(row) * 3 + region(column);
  };
  let index = 0;
  for (let which = 0; which < perSide * perSide; which += 1) {
    for (let a = 0; a < tokens; a += 1) {
      for (let b = 0; b < tokens; b += 1) mask[index++] = regionOf(which, a) === regionOf(which, b) ? 0 : -100;
    }
  }
  return mask;
}

/** For each pair of tokens of a window, the row of the bias table of their offset. window⁴ numbers. */
export function relativePositionIndex(window: number): number[] {
  const tokens = window * window;
  return Array.from({ length: tokens * tokens }, (_, pair) => {
    const [a, b] = [Math.floor(pair / tokens), pair % tokens];
    const rows = Math.floor(a / window) - Math.floor(b / window) + window - 1;
    const columns = (a % window) - (b % window) + window - 1;
    return rows * (2 * window - 1) + columns;
  });
}
