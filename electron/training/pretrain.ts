// Owns supervised pre-training: whole network, both decoders in every step, on M2-US sets.
// A call trains at a constant rate, keeps that state to go on from next time, and ends in a cool-down branch whose weights it exports.
import { AppError } from '../common/errors.ts';
import type { Mode, Prompts } from '../common/prompts.ts';
import { trainingLoss } from '../nn/losses.ts';
import { adamWDefaults, type AdamWOptions } from '../nn/optimizers.ts';
import { createRandom, type Random } from '../nn/random.ts';
import { createGraphSession, type GraphSession } from '../nn/session.ts';
import type { InputSpec } from '../inference/preprocess.ts';
import type { PerceptGuideConfig } from '../../models/perceptguide/config.ts';
import { trainingStepGraph } from '../../models/perceptguide/graphs.ts';
import { augmentSample, pretrainingAugmentation } from './augment.ts';
import { classTensor, createSampler, hasTargetTensor, imageTensor, promptTensors, targetTensor } from './batches.ts';
import type { JobContext } from './context.ts';
import { itemMask, type DatasetItem } from './dataset-item.ts';
import type { NetworkState } from './network-state.ts';
import { constantRate, coolDownRate, type Schedule } from './schedule.ts';

export interface PretrainSettings {
  readonly batch: number;
  readonly schedule: Schedule;
  readonly optimizer: AdamWOptions;
  /** Chance of each input: whole, local, location. */
  readonly modes: readonly [number, number, number];
  /** What the classification loss counts beside the segmentation loss. */
  readonly classificationWeight: number;
  /** Steps between two updates of the running average, and how many of them it spans. */
  readonly averageEvery: number;
  readonly averageHorizon: number;
}

export const pretrainDefaults: Omit<PretrainSettings, 'schedule'> = {
  batch: 8,
  optimizer: adamWDefaults,
  modes: [0.6, 0.35, 0.05],
  classificationWeight: 0.3,
  averageEvery: 5,
  averageHorizon: 100,
};

const modeNames: readonly Mode[] = ['whole', 'local', 'location'];

export interface TrainingCounts {
  step: number;
  /** Steps that all moments have seen, which bias corrections count. */
  moments: number;
}

/** What one step did; a loss is null where no sample of the batch had a mask, or a class. */
export interface PretrainStep {
  readonly segmentationLoss: number | null;
  readonly classificationLoss: number | null;
  readonly gradientNorm: number;
}

/** The session, tensors and draws of one run. */
export class Pretrainer {
  readonly state: NetworkState;
  readonly counts: TrainingCounts;
  private readonly stepper: { readonly session: GraphSession; readonly trained: readonly string[] };
  private readonly settings: PretrainSettings;
  private readonly config: PerceptGuideConfig;
  private readonly spec: InputSpec;
  private readonly random: Random;
  private readonly draw: (random: Random) => DatasetItem;

  private constructor(options: PretrainerOptions, stepper: Pretrainer['stepper']) {
    this.stepper = stepper;
    this.state = options.state;
    this.counts = { ...options.counts };
    this.settings = options.settings;
    this.config = options.config;
    this.spec = options.spec;
    this.random = createRandom(options.seed + options.counts.step);
    this.draw = createSampler(options.items);
  }

  /** Builds the step graph on a provider; without the classification decoder where no item has a class. */
  static async create(options: PretrainerOptions): Promise<Pretrainer> {
    const { config, settings, provider, items } = options;
    if (!items.some(({ mask }) => mask !== null)) throw new AppError('bad-input', 'The training split has no masks.');
    const hasClasses = items.some(({ classIndex }) => classIndex !== null);
    const { graph, trained } = trainingStepGraph(
      { config, weights: options.state.weights('current') },
      settings.batch,
      { segmentation: trainingLoss, classificationWeight: hasClasses ? settings.classificationWeight : 0 },
      settings.optimizer,
    );
    const session = await createGraphSession(graph, 'pre-training', { provider });
    return new Pretrainer(options, { session, trained });
  }

