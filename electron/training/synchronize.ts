// Owns downstream synchronization (Lin et al. 2025): trains the prompt projections of one label on its corrections, all else frozen.
// Decoder steps on cached encoder features; the last step that is as good as the best on validation is kept, and nothing leaves that is not
// better there than what was before.
import { AppError } from '../common/errors.ts';
import type { SynchronizeProgress } from '../common/engine-protocol.ts';
import type { Prompts } from '../common/prompts.ts';
import type { FrameReader } from '../inference/look.ts';
import type { Projections } from '../inference/network-runner.ts';
import { trainingLoss } from '../nn/losses.ts';
import { adamWDefaults, type AdamWOptions } from '../nn/optimizers.ts';
import { createRandom, shuffled, type Random } from '../nn/random.ts';
import { createGraphSession } from '../nn/session.ts';
import type { Weights } from '../nn/weights.ts';
import { sizeOf } from '../nn/value.ts';
import { synchronizationStepGraph } from '../../models/perceptguide/graphs.ts';
import { isPromptProjection } from '../../models/perceptguide/parameters.ts';
import type { AugmentOptions } from './augment.ts';
import { promptTensors } from './batches.ts';
import type { JobContext } from './context.ts';
import { evenly } from './evenly.ts';
import {
  encodeAugmented,
  encodedDice,
  encodeWhole,
  frameDice,
  joinSamples,
  type CorrectionSource,
  type EncodedFrame,
  type EncodedSample,
} from './feature-cache.ts';
import { NetworkState } from './network-state.ts';
import { isLocalView, sampleBound } from './sample-bound.ts';
import { findStartingPoint, type StartingPoint } from './starting-prompts.ts';
import { mean, standardError } from './statistics.ts';
import { minimumCorrections } from './validation-split.ts';

export interface SynchronizeSettings {
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly warmupSteps: number;
  /** Training frames, at most, on which it is chosen where to start from. */
  readonly startingFrames: number;
  /** Views of each training frame, fewer where there are many frames; the first epochs see all of them before any comes again. */
  readonly views: number;
  /** Share of them that are crops around the target, so that boxes and second looks are served too. */
  readonly localShare: number;
  /** Steps between two measurements on validation. */
  readonly measureEvery: number;
  /** Stop after so many measurements without a better one. */
  readonly patience: number;
  /** Steps that the running average of the projections spans. */
  readonly averageHorizon: number;
}

export const synchronizeDefaults: SynchronizeSettings = {
  steps: 120,
  batch: 4,
  learningRate: 1.2e-2,
  warmupSteps: 10,
  startingFrames: 24,
  views: 8,
  localShare: 0.25,
  measureEvery: 12,
  patience: 8,
  averageHorizon: 12,
};

/** Less than this on validation is no improvement that anybody would see. */
const minimumGain = 0.001;

const optimizer: AdamWOptions = { ...adamWDefaults, weightDecay: 0 };

const augmentation: AugmentOptions = {
  rotation: 0.2,
  zoom: 0.2,
  aspect: 0,
  shift: 0.08,
  mirror: true,
  gamma: 0.3,
  gain: 0.2,
  depthGain: 0,
  noise: 0.02,
  disturbance: null,
  localScale: [1.2, 2],
};

export interface SynchronizeOutcome {
  /** Null where no step was better than the start. */
  readonly projections: Projections | null;
  /** Whether proposals with them take a second look: what was better on validation. */
  readonly secondLook: boolean;
  readonly validationBefore: number;
  readonly validationAfter: number;
  readonly history: readonly SynchronizeProgress[];
  /** Views that there were of each training frame. */
  readonly views: number;
  readonly trainableParameters: number;
  readonly seconds: number;
}

export interface SynchronizeTask {
  readonly prompts: Prompts;
  /** No more of either than `boundCorrections` leaves, or memory runs short. */
  readonly train: readonly CorrectionSource[];
  readonly validation: readonly CorrectionSource[];
  /** The projections to start from; null for the base model's. */
  readonly start: Projections | null;
  /** Whether proposals can take a second look, and whether those with `start` do. Neither where it is left out. */
  readonly secondLook?: { readonly possible: boolean; readonly before: boolean };
  readonly seed: number;
  readonly settings?: Partial<SynchronizeSettings>;
  /** Provider of the step graph; the runner's own when left out. */
  readonly provider?: string;
}

