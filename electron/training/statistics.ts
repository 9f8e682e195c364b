// Owns the statistics of lists of figures: mean, quantiles, the worst tenth, and the bootstrap interval of a mean (Efron 1979).
import { createRandom } from '../nn/random.ts';

/** 0 for an empty list. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i];
  return values.length === 0 ? 0 : sum / values.length;
}

/** Of the mean; 0 for fewer than two values. */
export function standardError(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const center = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

/**
 * The value below which `share` (0..1) of the list lies, linear between neighbours: what NumPy calls percentile by default (type 7 of
 * Hyndman and Fan 1996). Throws on an empty list.
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  if (values.length === 0) throw new Error('An empty list has no quantile.');
  const sorted = Float64Array.from(values).sort();
  const position = share * (sorted.length - 1);
  const lower = Math.floor(position);
  const upper = Math.min(sorted.length - 1, lower + 1);
  return sorted[lower] + (sorted[upper] - sorted[lower]) * (position - lower);
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** The mean of the lowest 10 %: one value of up to ten, two of up to twenty, and so on. Throws on an empty list. */
export function worstDecile(values: ArrayLike<number>): number {
  if (values.length === 0) throw new Error('An empty list has no worst tenth.');
  return mean(
    Float64Array.from(values)
      .sort()
      .subarray(0, Math.ceil(values.length / 10)),
  );
}

export const bootstrapResamples = 2000;

/**
 * The 95 % interval of the mean by the percentile bootstrap: the 2.5th and 97.5th percentile of the means of lists drawn from this one with
 * replacement. The values are taken to be independent: where several images show one patient, the true interval is wider.
 * The same seed gives the same interval. Throws on an empty list.
 */
export function bootstrapMeanInterval(
  values: ArrayLike<number>,
  seed: number,
  resamples = bootstrapResamples,
): readonly [number, number] {
  const random = createRandom(seed);
  const means = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample += 1) {
    let sum = 0;
    for (let i = 0; i < values.length; i += 1) sum += values[random.integer(values.length)];
    means[resample] = sum / values.length;
  }
  return [quantile(means, 0.025), quantile(means, 0.975)];
}
