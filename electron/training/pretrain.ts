// Owns supervised pre-training: whole network, segmentation and classification steps in turn, on M2-US sets.
// A call trains at a constant rate, keeps that state to go on from next time, and ends in a cool-down branch whose weights it exports.
import { AppError } from '../common/errors.ts';
import type { Mode, Prompts, Task } from '../common/prompts.ts';
import { trainingLoss } from '../nn/losses.ts';
import { adamWDefaults, type AdamWOptions } from '../nn/optimizers.ts';
import { createRandom, type Random } from '../nn/random.ts';
import { createGraphSession, type GraphSession } from '../nn/session.ts';
import type { InputSpec } from '../inference/preprocess.ts';
import type { PerceptGuideConfig } from '../../models/perceptguide/config.ts';
import { trainingStepGraph } from '../../models/perceptguide/graphs.ts';
import { augmentSample, pretrainingAugmentation } from './augment.ts';
import { classTensor, createSampler, imageTensor, promptTensors, targetTensor } from './batches.ts';
import type { JobContext } from './context.ts';
import { itemMask, type DatasetItem } from './dataset-item.ts';
import type { NetworkState } from './network-state.ts';
import { constantRate, coolDownRate, type Schedule } from './schedule.ts';

export interface PretrainSettings {
  readonly batch: number;
  readonly schedule: Schedule;
  readonly optimizer: AdamWOptions;
  /** Chance of each input in a segmentation step, and in a classification step: whole, local, location. */
  readonly segmentationModes: readonly [number, number, number];
  readonly classificationModes: readonly [number, number, number];
  /** Share of the steps that train the classification decoder. */
  readonly classificationShare: number;
  /** Steps between two updates of the running average, and how many of them it spans. */
  readonly averageEvery: number;
  readonly averageHorizon: number;
}

export const pretrainDefaults: Omit<PretrainSettings, 'schedule'> = {
  batch: 8,
  optimizer: adamWDefaults,
  segmentationModes: [0.6, 0.35, 0.05],
  classificationModes: [0.5, 0.3, 0.2],
  classificationShare: 0.12,
  averageEvery: 5,
  averageHorizon: 100,
};

const modeNames: readonly Mode[] = ['whole', 'local', 'location'];

export interface TrainingCounts {
  step: number;
  segmentation: number;
  classification: number;
}

/** The sessions, tensors and draws of one run. */
export class Pretrainer {
  readonly state: NetworkState;
  readonly counts: TrainingCounts;
  private readonly sessions = new Map<Task, { session: GraphSession; trained: readonly string[] }>();
  private readonly settings: PretrainSettings;
  private readonly config: PerceptGuideConfig;
  private readonly spec: InputSpec;
  private readonly random: Random;
  private readonly draw: Record<Task, (random: Random) => DatasetItem>;
  private readonly classified: boolean;

  private constructor(options: PretrainerOptions) {
    this.state = options.state;
    this.counts = { ...options.counts };
    this.settings = options.settings;
    this.config = options.config;
    this.spec = options.spec;
    this.random = createRandom(options.seed + options.counts.step);
    const segmented = options.items.filter((item) => item.mask !== null);
    const classified = options.items.filter((item) => item.classIndex !== null);
    if (segmented.length === 0) throw new AppError('bad-input', 'The training split has no masks.');
    this.classified = classified.length > 0;
    this.draw = {
      segmentation: createSampler(segmented),
      classification: createSampler(this.classified ? classified : segmented),
    };
  }

  /** Builds the step graphs on a provider. */
  static async create(options: PretrainerOptions): Promise<Pretrainer> {
    const trainer = new Pretrainer(options);
    const weights = options.state.weights('current');
    const tasks: Task[] = trainer.classified ? ['segmentation', 'classification'] : ['segmentation'];
    for (const task of tasks) {
      const network = { config: options.config, weights };
      const { graph, trained } = trainingStepGraph(
        network,
        task,
        options.settings.batch,
        trainingLoss,
        options.settings.optimizer,
      );
      const session = await createGraphSession(graph, `pre-training ${task}`, { provider: options.provider });
      trainer.sessions.set(task, { session, trained });
    }
    return trainer;
  }

  /** One step at the given rate. A step with a loss that is not a number changes nothing and throws AppError('fault'). */
  async step(learningRate: number): Promise<{ task: Task; loss: number; gradientNorm: number }> {
    const task: Task =
      this.classified && this.random.next() < this.settings.classificationShare ? 'classification' : 'segmentation';
    const { session, trained } = this.sessions.get(task)!;
    const batch = this.nextBatch(task);
    this.counts.step += 1;
    this.counts[task] += 1;
    const { optimizer } = this.settings;
    // Bias corrections count this task's own steps: its decoder has seen no others.
    const result = await this.state.step(session, trained, batch, { learningRate, step: this.counts[task], optimizer });
    if (!Number.isFinite(result.loss))
      throw new AppError('fault', `The loss of step ${this.counts.step} is not a number.`);
    if (this.counts.step % this.settings.averageEvery === 0) this.state.average(this.settings.averageHorizon);
    return { task, ...result };
  }

  async release(): Promise<void> {
    for (const { session } of this.sessions.values()) await session.release();
  }

  private nextBatch(task: Task): Record<string, Float32Array> {
    const { imageSize } = this.config;
    const shares = task === 'segmentation' ? this.settings.segmentationModes : this.settings.classificationModes;
    const drawn = Array.from({ length: this.settings.batch }, () => {
      const item = this.draw[task](this.random);
      const mode = item.mask ? modeNames[drawIndex(shares, this.random)] : 'whole';
      const sample = augmentSample(
        item.frame,
        itemMask(item),
        mode,
        this.spec,
        imageSize,
        pretrainingAugmentation,
        this.random,
      );
      const prompts: Prompts = { position: item.position, task, mode, type: item.type };
      return { item, sample, prompts };
    });
    const samples = drawn.map(({ sample }) => sample);
    const target =
      task === 'segmentation' ? targetTensor(samples) : classTensor(drawn.map(({ item }) => item.classIndex!));
    return { image: imageTensor(samples), target, ...promptTensors(drawn.map(({ prompts }) => prompts)) };
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
  /** Running means. */
  readonly loss: number;
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
  const means = { segmentation: Number.NaN, classification: Number.NaN };
  let lastReport = started;
  let stepsSinceReport = 0;
  for (;;) {
    const passed = performance.now() - started;
    if (passed >= durationMs) return;
    const rate =
      phase === 'constant'
        ? constantRate(schedule, trainer.counts.step + 1)
        : coolDownRate(schedule, passed / durationMs);
    const { task, loss } = await trainer.step(rate);
    means[task] = Number.isNaN(means[task]) ? loss : means[task] * 0.98 + loss * 0.02;
    stepsSinceReport += 1;
    const now = performance.now();
    if (now - lastReport > 15_000) {
      context.report({
        phase,
        step: trainer.counts.step,
        loss: means.segmentation,
        classificationLoss: Number.isNaN(means.classification) ? null : means.classification,
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

function drawIndex(shares: readonly number[], random: Random): number {
  let rest = random.next() * shares.reduce((sum, share) => sum + share, 0);
  for (let index = 0; index < shares.length - 1; index += 1) {
    if (rest < shares[index]) return index;
    rest -= shares[index];
  }
  return shares.length - 1;
}
