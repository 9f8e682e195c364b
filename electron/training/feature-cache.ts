// Owns the encoded training frames of a synchronization: the encoder runs once for each frame and augmentation, and never again.
import { maskBox, maskDice, type BinaryMask } from '../common/mask.ts';
import type { Mode, Prompts } from '../common/prompts.ts';
import type { Features, NetworkRunner, Projections } from '../inference/network-runner.ts';
import { logOdds, pasteMask } from '../inference/postprocess.ts';
import { placeModelFrame, sampleInput, type InputSpec, type ModelFrame } from '../inference/preprocess.ts';
import { secondLookBox } from '../inference/second-look.ts';
import { withoutSpecks } from '../inference/specks.ts';
import { featureShapes } from '../../models/perceptguide/definition.ts';
import { augmentSample, type AugmentOptions, type GrayFrame } from './augment.ts';
import { imageTensor } from './batches.ts';
import type { JobContext } from './context.ts';
import { mean } from './evaluate.ts';
import type { Random } from '../nn/random.ts';

/** A corrected frame: grey levels and the true mask, empty where the structure is absent. */
export interface CorrectedFrame {
  readonly frame: GrayFrame;
  readonly mask: BinaryMask;
}

/** One augmented view of a training frame: what the decoder is trained on. */
export interface EncodedSample {
  /** What the view is: the whole frame, or the crop around the target. */
  readonly mode: Mode;
  readonly features: Features;
  /** (side²), 0 or 1. */
  readonly target: Float32Array;
}

/** A validation frame as at inference, with the true mask at its own size. */
export interface EncodedFrame {
  readonly features: Features;
  readonly frame: ModelFrame;
  readonly mask: BinaryMask;
  /** What was encoded, for a second look. */
  readonly source: GrayFrame;
}

/** A view of the whole frame, or the crop around the target; a frame without a target is seen whole. */
export async function encodeAugmented(
  runner: NetworkRunner,
  spec: InputSpec,
  { frame, mask }: CorrectedFrame,
  wanted: 'whole' | 'local',
  augmentation: AugmentOptions,
  random: Random,
): Promise<EncodedSample> {
  const mode = maskBox(mask) ? wanted : 'whole';
  const sample = augmentSample(frame, mask, mode, spec, runner.network.config.imageSize, augmentation, random);
  return { mode, features: await runner.encode(imageTensor([sample])), target: sample.target };
}

export async function encodePlain(
  runner: NetworkRunner,
  spec: InputSpec,
  { frame, mask }: CorrectedFrame,
): Promise<EncodedFrame> {
  const placed = placeModelFrame(spec, frame, null, runner.network.config.imageSize);
  const picture = { ...frame, channels: 1 as const, pixels: frame.gray };
  return { features: await runner.encode(sampleInput(picture, placed, spec)), frame: placed, mask, source: frame };
}

/** Features of several samples joined along the batch, by input name, with their targets (N, 1, side, side). */
export function joinSamples(
  runner: NetworkRunner,
  samples: readonly Pick<EncodedSample, 'features' | 'target'>[],
): Record<string, Float32Array> {
  const joined: Record<string, Float32Array> = {};
  for (const [name, [rows, channels]] of Object.entries(featureShapes(runner.network.config, 1))) {
    const tensor = new Float32Array(samples.length * rows * channels);
    samples.forEach(({ features }, index) => tensor.set(features[name], index * rows * channels));
    joined[name] = tensor;
  }
  const size = samples[0].target.length;
  joined.target = new Float32Array(samples.length * size);
  samples.forEach(({ target }, index) => joined.target.set(target, index * size));
  return joined;
}

/** Mean Dice of encoded frames at the size of their masks: decoder runs only. */
export async function decodedDice(
  runner: NetworkRunner,
  frames: readonly EncodedFrame[],
  prompts: Prompts,
  projections: Projections | null,
  context: Pick<JobContext<never>, 'turn'>,
): Promise<number> {
  const dice: number[] = [];
  for (const { features, frame, mask } of frames) {
    const logits = await runner.decode(features, prompts, projections);
    dice.push(maskDice(pasteMask(foundOdds(logits, frame.side), frame, mask), mask));
    await context.turn();
  }
  return mean(dice);
}

/** The same where every frame is looked at again, in a crop that must be encoded. */
export async function secondLookDice(
  runner: NetworkRunner,
  spec: InputSpec,
  frames: readonly EncodedFrame[],
  prompts: Prompts,
  projections: Projections | null,
  context: Pick<JobContext<never>, 'turn'>,
): Promise<number> {
  const dice: number[] = [];
  for (const { features, frame, mask, source } of frames) {
    let look = { frame, odds: foundOdds(await runner.decode(features, prompts, projections), frame.side) };
    const box = secondLookBox(look.odds, frame);
    if (box) {
      const placed = placeModelFrame(spec, source, box, frame.side);
      const picture = { ...source, channels: 1 as const, pixels: source.gray };
      const crop = await runner.encode(sampleInput(picture, placed, spec));
      const logits = await runner.decode(crop, { ...prompts, mode: 'local' }, projections);
      look = { frame: placed, odds: foundOdds(logits, placed.side) };
    }
    dice.push(maskDice(pasteMask(look.odds, look.frame, mask), mask));
    await context.turn();
  }
  return mean(dice);
}

/** Of one sample, as a proposal reads them. */
function foundOdds(logits: Float32Array, side: number): Float32Array {
  return withoutSpecks(logOdds(logits, side), side);
}
