// Owns how the classification decoder is trained: alone, on an encoder that stays as it is, and never at the cost of a mask.
import type { JobProgress } from '../common/engine-protocol.ts';
import { createRandom } from '../nn/random.ts';
import type { Weights } from '../nn/weights.ts';
import { initialWeights, isClassificationDecoder, parameterShapes } from '../../models/perceptguide/parameters.ts';
import type { JobContext } from './context.ts';
import { NetworkState } from './network-state.ts';
import {
  Pretrainer,
  trainPhase,
  type PhaseLength,
  type PretrainerOptions,
  type PretrainSettings,
  type TrainingLine,
} from './pretrain.ts';
import { coolDownRate, type Schedule } from './schedule.ts';

export interface ClassTraining extends Pick<PretrainerOptions, 'config' | 'spec' | 'items' | 'seed' | 'provider'> {
  /** Of the whole network. */
  readonly weights: Weights;
  readonly settings: PretrainSettings;
  readonly schedule: Pick<Schedule, 'learningRate'>;
  readonly length: PhaseLength;
  readonly line: (progress: TrainingLine) => void;
}

const warmupSteps = 50;

/** The network with a newly trained classification decoder. Throws AppError('bad-input') where no item has a class, AbortError when cancelled. */
export async function trainClasses(
  { weights, schedule, length, line, ...options }: ClassTraining,
  context: JobContext<JobProgress>,
): Promise<{ weights: Weights; steps: number }> {
  const names = [...parameterShapes(options.config).keys()].filter(isClassificationDecoder);
  // Begun anew: what an earlier encoder's features taught it does not fit this one's.
  const state = new NetworkState(initialWeights(options.config, createRandom(options.seed)), names);
  const trainer = await Pretrainer.create({ ...options, task: 'classification', state, weights, counts: { step: 0, moments: 0 } }); // prettier-ignore
  try {
    const rate = (step: number, passed: number): number =>
      coolDownRate(schedule, passed) * Math.min(1, step / warmupSteps);
    const progress = { signal: context.signal, turn: () => context.turn(), report: line };
    await trainPhase(trainer, { name: 'classes', length, rate }, progress);
  } finally {
    await trainer.release();
  }
  return { weights: new Map([...weights, ...state.weights('current')]), steps: trainer.counts.step };
}

/** Whether there is something to be told apart: items of two classes at least. */
export function hasClasses(items: PretrainerOptions['items']): boolean {
  return new Set(items.flatMap(({ classIndex }) => classIndex ?? [])).size > 1;
}
