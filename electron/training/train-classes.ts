// Owns how the classification decoder is trained: alone, on an encoder that stays as it is, and so never at the cost of a mask. What the
// encoder makes of a sample is kept and used several times, for the encoder is most of the work: a step encodes a few new samples and learns
// from many. Trained together with the masks, or in batches of eight, the decoder learned nothing in a thousand steps and more; with Muon it
// learns within minutes, and by heart when it is given more.
import { AppError } from '../common/errors.ts';
import type { JobProgress } from '../common/engine-protocol.ts';
import { promptNames, promptValues } from '../common/prompts.ts';
import type { InputSpec } from '../inference/preprocess.ts';
import { adamWDefaults, type AdamWOptions } from '../nn/optimizers.ts';
import { createRandom, type Random } from '../nn/random.ts';
import { createGraphSession, type GraphSession } from '../nn/session.ts';
import type { Weights } from '../nn/weights.ts';
import type { PerceptGuideConfig } from '../../models/perceptguide/config.ts';
import { pooledShapes } from '../../models/perceptguide/definition.ts';
import { classificationStepGraph, pooledEncoderGraph } from '../../models/perceptguide/graphs.ts';
import { initialWeights, isClassificationDecoder, parameterShapes } from '../../models/perceptguide/parameters.ts';
import { pretrainingAugmentation } from './augment.ts';
import { classTensor, imageTensor, organChances, promptTensors } from './batches.ts';
import type { JobContext } from './context.ts';
import type { DatasetItem } from './dataset-item.ts';
import { FeatureMemory } from './feature-memory.ts';
import { NetworkState } from './network-state.ts';
import {
  requireNumbers,
  trainPhase,
  type PhaseLength,
  type PretrainStep,
  type Trainer,
  type TrainingLine,
} from './pretrain.ts';
import { createSampleDraw, type DrawnSample, type InputShares } from './samples.ts';
import { coolDownRate } from './schedule.ts';

export interface ClassSettings {
  /** Samples that a step learns from. */
  readonly batch: number;
  /** Samples that a step encodes. */
  readonly fresh: number;
  /** Samples whose features are kept: 141 kB each with E 48. */
  readonly remembered: number;
  /** Samples encoded before the first step. */
  readonly first: number;
  /** How often an item is encoded at most, on average: the decoder learns them by heart in more. */
  readonly passes: number;
  readonly optimizer: AdamWOptions;
  readonly inputShares: InputShares;
  /** Falls to 0 over the whole length; the decoder begins anew, so what suits masks that are already good is too little. */
  readonly learningRate: number;
  readonly warmupSteps: number;
}

export const classDefaults: ClassSettings = {
  batch: 32,
  fresh: 8,
  remembered: 2048,
  first: 256,
  passes: 2.5,
  optimizer: adamWDefaults,
  inputShares: [0.6, 0.3, 0.1],
  learningRate: 5e-4,
  warmupSteps: 50,
};

export interface ClassTraining {
  readonly config: PerceptGuideConfig;
  readonly spec: InputSpec;
  /** Of the whole network. */
  readonly weights: Weights;
  readonly items: readonly DatasetItem[];
  readonly seed: number;
  readonly provider: string;
  readonly settings: ClassSettings;
  readonly length: PhaseLength;
  readonly line: (progress: TrainingLine) => void;
}

/** The network with a newly trained classification decoder. Throws AppError('bad-input') where no item has a class, AbortError when cancelled. */
export async function trainClasses(
  training: ClassTraining,
  context: JobContext<JobProgress>,
): Promise<{ weights: Weights; steps: number }> {
  const { settings, length, line } = training;
  const trainer = await ClassTrainer.create(training);
  try {
    const rate = (step: number, passed: number): number =>
      coolDownRate(settings.learningRate, passed) * Math.min(1, step / settings.warmupSteps);
    // Minutes are those of a whole training, and may be far more than classes need.
    const most = Math.ceil((settings.passes * trainer.itemCount) / settings.fresh);
    const bounded = { ...length, steps: Math.min(length.steps ?? Infinity, most) };
    const progress = { signal: context.signal, turn: () => context.turn(), report: line };
    await trainPhase(trainer, { name: 'classes', length: bounded, rate }, progress);
  } finally {
    await trainer.release();
  }
  return { weights: new Map([...training.weights, ...trainer.weights()]), steps: trainer.counts.step };
}

