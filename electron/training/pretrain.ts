// Owns supervised pre-training on M2-US sets, one decoder at a time: first the encoder with the segmentation decoder, then the classification
// decoder on the encoder that came of it. Trained together from the start, the classification decoder learned nothing in 2,200 steps, and took
// a seventh of the time of each; on a finished encoder a few hundred steps suffice.
import { AppError } from '../common/errors.ts';
import { modes, type Mode, type Task } from '../common/prompts.ts';
import { trainingLoss } from '../nn/losses.ts';
import { adamWDefaults, type AdamWOptions } from '../nn/optimizers.ts';
import { createRandom, type Random } from '../nn/random.ts';
import { createGraphSession, type GraphSession } from '../nn/session.ts';
import type { Weights } from '../nn/weights.ts';
import type { InputSpec } from '../inference/preprocess.ts';
import type { PerceptGuideConfig } from '../../models/perceptguide/config.ts';
import { classificationStepGraph, segmentationStepGraph, type StepGraph } from '../../models/perceptguide/graphs.ts';
import { augmentSample, pretrainingAugmentation, type AugmentOptions } from './augment.ts';
import { classTensor, createSampler, imageTensor, promptTensors, targetTensor } from './batches.ts';
import type { JobContext } from './context.ts';
import { itemMask, type DatasetItem } from './dataset-item.ts';
import type { NetworkState } from './network-state.ts';

export interface PretrainSettings {
  readonly batch: number;
  readonly optimizer: AdamWOptions;
  /** Chance of each input, by task: whole, local, location. */
  readonly inputShares: Readonly<Record<Task, readonly [number, number, number]>>;
  /** Steps between two updates of the running average, and how many of them it spans. */
  readonly averageEvery: number;
  readonly averageHorizon: number;
}

export const pretrainDefaults: PretrainSettings = {
  batch: 8,
  optimizer: adamWDefaults,
  inputShares: { segmentation: [0.9, 0.08, 0.02], classification: [0.6, 0.3, 0.1] },
  averageEvery: 5,
  averageHorizon: 100,
};

const augmentation: Readonly<Record<Task, AugmentOptions>> = {
  segmentation: pretrainingAugmentation,
  // Calipers and hidden parts teach where an outline goes on; the class is in the texture that they cover.
  classification: { ...pretrainingAugmentation, zoom: 0.2, disturbance: null },
};

export interface TrainingCounts {
  step: number;
  /** Steps that all moments have seen, which bias corrections count. */
  moments: number;
}

const reportEveryMs = 15_000;

export interface PretrainStep {
  readonly loss: number;
  readonly gradientNorm: number;
}

/** The session, tensors and draws of one run. */
export class Pretrainer {
  readonly state: NetworkState;
  readonly counts: TrainingCounts;
  private readonly session: GraphSession;
  private readonly trained: readonly string[];
  private readonly options: PretrainerOptions;
  private readonly random: Random;
  private readonly draw: (random: Random) => DatasetItem;

  private constructor(options: PretrainerOptions, session: GraphSession, trained: readonly string[]) {
    this.options = options;
    this.session = session;
    this.trained = trained;
    this.state = options.state;
    this.counts = { ...options.counts };
    this.random = createRandom(options.seed + options.counts.step);
    this.draw = createSampler(taught(options));
  }

  /** Builds the task's step graph on a provider. Throws AppError('bad-input') where no item has what the task is taught by. */
  static async create(options: PretrainerOptions): Promise<Pretrainer> {
    const { task, provider } = options;
    if (taught(options).length === 0) {
      throw new AppError('bad-input', `The training split has no ${task === 'segmentation' ? 'masks' : 'classes'}.`);
    }
    const { graph, trained } = stepGraph(options);
    const session = await createGraphSession(graph, `pre-training of ${task}`, { provider });
    return new Pretrainer(options, session, trained);
  }

