// Owns `pretrain`: one call of a training run. Resumes the folder's checkpoint, trains at a constant rate, keeps that state, then cools
// a copy down and exports it as a model folder, with Dice on the validation split before and after.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { JobProgress } from '../../common/engine-protocol.ts';
import { LoadedModel } from '../../inference/loaded-model.ts';
import { NetworkRunner } from '../../inference/network-runner.ts';
import type { InputSpec } from '../../inference/preprocess.ts';
import { createRandom } from '../../nn/random.ts';
import type { Weights } from '../../nn/weights.ts';
import type { TrainedClasses } from '../../../models/manifest.ts';
import { starterConfig, type PerceptGuideConfig } from '../../../models/perceptguide/config.ts';
import { initialWeights, parameterShapes } from '../../../models/perceptguide/parameters.ts';
import type { JobContext } from '../context.ts';
import { loadDataset, type Dataset } from '../dataset.ts';
import { evaluateItems, type Evaluation } from '../evaluate.ts';
import { writeModelFolder } from '../model-folder.ts';
import { NetworkState } from '../network-state.ts';
import { Pretrainer, pretrainDefaults, trainPhase, type PretrainSettings, type TrainingLine } from '../pretrain.ts';
import { constantRate, defaultSchedule, type Schedule } from '../schedule.ts';
import { describeDropped, dropHeldOutImages } from '../splits.ts';
import { measureClasses } from '../trained-classes.ts';
import { loadCheckpoint, saveCheckpoint, type TrainingRun } from '../training-run.ts';
import { ownInput, readForeignModel } from './import-model.ts';

export const pretrainOptions = z.object({
  dataset: z.string(),
  minutes: z.number().positive(),
  out: z.string(),
  init: z.string().optional(),
  sets: z.array(z.string()).optional(),
  seed: z.number().int().default(1),
  learningRate: z.number().positive().default(defaultSchedule.learningRate),
  batch: z.number().int().min(1).max(256).default(pretrainDefaults.batch),
  provider: z.string().default('cpu'),
  /** The last share of the minutes, in which the exported weights are cooled down. */
  coolDownShare: z.number().min(0.05).max(0.95).default(defaultSchedule.coolDownShare),
  /** Steps over which the rate rises at the beginning of a run. */
  warmupSteps: z.number().int().min(0).default(defaultSchedule.warmupSteps),
  /** Where the model is written and what it is called; in `out` where it is left out. */
  model: z.object({ folder: z.string(), id: z.string(), title: z.string() }).optional(),
  /** A model folder to be measured on the same validation frames. */
  compareWith: z.string().optional(),
  /** Minutes between two checkpoints of the constant-rate state. */
  checkpointMinutes: z.number().positive().default(4),
});

type PretrainOptions = z.output<typeof pretrainOptions>;

/** Frames of each set that the validation during training looks at. */
const quickFrames = 40;
/** Steps that say how long the others will take. */
const measuredSteps = 3;

