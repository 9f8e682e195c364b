// Owns `evaluate`: a model's Dice and accuracy on a split of M2-US sets.
import { z } from 'zod';
import type { JobProgress } from '../../common/engine-protocol.ts';
import { m2usSplits } from '../../files/m2us.ts';
import { LoadedModel } from '../../inference/loaded-model.ts';
import type { JobContext } from '../context.ts';
import { loadDataset } from '../dataset.ts';
import { evaluateItems } from '../evaluate.ts';

export const evaluateOptions = z.object({
  model: z.string(),
  dataset: z.string(),
  split: z.enum(m2usSplits).default('test'),
  sets: z.array(z.string()).optional(),
  input: z.enum(['whole', 'local']).default('whole'),
  provider: z.string().default('cpu'),
});

export async function evaluateModel(options: z.output<typeof evaluateOptions>, context: JobContext<JobProgress>) {
  const model = await LoadedModel.load(options.model, options.provider);
  const { items, skipped } = await loadDataset(options.dataset, options.split, {
    sets: options.sets,
    signal: context.signal,
  });
  const { runner, spec } = model;
  const progress = {
    turn: () => context.turn(),
    report: ({ done, total }: { done: number; total: number }) =>
      context.report({ message: `evaluated ${done} of ${total} frames`, fraction: done / total }),
  };
  const evaluation = await evaluateItems(runner, spec, items, progress, { input: options.input });
  await model.release();
  return { ...evaluation, skipped };
}
