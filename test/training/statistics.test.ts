import { describe, expect, it } from 'vitest';
import { createRandom } from '../../electron/nn/random.ts';
import {
  bootstrapMeanInterval,
  mean,
  median,
  quantile,
  worstDecile,
  standardError,
} from '../../electron/training/statistics.ts';

describe('quantiles', () => {
  it('interpolate between neighbours as NumPy does, and do not reorder what they are given', () => {
    const values = [4, 1, 3, 2];
    expect(quantile(values, 0)).toBe(1);
    expect(quantile(values, 1)).toBe(4);
    // numpy.percentile([4, 1, 3, 2], 95)
    expect(quantile(values, 0.95)).toBeCloseTo(3.85, 12);
    expect(median(values)).toBe(2.5);
    expect(median([7])).toBe(7);
    expect(values).toEqual([4, 1, 3, 2]);
  });

  it('do not exist for an empty list', () => {
    expect(() => quantile([], 0.5)).toThrow(/empty/);
    expect(() => worstDecile([])).toThrow(/empty/);
  });
});

describe('the worst tenth', () => {
  it('is the mean of the lowest 10 %, at least of one value', () => {
    expect(worstDecile([0.9, 0.2, 0.5])).toBe(0.2);
    expect(worstDecile(Array.from({ length: 20 }, (_, index) => (20 - index) / 20))).toBeCloseTo((0.05 + 0.1) / 2, 12);
    expect(worstDecile(Array.from({ length: 11 }, (_, index) => index))).toBe(0.5);
  });
});

describe('the standard error of a mean', () => {
  it('is the deviation over the square root of the count, and 0 where nothing can deviate', () => {
    // Deviations -1.5, -0.5, 0.5, 1.5: variance 5 / 3.
    expect(standardError([1, 2, 3, 4])).toBeCloseTo(Math.sqrt(5 / 3) / 2, 12);
    expect(standardError([7])).toBe(0);
    expect(standardError([])).toBe(0);
  });
});

describe('the bootstrap interval of a mean', () => {
  it('is the same for the same seed and another for another', () => {
    const values = [0.1, 0.4, 0.45, 0.8, 0.9, 0.95];
    expect(bootstrapMeanInterval(values, 7)).toEqual(bootstrapMeanInterval(values, 7));
    expect(bootstrapMeanInterval(values, 8)).not.toEqual(bootstrapMeanInterval(values, 7));
  });

  it('shrinks to the value where all are equal', () => {
    expect(bootstrapMeanInterval([0.5, 0.5, 0.5], 1)).toEqual([0.5, 0.5]);
    expect(bootstrapMeanInterval([0.25], 1)).toEqual([0.25, 0.25]);
  });

  it('is near the normal interval of a long list', () => {
    const random = createRandom(3);
    const values = Array.from({ length: 400 }, () => 0.7 + 0.1 * random.normal());
    const center = mean(values);
    const deviation = Math.sqrt(mean(values.map((value) => (value - center) ** 2)));
    const half = (1.96 * deviation) / Math.sqrt(values.length);
    const [low, high] = bootstrapMeanInterval(values, 1);
    expect(low).toBeCloseTo(center - half, 2.5);
    expect(high).toBeCloseTo(center + half, 2.5);
    expect((high - low) / (2 * half)).toBeGreaterThan(0.9);
    expect((high - low) / (2 * half)).toBeLessThan(1.1);
  });

  it('covers the true mean about 95 times in 100', () => {
    const random = createRandom(11);
    let covered = 0;
    for (let trial = 0; trial < 200; trial += 1) {
      const values = Array.from({ length: 40 }, () => random.next());
      const [low, high] = bootstrapMeanInterval(values, trial, 400);
      if (low <= 0.5 && 0.5 <= high) covered += 1;
    }
    expect(covered / 200).toBeGreaterThan(0.88);
    expect(covered / 200).toBeLessThan(0.99);
  });
});