export async function pretrainModel(options: PretrainOptions, context: JobContext<JobProgress>) {
  const started = performance.now();
  const note = (message: string, fraction: number | null = null): void => context.report({ message, fraction });
  await mkdir(options.out, { recursive: true });
  const { run, state } = await openRun(options, note);
  const loaded = await loadDataset(options.dataset, 'train', { sets: options.sets, signal: context.signal });
  const validation = await loadDataset(options.dataset, 'val', { sets: options.sets, signal: context.signal });
  const { items, dropped } = await dropHeldOutImages(options.dataset, loaded.items, context);
  note(
    `${items.length} frames to train on, ${validation.items.length} to validate. ${describeDropped(dropped)} ${loaded.skipped.join(' ')}`.trim(),
  );

  const schedule = {
    ...defaultSchedule,
    learningRate: options.learningRate,
    warmupSteps: options.warmupSteps,
    coolDownShare: options.coolDownShare,
  };
  const settings: PretrainSettings = { ...pretrainDefaults, batch: options.batch, schedule };
  const common = { config: run.config, spec: run.spec, items, settings, provider: options.provider };
  const trainer = await Pretrainer.create({ ...common, state, counts: run.counts, seed: run.seed });
  const totalMs = options.minutes * 60_000;
  const constantMs = totalMs * (1 - schedule.coolDownShare);
  const minutes = (): number => run.minutes + (performance.now() - started) / 60_000;
  const save = (): Promise<void> =>
    saveCheckpoint(options.out, { ...run, counts: trainer.counts, minutes: minutes() }, state);
  const line = (progress: TrainingLine): void =>
    note(describeLine(progress), Math.min(1, (performance.now() - started) / totalMs));

  const stepMilliseconds = await timeSteps(trainer, schedule, context);
  const plannedSteps = Math.max(
    measuredSteps,
    Math.round((totalMs - (performance.now() - started)) / stepMilliseconds) + measuredSteps,
  );
  note(
    `${options.minutes} minutes are about ${plannedSteps} steps of ${options.batch} frames on ${options.provider} (${stepMilliseconds.toFixed(0)} ms a step)`,
  );
  let saved = performance.now();
  let shown = performance.now();
  await trainPhase(trainer, 'constant', schedule, constantMs - (performance.now() - started), {
    signal: context.signal,
    turn: () => context.turn(),
    report: line,
    afterStep: async () => {
      if (performance.now() - saved < options.checkpointMinutes * 60_000) return;
      await save();
      saved = performance.now();
      if (performance.now() - shown < 3 * options.checkpointMinutes * 60_000) return;
      note(
        describeEvaluation(
          'average',
          await measure(run, state.weights('average'), quick(validation), options, context),
        ),
      );
      shown = performance.now();
    },
  });
  await save();
  await trainer.release();

  // The branch starts from the constant-rate state and is thrown away but for its weights.
  const branch = NetworkState.fromTensors(state.toTensors(), parameterShapes(run.config).keys());
  branch.resetAverage();
  const cooler = await Pretrainer.create({ ...common, state: branch, counts: trainer.counts, seed: run.seed + 7919 });
  await trainPhase(cooler, 'cool-down', schedule, totalMs - (performance.now() - started), {
    signal: context.signal,
    turn: () => context.turn(),
    report: line,
  });
  await cooler.release();

  const candidates = [
    { name: 'last', weights: branch.weights('current') },
    { name: 'average', weights: branch.weights('average') },
  ];
  let best: { name: string; weights: Weights; evaluation: Evaluation } | null = null;
  for (const { name, weights } of candidates) {
    const evaluation = await measure(run, weights, validation, options, context);
    note(describeEvaluation(`cooled down, ${name}`, evaluation));
    if (!best || evaluation.meanDice > best.evaluation.meanDice) best = { name, weights, evaluation };
  }
  // Both branches are told apart at first sight; then a second look stays where it does better.
  const again = await measure(run, best!.weights, validation, options, context, true);
  note(describeEvaluation(`${best!.name}, with a second look`, again));
  const secondLook = again.meanDice > best!.evaluation.meanDice;
  const evaluation = secondLook ? again : best!.evaluation;
  const compared =
    options.compareWith === undefined
      ? null
      : await measureModel(options.compareWith, options.provider, validation, context);
  if (compared) note(describeEvaluation('the model to compare with', compared));
  note('classes are calibrated on the validation frames');
  const classification = await calibrate(run, best!.weights, validation, options, context);
  const { folder, id, title } = options.model ?? {
    folder: join(options.out, 'model'),
    id: 'pretrained',
    title: 'Pre-trained model',
  };
  const metrics = {
    validation: { ...evaluation },
    steps: cooler.counts.step,
    minutes: minutes(),
    batch: options.batch,
    startedFrom: run.startedFrom,
  };
  const { hash } = await writeModelFolder(folder, {
    id,
    title,
    config: run.config,
    input: run.spec,
    weights: best!.weights,
    // The product of four projections loses by half precision.
    dataType: run.config.hyperPerception === 'rank1' ? 'F32' : 'F16',
    secondLook,
    ...(classification.length > 0 ? { classification } : {}),
    metrics,
  });
  return {
    model: folder,
    hash,
    steps: trainer.counts.step,
    minutes: minutes(),
    validation: evaluation,
    compared,
    provider: options.provider,
    stepMilliseconds,
    plannedSteps,
    skipped: loaded.skipped,
    dropped,
  };
}

/** Trains the first steps of this call and returns the milliseconds of one; the first of all also warms up and is left out. */
async function timeSteps(
  trainer: Pretrainer,
  schedule: Schedule,
  context: Pick<JobContext<never>, 'turn'>,
): Promise<number> {
  let first = performance.now();
  for (let step = 0; step < measuredSteps; step += 1) {
    await trainer.step(constantRate(schedule, trainer.counts.step + 1));
    if (step === 0) first = performance.now();
    await context.turn();
  }
  return (performance.now() - first) / (measuredSteps - 1);
}

