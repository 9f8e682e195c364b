// Owns `pretrain`: one call of a training run. Resumes the folder's checkpoint or starts one, trains masks and then classes, and writes the
// outcome as a model folder, with what it is worth on the validation split.
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
import type { Network } from '../../../models/perceptguide/graphs.ts';
import { initialWeights, parameterShapes } from '../../../models/perceptguide/parameters.ts';
import type { JobContext } from '../context.ts';
import { loadDataset, type Dataset } from '../dataset.ts';
import type { DatasetItem } from '../dataset-item.ts';
import { evaluateItems, type Evaluation } from '../evaluate.ts';
import { writeModelFolder } from '../model-folder.ts';
import { NetworkState } from '../network-state.ts';
import { pretrainDefaults, type PretrainSettings, type TrainingLine } from '../pretrain.ts';
import { defaultSchedule } from '../schedule.ts';
import { describeDropped, dropHeldOutImages } from '../splits.ts';
import { classDefaults, hasClasses, trainClasses } from '../train-classes.ts';
import { describeEvaluation, trainMasks } from '../train-masks.ts';
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
  /** Of masks; with classesOnly that of classes. Where it is left out, each has its own. */
  learningRate: z.number().positive().optional(),
  batch: z.number().int().min(1).max(256).default(pretrainDefaults.batch),
  provider: z.string().default('cpu'),
  /** The last share of the minutes, in which the exported weights are cooled down. */
  coolDownShare: z.number().min(0.05).max(0.95).default(defaultSchedule.coolDownShare),
  /** Steps over which the rate rises at the beginning of a run. */
  warmupSteps: z.number().int().min(0).default(defaultSchedule.warmupSteps),
  /** Train the classification decoder only, all the minutes; masks stay what those of `init` are. */
  classesOnly: z.boolean().default(false),
  /** Where the model is written and what it is called; in `out` where it is left out. */
  model: z.object({ folder: z.string(), id: z.string(), title: z.string() }).optional(),
  /** A model folder to be measured on the same validation frames. */
  compareWith: z.string().optional(),
  /** Minutes between two checkpoints of the constant-rate state. */
  checkpointMinutes: z.number().positive().default(4),
});

type PretrainOptions = z.output<typeof pretrainOptions>;

/** Each way takes a proposal as much longer as one look; a gain of mean validation Dice below this is not worth it. */
const worthMoreWork = 0.005;

export async function pretrainModel(options: PretrainOptions, context: JobContext<JobProgress>) {
  const started = performance.now();
  const passed = (): number => performance.now() - started;
  const totalMs = options.minutes * 60_000;
  const note = (message: string, fraction: number | null = null): void => context.report({ message, fraction });
  const line = (progress: TrainingLine): void => note(describeLine(progress), Math.min(1, passed() / totalMs));
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
    learningRate: options.learningRate ?? defaultSchedule.learningRate,
    warmupSteps: options.warmupSteps,
    coolDownShare: options.coolDownShare,
  };
  const settings: PretrainSettings = { ...pretrainDefaults, batch: options.batch };
  const { provider } = options;
  const common = { items, provider, line };
  const minutes = (): number => run.minutes + passed() / 60_000;
  // First of all: a model that cannot be read then costs no hours of training.
  const compared =
    options.compareWith === undefined ? null : await measureModel(options.compareWith, provider, validation, context);
  if (compared) note(describeEvaluation('the model to compare with', compared));
  const teachesClasses = hasClasses(items);
  const masks = options.classesOnly
    ? null
    : await trainMasks(
        {
          ...common,
          settings,
          schedule,
          run,
          state,
          validation: validation.items,
          totalMs,
          passedMs: passed(),
          classificationShare: teachesClasses ? schedule.classificationShare : 0,
          checkpointMinutes: options.checkpointMinutes,
          save: (counts) => saveCheckpoint(options.out, { ...run, counts, minutes: minutes() }, state),
          note,
        },
        context,
      );
  let weights: Weights = masks?.weights ?? state.weights('current');
  let classSteps = 0;
  if (options.classesOnly || teachesClasses) {
    const milliseconds = options.classesOnly ? totalMs - passed() : totalMs * schedule.classificationShare;
    const { config, spec, seed } = run;
    const learningRate = (options.classesOnly ? options.learningRate : undefined) ?? classDefaults.learningRate;
    const taught = await trainClasses(
      {
        ...common,
        config,
        spec,
        seed,
        weights,
        settings: { ...classDefaults, learningRate },
        length: { milliseconds },
      },
      context,
    );
    weights = taught.weights;
    classSteps = taught.steps;
  }

  const measured = await measureTrained({ config: run.config, weights }, run, validation.items, provider, context);
  note(describeEvaluation(describeWays(measured), measured.evaluation));
  for (const classes of measured.classification) note(describeClasses(classes));
  const { folder, id, title } = options.model ?? {
    folder: join(options.out, 'model'),
    id: 'pretrained',
    title: 'Pre-trained model',
  };
  const { hash } = await writeModelFolder(folder, {
    id,
    title,
    config: run.config,
    input: run.spec,
    weights,
    // The product of four projections loses by half precision.
    dataType: run.config.hyperPerception === 'rank1' ? 'F32' : 'F16',
    secondLook: measured.secondLook,
    testTimeFlip: measured.flip,
    ...(measured.classification.length > 0 ? { classification: measured.classification } : {}),
    metrics: {
      validation: { ...measured.evaluation },
      ...(masks ? { 'validation in one look': { ...masks.evaluation } } : {}),
      steps: masks?.steps ?? run.counts.step,
      classSteps,
      minutes: minutes(),
      batch: options.batch,
      startedFrom: run.startedFrom,
    },
  });
  return {
    model: folder,
    hash,
    steps: masks?.steps ?? run.counts.step,
    classSteps,
    minutes: minutes(),
    validation: measured.evaluation,
    secondLook: measured.secondLook,
    testTimeFlip: measured.flip,
    classification: measured.classification,
    compared,
    provider,
    stepMilliseconds: masks?.stepMilliseconds ?? null,
    plannedSteps: masks?.plannedSteps ?? null,
    skipped: loaded.skipped,
    dropped,
  };
}

