// Owns where synchronization starts: a label whose Position or Object the network never saw begins with the embeddings of the prompts
// under which it already does best on the training frames, instead of an untrained one.
import { positions, promptIndices, promptValues, types, type Prompts } from '../common/prompts.ts';
import type { FrameReader } from '../inference/look.ts';
import type { Projections } from '../inference/network-runner.ts';
import type { Weights } from '../nn/weights.ts';
import { isPromptProjection } from '../../models/perceptguide/parameters.ts';
import type { JobContext } from './context.ts';
import { encodedDice, type EncodedFrame } from './feature-cache.ts';

export interface StartingPoint {
  /** Null: the base model's own embeddings of the label's prompts are the best. */
  readonly projections: Projections | null;
  /** The prompts whose embeddings were taken. */
  readonly prompts: Prompts;
  /** Mean Dice of the training frames under them. */
  readonly trainDice: number;
}

/** Tries every Position and Object on the training frames with decoder runs only; `start` competes when there is an adapter already. */
export async function findStartingPoint(
  reader: FrameReader,
  frames: readonly EncodedFrame[],
  prompts: Prompts,
  start: Projections | null,
  context: Pick<JobContext<never>, 'turn'>,
): Promise<StartingPoint> {
  const dice = (candidate: Prompts, projections: Projections | null): Promise<number> =>
    encodedDice(reader, frames, { prompts: candidate, projections, secondLook: false }, context);
  let best: StartingPoint = {
    projections: start,
    prompts,
    trainDice: await dice(prompts, start),
  };
  for (const type of types) {
    for (const position of positions) {
      const candidate = { ...prompts, position, type };
      const trainDice = await dice(candidate, null);
      if (trainDice <= best.trainDice) continue;
      best = {
        projections: borrowEmbeddings(reader.runner.network.weights, candidate, prompts),
        prompts: candidate,
        trainDice,
      };
    }
  }
  return best;
}

/** Base projections in which the values of `to` have the embeddings of the values of `from`. Weights are (C, values), one column a value. */
export function borrowEmbeddings(base: Weights, from: Prompts, to: Prompts): Projections {
  const source = promptIndices(from);
  const target = promptIndices(to);
  const projections = new Map<string, Float32Array>();
  for (const [name, { data }] of base) {
    if (!isPromptProjection(name)) continue;
    const copy = data.slice();
    for (const prompt of ['position', 'type'] as const) {
      if (!name.endsWith(`.${prompt}_prompt_proj_mlp.weight`)) continue;
      const columns = promptValues[prompt].length;
      for (let row = 0; row < copy.length; row += columns) copy[row + target[prompt]] = data[row + source[prompt]];
    }
    projections.set(name, copy);
  }
  return projections;
}
