// Owns supervised pre-training of masks on M2-US sets: the encoder with the segmentation decoder. Classes are taught afterwards, on the encoder
// that came of it (train-classes.ts).
import { AppError } from '../common/errors.ts';
import { trainingLoss } from '../nn/losses.ts';
import { adamWDefaults, type AdamWOptions } from '../nn/optimizers.ts';
import { createRandom } from '../nn/random.ts';
import { createGraphSession, type GraphSession } from '../nn/session.ts';
import type { InputSpec } from '../inference/preprocess.ts';
import type { PerceptGuideConfig } from '../../models/perceptguide/config.ts';
import { segmentationStepGraph } from '../../models/perceptguide/graphs.ts';
import type { AugmentOptions } from './augment.ts';
import { imageTensor, promptTensors, setChances, targetTensor, type SetDice } from './batches.ts';
import type { JobContext } from './context.ts';
import type { DatasetItem } from './dataset-item.ts';
import type { NetworkState } from './network-state.ts';
import { createSampleDraw, type DrawnSample, type InputShares } from './samples.ts';

export interface PretrainSettings {
  readonly batch: number;
  readonly optimizer: AdamWOptions;
  readonly inputShares: InputShares;
  /** Steps between two updates of the running average, and how many of them it spans. */
  readonly averageEvery: number;
  readonly averageHorizon: number;
}

export const pretrainDefaults: PretrainSettings = {
  batch: 8,
  optimizer: adamWDefaults,
  inputShares: [0.9, 0.08, 0.02],
  averageEvery: 5,
  averageHorizon: 100,
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

/** What is trained step by step. */
export interface Trainer {
  readonly counts: Readonly<TrainingCounts>;
  /** One step at the given rate. A step with a loss that is not a number changes nothing and throws AppError('fault'). */
  step(learningRate: number): Promise<PretrainStep>;
}

/** Throws AppError('fault') for a step whose loss or gradient is not a number; NetworkState has not taken it over. */
export function requireNumbers(step: number, loss: number, gradientNorm: number): void {
  if (!Number.isFinite(loss)) throw new AppError('fault', `The loss of step ${step} is not a number.`);
  if (!Number.isFinite(gradientNorm)) throw new AppError('fault', `The gradient of step ${step} is not a number.`);
}

/** The session, tensors and draws of one run. */
export class Pretrainer implements Trainer {
  readonly state: NetworkState;
  readonly counts: TrainingCounts;
  private readonly session: GraphSession;
  private readonly trained: readonly string[];
  private readonly settings: PretrainSettings;
  private readonly draw: (count: number) => readonly DrawnSample[];

  private constructor(options: PretrainerOptions, session: GraphSession, trained: readonly string[]) {
    const { state, counts, seed, items, dice, spec, config, settings, augmentation } = options;
    const chances = setChances(items, dice);
    this.settings = settings;
    this.session = session;
    this.trained = trained;
    this.state = state;
    this.counts = { ...counts };
    const source = { task: 'segmentation', items, chances, spec, side: config.imageSize, inputShares: settings.inputShares, augmentation } as const; // prettier-ignore
    this.draw = createSampleDraw(source, createRandom(seed + counts.step));
  }

  /** Builds the step graph on a provider. Throws AppError('bad-input') where no item has a mask. */
  static async create(options: PretrainerOptions): Promise<Pretrainer> {
    const { config, settings, state, provider } = options;
    const items = options.items.filter(({ mask }) => mask !== null);
    if (items.length === 0) throw new AppError('bad-input', 'The training split has no masks.');
    const network = { config, weights: state.weights('current') };
    const { graph, trained } = segmentationStepGraph(network, settings.batch, trainingLoss, settings.optimizer);
    const session = await createGraphSession(graph, 'pre-training of masks', { provider });
    return new Pretrainer({ ...options, items }, session, trained);
  }

  async step(learningRate: number): Promise<PretrainStep> {
    const { optimizer, averageEvery, averageHorizon } = this.settings;
    const batch = this.nextBatch();
    this.counts.step += 1;
    this.counts.moments += 1;
    const rates = { learningRate, step: this.counts.moments, optimizer };
    const { loss, gradientNorm } = await this.state.step(this.session, this.trained, batch, rates);
    requireNumbers(this.counts.step, loss, gradientNorm);
    if (this.counts.step % averageEvery === 0) this.state.average(averageHorizon);
    return { loss, gradientNorm };
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  private nextBatch(): Record<string, Float32Array> {
    const drawn = this.draw(this.settings.batch);
    const samples = drawn.map(({ sample }) => sample);
    return {
      image: imageTensor(samples),
      target: targetTensor(samples),
      ...promptTensors(drawn.map(({ prompts }) => prompts)),
    };
  }
}

export interface PretrainerOptions {
  /** Holds encoder and segmentation decoder; it may hold more. */
  readonly state: NetworkState;
  readonly counts: TrainingCounts;
  readonly settings: PretrainSettings;
  readonly config: PerceptGuideConfig;
  readonly spec: InputSpec;
  readonly items: readonly DatasetItem[];
  /** Of sets, on validation before this call: how often each is drawn follows from it. */
  readonly dice: SetDice;
  readonly augmentation: AugmentOptions;
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

/** How long a phase takes, by the clock and by the count of its steps: what is reached first ends it. */
export interface PhaseLength {
  readonly milliseconds?: number;
  readonly steps?: number;
}

/** One stretch of training: what it is called in reports, and its rate by step and by the share of it that has passed. */
export interface TrainingPhase {
  readonly name: string;
  readonly length: PhaseLength;
  readonly rate: (step: number, passed: number) => number;
}

/** Trains for the length of one phase. Reports about every `reportEveryMs`. Throws AbortError when cancelled. */
export async function trainPhase(
  trainer: Trainer,
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
function passedShare(
  { milliseconds = Infinity, steps: most = Infinity }: PhaseLength,
  elapsedMs: number,
  steps: number,
): number {
  const share = (passed: number, whole: number): number => (whole > 0 ? passed / whole : 1);
  return Math.max(share(elapsedMs, milliseconds), share(steps, most));
}

function secondsLeft(
  { milliseconds = Infinity, steps: most = Infinity }: PhaseLength,
  elapsedMs: number,
  steps: number,
): number {
  return Math.max(0, Math.min(milliseconds - elapsedMs, (most - steps) * (elapsedMs / steps)) / 1000);
}