/** How proposals are made, the least work first: in one look, with a second one, and with the mirror image in the first of the two. */
const waysToLook: readonly Ways[] = [
  { secondLook: false, flip: false },
  { secondLook: true, flip: false },
  { secondLook: true, flip: true },
];

interface Ways {
  readonly secondLook: boolean;
  readonly flip: boolean;
}

interface MeasuredTraining extends Ways {
  readonly evaluation: Evaluation;
  readonly classification: TrainedClasses[];
}

/** What proposals of these weights are worth, made in the way that is best on validation for its work, and what they know of classes. */
async function measureTrained(
  network: Network,
  { spec }: Pick<TrainingRun, 'spec'>,
  items: readonly DatasetItem[],
  provider: string,
  context: JobContext<JobProgress>,
): Promise<MeasuredTraining> {
  const runner = new NetworkRunner(network, provider);
  const progress = { turn: () => context.turn(), report: () => undefined };
  try {
    const measured = [];
    for (const ways of waysToLook) {
      const evaluation = await evaluateItems(runner, spec, items, progress, { ...ways, classify: false });
      measured.push({ ways, evaluation });
    }
    const { ways, evaluation } = measured.reduce((one, other) =>
      other.evaluation.meanDice > one.evaluation.meanDice + worthMoreWork ? other : one,
    );
    return { ...ways, evaluation, classification: await measureClasses(runner, spec, items, ways, progress) };
  } finally {
    await runner.release();
  }
}

/** The run of the folder, or a new one from `init` or from nothing. */
async function openRun(
  options: PretrainOptions,
  note: (message: string) => void,
): Promise<{ run: TrainingRun; state: NetworkState }> {
  const resumed = options.classesOnly ? null : await loadCheckpoint(options.out);
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

/** The model to compare with, on the frames that the new one is measured on, proposing as it does. */
async function measureModel(
  folder: string,
  provider: string,
  { items }: Pick<Dataset, 'items'>,
  context: JobContext<JobProgress>,
): Promise<Evaluation> {
  const model = await LoadedModel.load(folder, provider);
  try {
    const silent = { turn: () => context.turn(), report: () => undefined };
    return await evaluateItems(model.runner, model.spec, items, silent, {
      secondLook: model.manifest.secondLook,
      flip: model.manifest.testTimeFlip,
    });
  } finally {
    await model.release();
  }
}

function describeWays({ secondLook, flip }: Ways): string {
  if (!secondLook) return 'in one look';
  return flip ? 'with the mirror image and a second look' : 'with a second look';
}

function describeLine({ phase, step, loss, millisecondsPerStep, secondsLeft }: TrainingLine): string {
  return `${phase}, step ${step}: loss ${loss.toFixed(4)}, ${millisecondsPerStep.toFixed(0)} ms a step, ${Math.round(secondsLeft)} s left`;
}

function describeClasses({ position, type, mode, metrics }: TrainedClasses): string {
  return `classes of ${position}, ${type}, ${mode} input: AUC ${metrics.auc.toFixed(3)}, balanced accuracy ${metrics.balancedAccuracy.toFixed(3)} on ${metrics.n} frames`;
}