/** Whether there is something to be told apart: items of two classes at least. */
export function hasClasses(items: readonly DatasetItem[]): boolean {
  return new Set(items.flatMap(({ classIndex }) => classIndex ?? [])).size > 1;
}

// Calipers and hidden parts teach where an outline goes on; the class is in the texture that they cover.
const augmentation = { ...pretrainingAugmentation, zoom: 0.2, aspect: 0, depthGain: 0, disturbance: null };

class ClassTrainer implements Trainer {
  readonly counts = { step: 0, moments: 0 };
  readonly itemCount: number;
  private readonly settings: ClassSettings;
  private readonly state: NetworkState;
  private readonly encoder: GraphSession;
  private readonly decoder: GraphSession;
  private readonly trained: readonly string[];
  private readonly memory: FeatureMemory;
  private readonly random: Random;
  private readonly draw: (count: number) => readonly DrawnSample[];

  private constructor(
    { config, spec, seed, settings }: ClassTraining,
    items: readonly DatasetItem[],
    sessions: { state: NetworkState; encoder: GraphSession; decoder: GraphSession; trained: readonly string[] },
  ) {
    const { state, encoder, decoder, trained } = sessions;
    this.itemCount = items.length;
    this.settings = settings;
    this.state = state;
    this.encoder = encoder;
    this.decoder = decoder;
    this.trained = trained;
    this.memory = new FeatureMemory(sampleSizes(config), settings.remembered);
    this.random = createRandom(seed);
    const source = { chances: organChances(items), task: 'classification', items, spec, side: config.imageSize, inputShares: settings.inputShares, augmentation } as const; // prettier-ignore
    this.draw = createSampleDraw(source, this.random);
  }

  static async create(training: ClassTraining): Promise<ClassTrainer> {
    const { config, weights, seed, settings, provider } = training;
    const items = training.items.filter(({ classIndex }) => classIndex !== null);
    if (items.length === 0) throw new AppError('bad-input', 'The training split has no classes.');
    const names = [...parameterShapes(config).keys()].filter(isClassificationDecoder);
    // Begun anew: what an earlier encoder's features taught it does not fit this one's.
    const state = new NetworkState(initialWeights(config, createRandom(seed)), names);
    const encoding = pooledEncoderGraph({ config, weights }, settings.fresh);
    const { graph, trained } = classificationStepGraph({ config, weights: state.weights('current') }, settings.batch, settings.optimizer); // prettier-ignore
    const encoder = await createGraphSession(encoding, 'encoding of what has a class', { provider });
    try {
      const decoder = await createGraphSession(graph, 'training of classes', { provider });
      return new ClassTrainer(training, items, { state, trained, encoder, decoder });
    } catch (error) {
      await encoder.release();
      throw error;
    }
  }

  async step(learningRate: number): Promise<PretrainStep> {
    const { batch, first, remembered, optimizer } = this.settings;
    do await this.encodeMore();
    while (this.memory.count < Math.min(first, remembered));
    this.counts.step += 1;
    this.counts.moments += 1;
    const samples = this.memory.draw(batch, this.random);
    const rates = { learningRate, step: this.counts.moments, optimizer };
    const { loss, gradientNorm } = await this.state.step(this.decoder, this.trained, samples, rates);
    requireNumbers(this.counts.step, loss, gradientNorm);
    return { loss, gradientNorm };
  }

  weights(): Weights {
    return this.state.weights('current');
  }

  async release(): Promise<void> {
    await this.encoder.release();
    await this.decoder.release();
  }

  private async encodeMore(): Promise<void> {
    const { fresh } = this.settings;
    const drawn = this.draw(fresh);
    const features = await this.encoder.run({ image: imageTensor(drawn.map(({ sample }) => sample)) });
    const classes = classTensor(drawn.map(({ item }) => item));
    this.memory.put({ ...features, classes, ...promptTensors(drawn.map(({ prompts }) => prompts)) }, fresh);
  }
}

/** Numbers of one sample, by the decoder step's inputs. */
function sampleSizes(config: PerceptGuideConfig): Record<string, number> {
  return {
    ...Object.fromEntries(
      Object.entries(pooledShapes(config, 1)).map(([name, [rows, channels]]) => [name, rows * channels]),
    ),
    ...Object.fromEntries(promptNames.map((name) => [name, promptValues[name].length])),
    classes: 2,
  };
}
