import { describe, expect, it } from 'vitest';
import { createRandom } from '../../electron/nn/random.ts';
import { disturb } from '../../electron/training/disturb.ts';

const side = 40;
const none = { smoothing: 0, calipers: 0, hiding: 0 };

function speckle(seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: side ** 2 }, () => 0.3 + 0.2 * random.next());
}

/** A block of a quarter of the picture in its middle. */
function block(): Float32Array {
  return Float32Array.from({ length: side ** 2 }, (_, index) =>
    Number([index % side, Math.floor(index / side)].every((at) => at >= side / 4 && at < (3 * side) / 4)),
  );
}

describe('disturbances of a training picture', () => {
  it('are none where every chance is 0', () => {
    const plane = speckle(1);
    disturb(plane, block(), side, none, createRandom(1));
    expect(plane).toEqual(speckle(1));
  });

  it('smooth: (1 2 1) / 4 both ways, once to three times; an even picture stays as it is', () => {
    // The row of a point of 16 after one, two and three passes, from the point on: 16 * C(2n, n) * C(2n, n + k) / 16^n.
    const rows = [
      [4, 2, 0, 0],
      [2.25, 1.5, 0.375, 0],
      [1.5625, 1.171875, 0.46875, 0.078125],
    ];
    const passes = Array.from({ length: 20 }, (_, seed) => {
      const point = new Float32Array(side ** 2);
      point[10 * side + 20] = 16;
      disturb(point, block(), side, { ...none, smoothing: 1 }, createRandom(seed + 1));
      const at = (down: number, across: number): number => point[(10 + down) * side + 20 + across];
      const row = [0, 1, 2, 3].map((across) => at(0, across));
      expect([0, -1, -2, -3].map((across) => at(0, across))).toEqual(row);
      expect([0, 1, 2, 3].map((down) => at(down, 0))).toEqual(row);
      return rows.findIndex((expected) => expected.every((value, index) => value === row[index]));
    });
    expect(new Set(passes)).toEqual(new Set([0, 1, 2]));
    const even = new Float32Array(side ** 2).fill(0.5);
    disturb(even, block(), side, { ...none, smoothing: 1 }, createRandom(1));
    expect(even.every((value) => value === 0.5)).toBe(true);
  });

  it('draw two bright crosses of a few pixels and touch nothing else', () => {
    for (let seed = 1; seed < 30; seed += 1) {
      const before = speckle(seed);
      const plane = before.slice();
      disturb(plane, block(), side, { ...none, calipers: 1 }, createRandom(seed));
      const changed = [...plane].filter((value, index) => value !== before[index]);
      expect(changed.length).toBeGreaterThanOrEqual(9);
      expect(changed.length).toBeLessThanOrEqual(34);
      expect(changed.every((value) => value >= 0.69)).toBe(true);
    }
  });

  it('hide one even rectangle, never more than a share of the target, which stays true', () => {
    let hidings = 0;
    for (let seed = 1; seed < 60; seed += 1) {
      const before = speckle(seed);
      const [plane, target] = [before.slice(), block()];
      const small = target.map((value, index) => (index % side < side / 4 + 3 ? value : 0));
      disturb(plane, small, side, { ...none, hiding: 1 }, createRandom(seed));
      const changed = [...plane.keys()].filter((index) => plane[index] !== before[index]);
      if (changed.length > 0) hidings += 1;
      const levels = new Set(changed.map((index) => plane[index]));
      expect(levels.size).toBeLessThanOrEqual(1);
      const hidden = changed.filter((index) => small[index] === 1).length;
      expect(hidden).toBeLessThanOrEqual(0.3 * small.reduce((sum, value) => sum + value, 0));
      expect(target).toEqual(block());
    }
    expect(hidings).toBeGreaterThan(20);
  });
});
