// Owns the long jobs of the command line: each is named here once, with the schema of its options.
import type { z } from 'zod';
import type { JobName, JobProgress, JobRequest } from '../common/engine-protocol.ts';
import { AppError } from '../common/errors.ts';
import type { JobContext } from './context.ts';
import { bench, benchOptions } from './jobs/bench.ts';
import { calibrateModel, calibrateOptions } from './jobs/calibrate-model.ts';
import { evaluateModel, evaluateOptions } from './jobs/evaluate-model.ts';
import { forwardModel, forwardOptions } from './jobs/forward-model.ts';
import { importModel, importOptions } from './jobs/import-model.ts';
import { pretrainModel, pretrainOptions } from './jobs/pretrain-model.ts';
import { replayOptions, replaySet } from './jobs/replay-set.ts';

type JobResult = Readonly<Record<string, unknown>>;
type Job = (options: unknown, context: JobContext<JobProgress>) => Promise<JobResult>;

const jobs = {
  bench: withOptions(benchOptions, bench),
  evaluate: withOptions(evaluateOptions, evaluateModel),
  'model-calibrate': withOptions(calibrateOptions, calibrateModel),
  'model-forward': withOptions(forwardOptions, forwardModel),
  'model-import': withOptions(importOptions, importModel),
  pretrain: withOptions(pretrainOptions, pretrainModel),
  replay: withOptions(replayOptions, replaySet),
} satisfies Record<JobName, Job>;

/** Runs one job to its end. Throws AppError('bad-input') for options that its schema refuses, AbortError when cancelled. */
export function runJob({ job, options }: JobRequest, context: JobContext<JobProgress>): Promise<JobResult> {
  return jobs[job](options, context);
}

function withOptions<S extends z.ZodType>(
  schema: S,
  run: (options: z.output<S>, context: JobContext<JobProgress>) => Promise<JobResult>,
): Job {
  return async (options, context) => {
    const parsed = schema.safeParse(options);
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
      throw new AppError('bad-input', `These options cannot be used: ${faults}.`);
    }
    return run(parsed.data, context);
  };
}
