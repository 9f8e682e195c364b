// Owns how samples are drawn for a step: which frame, seen whole or through which box, and under which prompts.
import { maskBox } from '../common/mask.ts';
import { modes, type Mode, type Prompts, type Task } from '../common/prompts.ts';
import type { InputSpec } from '../inference/preprocess.ts';
import type { Random } from '../nn/random.ts';
import { augmentSample, type AugmentedSample, type AugmentOptions } from './augment.ts';
import { createSampler } from './batches.ts';
import { itemMask, type DatasetItem } from './dataset-item.ts';

/** Chance of each input: whole, local, location. */
export type InputShares = readonly [number, number, number];

export interface DrawnSample {
  readonly item: DatasetItem;
  readonly sample: AugmentedSample;
  readonly prompts: Prompts;
}

export interface SampleSource {
  readonly items: readonly DatasetItem[];
  /** How often each item is drawn, in proportion (batches.ts). */
  readonly chances: readonly number[];
  readonly task: Task;
  readonly spec: InputSpec;
  /** Of the network's square, in pixels. */
  readonly side: number;
  readonly inputShares: InputShares;
  readonly augmentation: AugmentOptions;
}

/** Draws a given number of samples, each of its own frame and changes. */
export function createSampleDraw(source: SampleSource, random: Random): (count: number) => readonly DrawnSample[] {
  const { items, chances, task, spec, side, inputShares, augmentation } = source;
  const draw = createSampler(items, chances);
  // An item without a mask, or with an empty one, has no place to look at, so it is seen whole and is said to be.
  const drawMode = ({ mask }: DatasetItem): Mode =>
    mask && maskBox(mask) ? modes[drawIndex(inputShares, random)] : 'whole';
  return (count) =>
    Array.from({ length: count }, () => {
      const item = draw(random);
      const mode = drawMode(item);
      const sample = augmentSample(item.frame, itemMask(item), mode, spec, side, augmentation, random);
      return { item, sample, prompts: { position: item.position, type: item.type, mode, task } };
    });
}

function drawIndex(shares: readonly number[], random: Random): number {
  let rest = random.next() * shares.reduce((sum, share) => sum + share, 0);
  for (let index = 0; index < shares.length - 1; index += 1) {
    if (rest < shares[index]) return index;
    rest -= shares[index];
  }
  return shares.length - 1;
}