/** Throws AppError('bad-input') below four corrections, AbortError when cancelled. */
export async function synchronizeProjections(
  reader: FrameReader,
  task: SynchronizeTask,
  context: JobContext<SynchronizeProgress>,
): Promise<SynchronizeOutcome> {
  const started = performance.now();
  const { runner } = reader;
  const settings = { ...synchronizeDefaults, ...task.settings };
  const count = task.train.length + task.validation.length;
  if (count < minimumCorrections) {
    throw new AppError(
      'bad-input',
      `Synchronization needs ${minimumCorrections} corrections; ${minimumCorrections - count} more are missing.`,
    );
  }
  const history: SynchronizeProgress[] = [];
  const report = (progress: SynchronizeProgress): void => {
    if (progress.phase === 'training') history.push(progress);
    context.report(progress);
  };

  const random = createRandom(task.seed);
  const { views } = sampleBound({ train: task.train.length, validation: task.validation.length }, settings, {
    config: runner.network.config,
    flip: reader.flip,
  });
  const starting = evenly(task.train, settings.startingFrames);
  const toEncode = task.validation.length + starting.length + task.train.length * views;
  const encoded = countEncoded(toEncode, { ...context, report });
  const frames = await encodeFrames(reader, task.validation, encoded);
  const start = await startingPoint(reader, starting, task, encoded, context);
  const samples = await encodeViews(reader, task.train, views, settings, random, encoded);
  const network = {
    config: runner.network.config,
    weights: withProjections(runner.network.weights, start.projections),
  };
  const { graph, trained } = synchronizationStepGraph(network, settings.batch, trainingLoss, optimizer);
  const session = await createGraphSession(graph, 'synchronization step', {
    provider: task.provider ?? runner.provider,
  });
  try {
    const state = new NetworkState(network.weights, trained);
    const diceOf = (projections: Projections | null, secondLook: boolean): Promise<number> =>
      encodedDice(reader, frames, { prompts: task.prompts, projections, secondLook }, context);
    const measured: MeasuredStep[] = [];
    const measure = async (): Promise<number> => {
      const projections = projectionsOf(state);
      const asking = { prompts: task.prompts, projections, secondLook: false };
      const dice = await frameDice(reader, frames, asking, context);
      measured.push({ dice, projections });
      return mean(dice);
    };
    const firstLook = await diceOf(task.start, false);
    let best = firstLook;
    if (start.projections !== task.start) best = Math.max(best, await measure());
    let sinceBest = 0;
    const draw = createDeck(samples, random);
    const trainingStarted = performance.now();
    for (let step = 1; step <= settings.steps && sinceBest < settings.patience; step += 1) {
      const drawn = Array.from({ length: settings.batch }, draw);
      const prompts = promptTensors(drawn.map(({ mode }) => ({ ...task.prompts, mode })));
      const batch = joinSamples(runner, drawn);
      const learningRate = rateAt(settings, step);
      const { loss } = await state.step(session, trained, { ...batch, ...prompts }, { learningRate, step, optimizer });
      if (!Number.isFinite(loss)) throw new AppError('fault', `The loss of step ${step} is not a number.`);
      state.average(settings.averageHorizon);
      const isMeasured = step % settings.measureEvery === 0 || step === settings.steps;
      const dice = isMeasured ? await measure() : null;
      if (dice !== null) {
        sinceBest += 1;
        if (dice > best) {
          best = dice;
          sinceBest = 0;
        }
      }
      const secondsLeft = ((performance.now() - trainingStarted) / 1000 / step) * (settings.steps - step);
      report({ phase: 'training', step, steps: settings.steps, loss, validationDice: dice, secondsLeft });
      await context.turn();
    }
    const before = task.secondLook?.before ? await diceOf(task.start, true) : firstLook;
    let kept: Kept = { projections: null, validationAfter: before, secondLook: false };
    for (const { dice, projections } of best > firstLook ? worthKeeping(measured) : []) {
      const once = mean(dice);
      const again = task.secondLook?.possible ? await diceOf(projections, true) : 0;
      const after = Math.max(once, again);
      if (after - before < minimumGain) continue;
      kept = { projections, validationAfter: after, secondLook: again > once };
      break;
    }
    return {
      ...kept,
      validationBefore: before,
      history,
      views,
      trainableParameters: trained.reduce((sum, name) => sum + sizeOf(network.weights.get(name)!.shape), 0),
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await session.release();
  }
}

type Kept = Pick<SynchronizeOutcome, 'projections' | 'validationAfter' | 'secondLook'>;

export interface MeasuredStep {
  /** Of each validation frame, at first sight. */
  readonly dice: readonly number[];
  readonly projections: Projections;
}

/**
 * The last step that cannot be told from the best, then the best. Few frames validate: which of the steps they like best is chance as much as
 * worth, and where it is chance, more training is better. Told apart is what differs by more than one standard error of the frames' differences.
 */
export function worthKeeping(measured: readonly MeasuredStep[]): readonly MeasuredStep[] {
  const best = measured.reduce((one, other) => (mean(other.dice) > mean(one.dice) ? other : one));
  const isAsGood = ({ dice }: MeasuredStep): boolean => {
    const behind = best.dice.map((value, frame) => value - dice[frame]);
    return mean(behind) <= standardError(behind);
  };
  const last = measured.findLast(isAsGood) ?? best;
  return last === best ? [best] : [last, best];
}

/** Warm-up, then a cosine to a tenth. */
function rateAt({ learningRate, warmupSteps, steps }: SynchronizeSettings, step: number): number {
  const cosine = 0.5 + 0.5 * Math.cos((Math.PI * step) / steps);
  return learningRate * Math.min(1, step / warmupSteps) * (0.1 + 0.9 * cosine);
}

/** Tells of each frame or view that was encoded. */
function countEncoded(
  steps: number,
  { report, turn }: Pick<JobContext<SynchronizeProgress>, 'report' | 'turn'>,
): () => Promise<void> {
  let step = 0;
  return async () => {
    step += 1;
    report({ phase: 'encoding', step, steps, loss: null, validationDice: null, secondsLeft: null });
    await turn();
  };
}

async function encodeFrames(
  reader: FrameReader,
  corrections: readonly CorrectionSource[],
  encoded: () => Promise<void>,
): Promise<EncodedFrame[]> {
  const frames: EncodedFrame[] = [];
  for (const source of corrections) {
    frames.push(await encodeWhole(reader, source));
    await encoded();
  }
  return frames;
}

/** Training frames as they are serve only for this: they are let go before there are views. One view of each tells prompts apart. */
async function startingPoint(
  reader: FrameReader,
  starting: readonly CorrectionSource[],
  { prompts, start }: SynchronizeTask,
  encoded: () => Promise<void>,
  context: Pick<JobContext<never>, 'turn'>,
): Promise<StartingPoint> {
  const straight = { runner: reader.runner, spec: reader.spec, flip: false };
  return findStartingPoint(straight, await encodeFrames(straight, starting, encoded), prompts, start, context);
}

async function encodeViews(
  reader: FrameReader,
  train: readonly CorrectionSource[],
  views: number,
  settings: SynchronizeSettings,
  random: Random,
  encoded: () => Promise<void>,
): Promise<EncodedSample[]> {
  const samples: EncodedSample[] = [];
  for (const [index, source] of train.entries()) {
    const corrected = await source();
    for (let view = 0; view < views; view += 1) {
      const mode = isLocalView(view, index, views, settings) ? 'local' : 'whole';
      samples.push(await encodeAugmented(reader, corrected, mode, augmentation, random));
      await encoded();
    }
  }
  return samples;
}

/** A copy of the averaged projections. */
function projectionsOf(state: NetworkState): Projections {
  return new Map([...state.weights('average')].map(([name, { data }]) => [name, data.slice()]));
}

function withProjections(weights: Weights, projections: Projections | null): Weights {
  if (!projections) return weights;
  return new Map(
    [...weights].map(([name, weight]) => {
      const data = isPromptProjection(name) ? projections.get(name) : undefined;
      return [name, data ? { shape: weight.shape, data } : weight];
    }),
  );
}

/** Deals all samples in random order before any comes again. */
function createDeck<T>(items: readonly T[], random: Random): () => T {
  let deck: T[] = [];
  return () => {
    if (deck.length === 0) deck = shuffled(items, random);
    return deck.pop()!;
  };
}