/** The run of the folder, or a new one from `init` or from nothing. */
async function openRun(
  options: PretrainOptions,
  note: (message: string) => void,
): Promise<{ run: TrainingRun; state: NetworkState }> {
  const resumed = await loadCheckpoint(options.out);
  if (resumed) {
    note(`resuming at step ${resumed.run.counts.step}`);
    return resumed;
  }
  const start = options.init ? await readInitialModel(options.init) : newModel(options.seed);
  const run: TrainingRun = {
    config: start.config,
    spec: start.input,
    seed: options.seed,
    counts: { step: 0, moments: 0 },
    minutes: 0,
    startedFrom: start.hash,
  };
  return { run, state: new NetworkState(start.weights, parameterShapes(start.config).keys()) };
}

interface StartingPoint {
  readonly config: PerceptGuideConfig;
  readonly input: InputSpec;
  readonly weights: Weights;
  readonly hash: string | null;
}

async function readInitialModel(init: string): Promise<StartingPoint> {
  if (!existsSync(join(init, 'manifest.json'))) return { ...(await readForeignModel(init)), hash: null };
  const model = await LoadedModel.load(init, 'cpu');
  return {
    config: model.runner.network.config,
    input: model.spec,
    weights: model.runner.network.weights,
    hash: model.hash,
  };
}

function newModel(seed: number): StartingPoint {
  const input = { ...ownInput, mean: 0.2, std: 0.2 };
  return { config: starterConfig, input, weights: initialWeights(starterConfig, createRandom(seed)), hash: null };
}

async function measure(
  run: TrainingRun,
  weights: Weights,
  { items }: Pick<Dataset, 'items'>,
  options: PretrainOptions,
  context: JobContext<JobProgress>,
  secondLook = false,
): Promise<Evaluation> {
  const runner = new NetworkRunner({ config: run.config, weights }, options.provider);
  try {
    const silent = { turn: () => context.turn(), report: () => undefined };
    return await evaluateItems(runner, run.spec, items, silent, { secondLook });
  } finally {
    await runner.release();
  }
}

async function calibrate(
  run: TrainingRun,
  weights: Weights,
  { items }: Pick<Dataset, 'items'>,
  options: PretrainOptions,
  context: JobContext<JobProgress>,
): Promise<TrainedClasses[]> {
  const runner = new NetworkRunner({ config: run.config, weights }, options.provider);
  try {
    const silent = { turn: () => context.turn(), report: () => undefined };
    return await measureClasses(runner, run.spec, items, false, silent);
  } finally {
    await runner.release();
  }
}

/** The model to compare with, on the frames that the new one is measured on. */
async function measureModel(
  folder: string,
  provider: string,
  { items }: Pick<Dataset, 'items'>,
  context: JobContext<JobProgress>,
): Promise<Evaluation> {
  const model = await LoadedModel.load(folder, provider);
  try {
    const silent = { turn: () => context.turn(), report: () => undefined };
    return await evaluateItems(model.runner, model.spec, items, silent, { secondLook: model.manifest.secondLook });
  } finally {
    await model.release();
  }
}

/** The first frames of each set. */
function quick({ items }: Dataset): Pick<Dataset, 'items'> {
  const seen = new Map<string, number>();
  return {
    items: items.filter(({ set }) => {
      const count = (seen.get(set) ?? 0) + 1;
      seen.set(set, count);
      return count <= quickFrames;
    }),
  };
}

function describeLine({
  phase,
  step,
  segmentationLoss,
  classificationLoss,
  millisecondsPerStep,
  secondsLeft,
}: TrainingLine): string {
  const masks = segmentationLoss === null ? '' : ` loss ${segmentationLoss.toFixed(4)},`;
  const classes = classificationLoss === null ? '' : ` class loss ${classificationLoss.toFixed(4)},`;
  return `${phase}, step ${step}:${masks}${classes} ${millisecondsPerStep.toFixed(0)} ms a step, ${Math.round(secondsLeft)} s left`;
}

function describeEvaluation(name: string, { sets, meanDice, classification }: Evaluation): string {
  const dice = Object.entries(sets).map(([set, result]) => `${set} ${result.dice.toFixed(3)}`);
  const classes = Object.entries(classification).map(([set, { accuracy }]) => `${set} ${accuracy.toFixed(3)}`);
  return `validation Dice (${name}): ${dice.join(', ')}; mean ${meanDice.toFixed(4)}${classes.length > 0 ? `; accuracy ${classes.join(', ')}` : ''}`;
}
