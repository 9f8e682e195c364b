// Owns `evaluate`: everything that is measured of a model on a split of M2-US sets, and its report where one is asked for.
import { join } from 'node:path';
import { z } from 'zod';
import type { JobProgress } from '../../common/engine-protocol.ts';
import { AppError } from '../../common/errors.ts';
import { modes } from '../../common/prompts.ts';
import { m2usSplits } from '../../files/m2us.ts';
import { LoadedModel } from '../../inference/loaded-model.ts';
import type { JobContext } from '../context.ts';
import { loadDataset } from '../dataset.ts';
import { evaluateImages, summarizeImages } from '../evaluate-images.ts';
import type { EvaluationSettings } from '../evaluation-report-page.ts';
import { openReportFolder, writeReport } from '../evaluation-report.ts';

export const evaluateOptions = z.object({
  model: z.string(),
  dataset: z.string(),
  split: z.enum(m2usSplits).default('test'),
  sets: z.array(z.string()).optional(),
  input: z.enum(modes).default('whole'),
  /** How far each side of the box of local or location input is off, as a share of the box: 0.1 where it is left out. */
  jitter: z.number().min(0).max(0.45).optional(),
  /** As the model's proposals are made, where it is left out. */
  flip: z.boolean().optional(),
  secondLook: z.boolean().optional(),
  /** Of the jitter and the bootstrap. */
  seed: z.number().int().default(1),
  /** The folder of the report. */
  out: z.string().optional(),
  provider: z.string().default('cpu'),
});

const defaultJitter = 0.1;

/** Throws AppError naming the option, folder or file that cannot be used, before the first frame is looked at. */
export async function evaluateModel(options: z.output<typeof evaluateOptions>, context: JobContext<JobProgress>) {
  const { dataset, split, sets, input, seed, out, provider } = options;
  if (input === 'whole' && options.jitter !== undefined) {
    throw new AppError(
      'bad-input',
      'jitter moves the box of local and location input; with whole input there is none.',
    );
  }
  const jitter = input !== 'whole' ? (options.jitter ?? defaultJitter) : 0;
  if (out !== undefined) await openReportFolder(out);
  const { items, skipped } = await loadDataset(dataset, split, { sets, signal: context.signal });
  const model = await LoadedModel.load(options.model, provider);
  const progress = {
    turn: () => context.turn(),
    report: ({ done, total }: { done: number; total: number }) =>
      context.report({ message: `evaluated ${done} of ${total} frames`, fraction: done / total }),
  };
  try {
    const flip = options.flip ?? model.manifest.testTimeFlip ?? false;
    const secondLook = input === 'whole' && (options.secondLook ?? model.manifest.secondLook ?? false);
    const prediction = { input, jitter, seed, flip, secondLook };
    // Calibrated as the model looks by itself; with another number of looks its plain probabilities are told.
    const isItsOwnWay = input !== 'whole' || secondLook === (model.manifest.secondLook ?? false);
    const trainedClasses = isItsOwnWay ? (model.manifest.classification ?? []) : [];
    const results = await evaluateImages(model.runner, model.spec, items, progress, { ...prediction, trainedClasses });
    const evaluation = summarizeImages(results, seed);
    const settings: EvaluationSettings = {
      model: { id: model.manifest.id, title: model.manifest.title, hash: model.hash },
      dataset,
      split,
      provider,
      ...prediction,
    };
    if (out !== undefined) {
      const report = { settings, evaluation, skipped, createdAt: new Date().toISOString() };
      await writeReport(out, report, items, results, context);
    }
    return { ...evaluation, skipped, settings, report: out === undefined ? null : join(out, 'index.html') };
  } finally {
    await model.release();
  }
}
