// Owns `replay`: what synchronization is worth on a set of true masks, and what it does to other sets.
import { z } from 'zod';
import type { JobProgress } from '../../common/engine-protocol.ts';
import { positions, types } from '../../common/prompts.ts';
import { m2usSplits } from '../../files/m2us.ts';
import { LoadedModel } from '../../inference/loaded-model.ts';
import type { JobContext } from '../context.ts';
import type { DatasetItem } from '../dataset-item.ts';
import { loadDataset } from '../dataset.ts';
import { replayCorrections } from '../replay.ts';
import { minimumCorrections } from '../validation-split.ts';

export const replayOptions = z.object({
  model: z.string(),
  dataset: z.string(),
  set: z.string(),
  split: z.enum(m2usSplits).default('test'),
  corrections: z.number().int().min(minimumCorrections).default(20),
  position: z.enum(positions),
  object: z.enum(types),
  otherSets: z.array(z.string()).default([]),
  seed: z.number().int().default(1),
  scope: z.enum(['label', 'model']).default('label'),
  provider: z.string().default('cpu'),
});

export async function replaySet(options: z.output<typeof replayOptions>, context: JobContext<JobProgress>) {
  const model = await LoadedModel.load(options.model, options.provider);
  const { items } = await loadDataset(options.dataset, options.split, { sets: [options.set], signal: context.signal });
  const others = new Map<string, readonly DatasetItem[]>();
  for (const name of options.otherSets) {
    const { items: other } = await loadDataset(options.dataset, options.split, {
      sets: [name],
      signal: context.signal,
    });
    others.set(name, other);
  }
  const result = await replayCorrections(
    model,
    items,
    others,
    {
      corrections: options.corrections,
      position: options.position,
      type: options.object,
      seed: options.seed,
      scope: options.scope,
      secondLook: model.manifest.secondLook === true,
    },
    {
      signal: context.signal,
      turn: () => context.turn(),
      report: (message) => context.report({ message, fraction: null }),
    },
  );
  await model.release();
  return { ...result };
}
