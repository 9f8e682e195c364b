// Owns how encoder and segmentation decoder are trained in one call: on from the run's state at a constant rate, that state kept, then a
// branch of it cooled down, of which the better of two sets of weights on validation is the result.
import type { JobProgress } from '../common/engine-protocol.ts';
import { NetworkRunner } from '../inference/network-runner.ts';
import type { Weights } from '../nn/weights.ts';
import { coolDownAugmentation, pretrainingAugmentation } from './augment.ts';
import type { JobContext } from './context.ts';
import type { DatasetItem } from './dataset-item.ts';
import { evenly } from './evenly.ts';
import { evaluateItems, type Evaluation, type PredictionOptions } from './evaluate.ts';
import { NetworkState } from './network-state.ts';
import { Pretrainer, trainPhase, type PretrainSettings, type TrainingCounts, type TrainingLine } from './pretrain.ts';
import { constantRate, coolDownRate, type Schedule } from './schedule.ts';
import type { TrainingRun } from './training-run.ts';

export interface MaskTraining {
  readonly run: TrainingRun;
  /** The constant-rate state; changed in place. */
  readonly state: NetworkState;
  readonly items: readonly DatasetItem[];
  readonly validation: readonly DatasetItem[];
  readonly settings: PretrainSettings;
  readonly schedule: Schedule;
  /** Of the whole call, of which the two phases take their shares; the classes get the rest. */
  readonly totalMs: number;
  /** Milliseconds of the call that had passed before. */
  readonly passedMs: number;
  readonly classificationShare: number;
  readonly provider: string;
  readonly checkpointMinutes: number;
  readonly save: (counts: TrainingCounts) => Promise<void>;
  readonly note: (message: string) => void;
  readonly line: (progress: TrainingLine) => void;
}

export interface TrainedMasks {
  /** Of the whole network; its classification decoder is that of the run. */
  readonly weights: Weights;
  readonly evaluation: Evaluation;
  readonly steps: number;
  readonly plannedSteps: number;
  readonly stepMilliseconds: number;
}

/** Frames of each set that the validation during training looks at. */
const quickFrames = 40;
/** Steps that say how long the others will take. */
const measuredSteps = 3;

/** Throws AppError('bad-input') where no item has a mask, AbortError when cancelled, after the state was saved. */
export async function trainMasks(training: MaskTraining, context: JobContext<JobProgress>): Promise<TrainedMasks> {
  const { run, state, schedule, provider, note, totalMs } = training;
  const started = performance.now() - training.passedMs;
  const passed = (): number => performance.now() - started;
  const frames = quick(training.validation);
  const before = await measureWeights(run, state.weights('average'), frames, provider, context, masksOnly);
  note(describeEvaluation('before', before));
  const common = {
    task: 'segmentation',
    config: run.config,
    spec: run.spec,
    items: training.items,
    dice: before.sets,
    settings: training.settings,
    provider,
  } as const;
  const trainer = await Pretrainer.create({
    ...common,
    state,
    counts: run.counts,
    seed: run.seed,
    augmentation: pretrainingAugmentation,
  });
  const stepMilliseconds = await timeSteps(trainer, schedule, context);
  const untilClasses = totalMs * (1 - training.classificationShare);
  const plannedSteps = Math.max(
    measuredSteps,
    Math.round((untilClasses - passed()) / stepMilliseconds) + measuredSteps,
  );
  note(
    `${(totalMs / 60_000).toFixed(1)} minutes are about ${plannedSteps} steps of ${training.settings.batch} frames on ${provider} (${stepMilliseconds.toFixed(0)} ms a step)`,
  );
  try {
    const constantMs = untilClasses - totalMs * schedule.coolDownShare;
    const phase = {
      name: 'constant',
      length: { milliseconds: constantMs - passed() },
      rate: (step: number) => constantRate(schedule, step),
    };
    await trainPhase(trainer, phase, {
      signal: context.signal,
      turn: () => context.turn(),
      report: training.line,
      afterStep: watch(training, trainer, context),
    });
  } finally {
    // A call that is stopped has taught what it has taught.
    await training.save(trainer.counts);
    await trainer.release();
  }

  // The branch starts from the constant-rate state and is thrown away but for its weights.
  const branch = NetworkState.fromTensors(state.toTensors(), state.tensors.keys());
  const cooler = await Pretrainer.create({
    ...common,
    state: branch,
    counts: trainer.counts,
    seed: run.seed + 7919,
    augmentation: coolDownAugmentation,
  });
  try {
    const phase = {
      name: 'cool-down',
      length: { milliseconds: untilClasses - passed() },
      rate: (_step: number, share: number) => coolDownRate(schedule.learningRate, share),
    };
    await trainPhase(cooler, phase, { signal: context.signal, turn: () => context.turn(), report: training.line });
  } finally {
    await cooler.release();
  }
  const best = await chooseWeights(training, branch, context);
  return { ...best, steps: cooler.counts.step, plannedSteps, stepMilliseconds };
}

