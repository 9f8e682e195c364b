import { describe, expect, it } from 'vitest';
import { createRandom } from '../../electron/nn/random.ts';
import { squaredDistances, type Spacing } from '../../electron/common/distance-transform.ts';

/** By trying every feature for every pixel. */
function bruteForce(features: Uint8Array, width: number, height: number, { x, y }: Spacing): Float64Array {
  const squared = new Float64Array(width * height).fill(Infinity);
  for (let at = 0; at < squared.length; at += 1) {
    for (let to = 0; to < features.length; to += 1) {
      if (!features[to]) continue;
      const across = ((at % width) - (to % width)) * x;
      const down = (Math.floor(at / width) - Math.floor(to / width)) * y;
      squared[at] = Math.min(squared[at], across * across + down * down);
    }
  }
  return squared;
}

function randomFeatures(length: number, share: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  return Uint8Array.from({ length }, () => Number(random.next() < share));
}

describe('the distance transform', () => {
  it('gives every pixel the exact squared distance, as trying every feature does', () => {
    for (const [seed, share] of [0.5, 0.1, 0.02, 0.005].entries()) {
      const [width, height] = [31, 23];
      const features = randomFeatures(width * height, share, seed + 1);
      const spacing = { x: 1, y: 1 };
      expect([...squaredDistances(features, width, height, spacing)], `share ${share}`).toEqual([
        ...bruteForce(features, width, height, spacing),
      ]);
    }
  });

  it('honours a spacing that differs by axis', () => {
    const [width, height] = [26, 19];
    for (const spacing of [
      { x: 0.31, y: 0.17 },
      { x: 0.05, y: 2.5 },
    ]) {
      const features = randomFeatures(width * height, 0.03, 9);
      const expected = bruteForce(features, width, height, spacing);
      squaredDistances(features, width, height, spacing).forEach((value, index) => {
        expect(value).toBeCloseTo(expected[index], 10);
      });
    }
  });

  it('is Infinity everywhere where there is no feature, and does lines of one pixel', () => {
    expect([...squaredDistances(new Uint8Array(6), 3, 2, { x: 1, y: 1 })]).toEqual(Array(6).fill(Infinity));
    expect([...squaredDistances(Uint8Array.of(0, 0, 1, 0), 4, 1, { x: 1, y: 1 })]).toEqual([4, 1, 0, 1]);
    expect([...squaredDistances(Uint8Array.of(1, 0, 0, 0), 1, 4, { x: 1, y: 3 })]).toEqual([0, 9, 36, 81]);
  });
});
