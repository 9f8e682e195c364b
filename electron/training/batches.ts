// Owns batches: which frames are drawn, and the tensors that a step takes of them.
import { promptNames, promptIndices, promptValues, type Prompts } from '../common/prompts.ts';
import type { Random } from '../nn/random.ts';
import type { AugmentedSample } from './augment.ts';
import type { DatasetItem } from './dataset-item.ts';

/** One-hot prompts by input name, each (N, values), for N samples. */
export function promptTensors(prompts: readonly Prompts[]): Record<string, Float32Array> {
  const tensors: Record<string, Float32Array> = {};
  for (const name of promptNames) {
    const count = promptValues[name].length;
    const tensor = new Float32Array(prompts.length * count);
    prompts.forEach((sample, index) => {
      tensor[index * count + promptIndices(sample)[name]] = 1;
    });
    tensors[name] = tensor;
  }
  return tensors;
}

/** Three equal channels of each plane: (N, 3, side, side). */
export function imageTensor(samples: readonly AugmentedSample[]): Float32Array {
  const size = samples[0].plane.length;
  const tensor = new Float32Array(samples.length * 3 * size);
  samples.forEach(({ plane }, index) => {
    for (let channel = 0; channel < 3; channel += 1) tensor.set(plane, (index * 3 + channel) * size);
  });
  return tensor;
}

/** (N, 1, side, side), 0 or 1. */
export function targetTensor(samples: readonly AugmentedSample[]): Float32Array {
  const size = samples[0].target.length;
  const tensor = new Float32Array(samples.length * size);
  samples.forEach(({ target }, index) => tensor.set(target, index * size));
  return tensor;
}

/** (N, 2), one-hot; all zero for an item without a class. */
export function classTensor(items: readonly DatasetItem[]): Float32Array {
  const tensor = new Float32Array(items.length * 2);
  items.forEach(({ classIndex }, index) => {
    if (classIndex !== null) tensor[index * 2 + classIndex] = 1;
  });
  return tensor;
}

/** By organ: a chance of 1 / sqrt(images of the organ) each, so that large sets do not drown small ones. */
export function organChances(items: readonly DatasetItem[]): readonly number[] {
  const perOrgan = Map.groupBy(items, ({ position }) => position);
  return items.map(({ position }) => 1 / Math.sqrt(perOrgan.get(position)!.length));
}

/** Mean Dice by the names of sets, 0 to 1. */
export type SetDice = Readonly<Record<string, { readonly dice: number }>>;

/** A set is never quite learned: it must not be forgotten. */
const leastMissing = 0.05;

/**
 * By set: a set is drawn with a chance of sqrt(its images * what is missing in its Dice), so that neither a large set nor one that is already
 * learned drowns the others.
 * @param dice a set that is not in it counts as not learned at all
 */
export function setChances(items: readonly DatasetItem[], dice: SetDice): readonly number[] {
  const perSet = Map.groupBy(items, ({ set }) => set);
  const missing = (set: string): number => Math.max(leastMissing, 1 - (dice[set]?.dice ?? 0));
  return items.map(({ set }) => Math.sqrt(missing(set) / perSet.get(set)!.length));
}

/** Draws items by their chances, which need not add up to 1. */
export function createSampler(
  items: readonly DatasetItem[],
  chances: readonly number[],
): (random: Random) => DatasetItem {
  const cumulative = new Float64Array(items.length);
  let total = 0;
  chances.forEach((chance, index) => {
    total += chance;
    cumulative[index] = total;
  });
  return (random) => {
    const drawn = random.next() * total;
    let low = 0;
    let high = items.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] > drawn) high = middle;
      else low = middle + 1;
    }
    return items[low];
  };
}