  /** One step at the given rate. A step with a loss that is not a number changes nothing and throws AppError('fault'). */
  async step(learningRate: number): Promise<PretrainStep> {
    const { optimizer, averageEvery, averageHorizon } = this.options.settings;
    const batch = this.nextBatch();
    this.counts.step += 1;
    this.counts.moments += 1;
    const rates = { learningRate, step: this.counts.moments, optimizer };
    const { loss, gradientNorm } = await this.state.step(this.session, this.trained, batch, rates);
    if (!Number.isFinite(loss)) throw new AppError('fault', `The loss of step ${this.counts.step} is not a number.`);
    if (this.counts.step % averageEvery === 0) this.state.average(averageHorizon);
    return { loss, gradientNorm };
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  private nextBatch(): Record<string, Float32Array> {
    const { task, settings, spec, config } = this.options;
    const drawn = Array.from({ length: settings.batch }, () => {
      const item = this.draw(this.random);
      const mode = this.drawMode(item);
      const sample = augmentSample(
        item.frame,
        itemMask(item),
        mode,
        spec,
        config.imageSize,
        augmentation[task],
        this.random,
      );
      return { item, sample, prompts: { position: item.position, type: item.type, mode, task } };
    });
    const samples = drawn.map(({ sample }) => sample);
    return {
      image: imageTensor(samples),
      ...(task === 'segmentation'
        ? { target: targetTensor(samples) }
        : { classes: classTensor(drawn.map(({ item }) => item)) }),
      ...promptTensors(drawn.map(({ prompts }) => prompts)),
    };
  }

  /** An item without a mask has no place to look at, so it is seen whole. */
  private drawMode({ mask }: DatasetItem): Mode {
    const { task, settings } = this.options;
    return mask ? modes[drawIndex(settings.inputShares[task], this.random)] : 'whole';
  }
}

export interface PretrainerOptions {
  readonly task: Task;
  /** Holds what the task trains; it may hold more. */
  readonly state: NetworkState;
  /** What the task does not train and yet runs through, the encoder of classification; left out where the state holds everything. */
  readonly weights?: Weights;
  readonly counts: TrainingCounts;
  readonly settings: PretrainSettings;
  readonly config: PerceptGuideConfig;
  readonly spec: InputSpec;
  readonly items: readonly DatasetItem[];
  readonly seed: number;
  readonly provider: string;
}

export interface TrainingLine {
  readonly phase: string;
  readonly step: number;
  /** Running mean. */
  readonly loss: number;
  readonly millisecondsPerStep: number;
  readonly secondsLeft: number;
}

/** How long a phase takes: by the clock, or by the count of its steps. */
export type PhaseLength = { readonly milliseconds: number } | { readonly steps: number };

/** One stretch of training: what it is called in reports, and its rate by step and by the share of it that has passed. */
export interface TrainingPhase {
  readonly name: string;
  readonly length: PhaseLength;
  readonly rate: (step: number, passed: number) => number;
}

/** Trains for the length of one phase. Reports about every `reportEveryMs`. Throws AbortError when cancelled. */
export async function trainPhase(
  trainer: Pretrainer,
  { name, length, rate }: TrainingPhase,
  context: JobContext<TrainingLine> & { readonly afterStep?: () => Promise<void> },
): Promise<void> {
  const started = performance.now();
  let mean: number | null = null;
  let lastReport = started;
  let stepsSinceReport = 0;
  for (let steps = 0; ; steps += 1) {
    const passed = passedShare(length, performance.now() - started, steps);
    if (passed >= 1) return;
    const { loss } = await trainer.step(rate(trainer.counts.step + 1, passed));
    mean = mean === null ? loss : mean * 0.98 + loss * 0.02; // over about fifty steps
    stepsSinceReport += 1;
    const now = performance.now();
    if (now - lastReport > reportEveryMs) {
      context.report({
        phase: name,
        step: trainer.counts.step,
        loss: mean,
        millisecondsPerStep: (now - lastReport) / stepsSinceReport,
        secondsLeft: secondsLeft(length, now - started, steps + 1),
      });
      lastReport = now;
      stepsSinceReport = 0;
    }
    await context.afterStep?.();
    await context.turn();
  }
}

/** 1 and more: it is over. A phase whose time was used up before it began has no step. */
function passedShare(length: PhaseLength, elapsedMs: number, steps: number): number {
  const [passed, whole] = 'steps' in length ? [steps, length.steps] : [elapsedMs, length.milliseconds];
  return whole > 0 ? passed / whole : 1;
}

function secondsLeft(length: PhaseLength, elapsedMs: number, steps: number): number {
  const left = 'steps' in length ? (length.steps - steps) * (elapsedMs / steps) : length.milliseconds - elapsedMs;
  return Math.max(0, left / 1000);
}

function stepGraph({ task, config, settings, state, weights }: PretrainerOptions): StepGraph {
  const network = { config, weights: new Map([...(weights ?? []), ...state.weights('current')]) };
  return task === 'segmentation'
    ? segmentationStepGraph(network, settings.batch, trainingLoss, settings.optimizer)
    : classificationStepGraph(network, settings.batch, settings.optimizer);
}

/** The items that the task can be taught by. */
function taught({ task, items }: Pick<PretrainerOptions, 'task' | 'items'>): readonly DatasetItem[] {
  return items.filter(({ mask, classIndex }) => (task === 'segmentation' ? mask !== null : classIndex !== null));
}

function drawIndex(shares: readonly number[], random: Random): number {
  let rest = random.next() * shares.reduce((sum, share) => sum + share, 0);
  for (let index = 0; index < shares.length - 1; index += 1) {
    if (rest < shares[index]) return index;
    rest -= shares[index];
  }
  return shares.length - 1;
}