  /** One step at the given rate. A step with a loss that is not a number changes nothing and throws AppError('fault'). */
  async step(learningRate: number): Promise<PretrainStep> {
    const { session, trained } = this.stepper;
    const { optimizer, averageEvery, averageHorizon } = this.settings;
    const batch = this.nextBatch();
    this.counts.step += 1;
    this.counts.moments += 1;
    const rates = { learningRate, step: this.counts.moments, optimizer };
    const numbers = await this.state.step(session, trained, batch, rates);
    if (!Number.isFinite(numbers.loss))
      throw new AppError('fault', `The loss of step ${this.counts.step} is not a number.`);
    const isJoint = 'classificationLoss' in numbers;
    if (this.counts.step % averageEvery === 0) this.state.average(averageHorizon);
    return {
      segmentationLoss: batch.hasTarget.includes(1) ? (isJoint ? numbers.segmentationLoss : numbers.loss) : null,
      classificationLoss: isJoint && batch.classes.includes(1) ? numbers.classificationLoss : null,
      gradientNorm: numbers.gradientNorm,
    };
  }

  async release(): Promise<void> {
    await this.stepper.session.release();
  }

  private nextBatch(): Record<string, Float32Array> {
    const { imageSize } = this.config;
    const drawn = Array.from({ length: this.settings.batch }, () => {
      const item = this.draw(this.random);
      const mode = item.mask ? modeNames[drawIndex(this.settings.modes, this.random)] : 'whole';
      const sample = augmentSample(
        item.frame,
        itemMask(item),
        mode,
        this.spec,
        imageSize,
        pretrainingAugmentation,
        this.random,
      );
      // The graph sets the task of each decoder by itself.
      const prompts: Prompts = { position: item.position, task: 'segmentation', mode, type: item.type };
      return { item, sample, prompts };
    });
    const items = drawn.map(({ item }) => item);
    const samples = drawn.map(({ sample }) => sample);
    return {
      image: imageTensor(samples),
      target: targetTensor(samples),
      hasTarget: hasTargetTensor(items),
      classes: classTensor(items),
      ...promptTensors(drawn.map(({ prompts }) => prompts)),
    };
  }
}

export interface PretrainerOptions {
  readonly state: NetworkState;
  readonly counts: TrainingCounts;
  readonly settings: PretrainSettings;
  readonly config: PerceptGuideConfig;
  readonly spec: InputSpec;
  readonly items: readonly DatasetItem[];
  readonly seed: number;
  readonly provider: string;
}

export interface TrainingLine {
  readonly phase: 'constant' | 'cool-down';
  readonly step: number;
  /** Running means; null where no sample had a mask, or a class, so far. */
  readonly segmentationLoss: number | null;
  readonly classificationLoss: number | null;
  readonly millisecondsPerStep: number;
  readonly secondsLeft: number;
}

/** Trains for the given time in one phase; `now` in milliseconds. Reports about every `reportEveryMs`, calling `onLine`. */
export async function trainPhase(
  trainer: Pretrainer,
  phase: TrainingLine['phase'],
  schedule: Schedule,
  durationMs: number,
  context: JobContext<TrainingLine> & { readonly afterStep?: () => Promise<void> },
): Promise<void> {
  const started = performance.now();
  const segmentation = runningMean();
  const classification = runningMean();
  let lastReport = started;
  let stepsSinceReport = 0;
  for (;;) {
    const passed = performance.now() - started;
    if (passed >= durationMs) return;
    const rate =
      phase === 'constant'
        ? constantRate(schedule, trainer.counts.step + 1)
        : coolDownRate(schedule, passed / durationMs);
    const { segmentationLoss, classificationLoss } = await trainer.step(rate);
    segmentation.add(segmentationLoss);
    classification.add(classificationLoss);
    stepsSinceReport += 1;
    const now = performance.now();
    if (now - lastReport > 15_000) {
      context.report({
        phase,
        step: trainer.counts.step,
        segmentationLoss: segmentation.value(),
        classificationLoss: classification.value(),
        millisecondsPerStep: (now - lastReport) / stepsSinceReport,
        secondsLeft: Math.max(0, (durationMs - (now - started)) / 1000),
      });
      lastReport = now;
      stepsSinceReport = 0;
    }
    await context.afterStep?.();
    await context.turn();
  }
}

/** An exponential mean over about fifty values, the nulls left out. */
function runningMean(): { add(value: number | null): void; value(): number | null } {
  let mean: number | null = null;
  return {
    add: (value) => {
      if (value !== null) mean = mean === null ? value : mean * 0.98 + value * 0.02;
    },
    value: () => mean,
  };
}

function drawIndex(shares: readonly number[], random: Random): number {
  let rest = random.next() * shares.reduce((sum, share) => sum + share, 0);
  for (let index = 0; index < shares.length - 1; index += 1) {
    if (rest < shares[index]) return index;
    rest -= shares[index];
  }
  return shares.length - 1;
}
