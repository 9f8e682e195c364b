// Owns smooth random fields in three dimensions: the same seed and place always give the same value, so that neighbouring planes of a
// phantom show the same tissue. Value noise (lattice values, smoothly interpolated).

/** A field of values about 0, within -1 and 1, that changes over distances of about 1. */
export type NoiseField = (x: number, y: number, z: number) => number;

export function createNoise(seed: number): NoiseField {
  return (x, y, z) => {
    const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    const [u, v, w] = [fade(x - x0), fade(y - y0), fade(z - z0)];
    const corner = (i: number, j: number, k: number) => lattice(seed, x0 + i, y0 + j, z0 + k);
    const edge = (j: number, k: number) => mix(corner(0, j, k), corner(1, j, k), u);
    return mix(mix(edge(0, 0), edge(1, 0), v), mix(edge(0, 1), edge(1, 1), v), w);
  };
}

/** Sums of the field at finer and finer scales: cloudy, as tissue is. */
export function cloudy(noise: NoiseField, x: number, y: number, z: number): number {
  return (noise(x, y, z) + 0.5 * noise(2 * x, 2 * y, 2 * z + 7) + 0.25 * noise(4 * x, 4 * y, 4 * z + 13)) / 1.75;
}

/** 1 on thin sheets where the field crosses 0, falling to 0 beside them: septa and fibres. `width` is in units of the field. */
export function sheets(value: number, width: number): number {
  const distance = Math.abs(value) / width;
  return distance >= 1 ? 0 : (1 - distance * distance) ** 2;
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smoothStep(from: number, to: number, value: number): number {
  return fade(Math.min(1, Math.max(0, (value - from) / (to - from))));
}

export function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

function fade(t: number): number {
  return t * t * t * (t * (t * 6 - 15) + 10);
}

/** A hash of a lattice point, as a number in -1 .. 1. */
function lattice(seed: number, x: number, y: number, z: number): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul(hash ^ x, 0xc2b2ae35) ^ (hash >>> 15);
  hash = Math.imul(hash ^ y, 0x27d4eb2f) ^ (hash >>> 13);
  hash = Math.imul(hash ^ z, 0x165667b1) ^ (hash >>> 16);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 14)) >>> 0) / 2 ** 31 - 1;
}