/** Dice on frames as `options` say, with the sessions of these weights made and released. */
export async function measureWeights(
  { config, spec }: Pick<TrainingRun, 'config' | 'spec'>,
  weights: Weights,
  items: readonly DatasetItem[],
  provider: string,
  context: Pick<JobContext<never>, 'turn'>,
  options: PredictionOptions = {},
): Promise<Evaluation> {
  const runner = new NetworkRunner({ config, weights }, provider);
  try {
    return await evaluateItems(runner, spec, items, { turn: () => context.turn(), report: () => undefined }, options);
  } finally {
    await runner.release();
  }
}

export function describeEvaluation(name: string, { sets, meanDice }: Evaluation): string {
  const dice = Object.entries(sets).map(([set, result]) => `${set} ${result.dice.toFixed(3)}`);
  return `validation Dice (${name}): ${dice.join(', ')}; mean ${meanDice.toFixed(4)}`;
}

/** Saves every few minutes, and now and then tells what the running average is worth. */
function watch(training: MaskTraining, trainer: Pretrainer, context: JobContext<JobProgress>): () => Promise<void> {
  const { run, state, provider, checkpointMinutes, note, save } = training;
  const frames = quick(training.validation);
  let saved = performance.now();
  let shown = performance.now();
  return async () => {
    if (performance.now() - saved < checkpointMinutes * 60_000) return;
    await save(trainer.counts);
    saved = performance.now();
    if (performance.now() - shown < 3 * checkpointMinutes * 60_000) return;
    const measured = await measureWeights(run, state.weights('average'), frames, provider, context, masksOnly);
    note(describeEvaluation('average', measured));
    shown = performance.now();
  };
}

async function chooseWeights(
  { run, validation, provider, note }: MaskTraining,
  branch: NetworkState,
  context: JobContext<JobProgress>,
): Promise<Pick<TrainedMasks, 'weights' | 'evaluation'>> {
  const measured: Pick<TrainedMasks, 'weights' | 'evaluation'>[] = [];
  for (const kind of ['current', 'average'] as const) {
    const weights = branch.weights(kind);
    const evaluation = await measureWeights(run, weights, validation, provider, context, masksOnly);
    note(describeEvaluation(`cooled down, ${kind}`, evaluation));
    measured.push({ weights, evaluation });
  }
  return measured.reduce((best, other) => (other.evaluation.meanDice > best.evaluation.meanDice ? other : best));
}

const masksOnly: PredictionOptions = { classify: false };

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

/** Frames of each set, from all over it: in some sets one kind of case comes first. */
function quick(items: readonly DatasetItem[]): DatasetItem[] {
  return [...Map.groupBy(items, ({ set }) => set).values()].flatMap((members) => evenly(members, quickFrames));
}
