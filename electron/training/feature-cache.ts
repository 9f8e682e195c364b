// Owns the encoded training frames of a synchronization: the encoder runs once for each frame and augmentation, and never again.
import { decodeMask, encodeMask, maskBox, maskDice, type BinaryMask } from '../common/mask.ts';
import type { Mode, Prompts } from '../common/prompts.ts';
import {
  encodeSquare,
  lookAt,
  takeLooks,
  type EncodedSquare,
  type FrameReader,
  type Look,
  type Square,
} from '../inference/look.ts';
import type { Features, NetworkRunner, Projections } from '../inference/network-runner.ts';
import { pasteMask } from '../inference/postprocess.ts';
import type { Random } from '../nn/random.ts';
import { featureShapes } from '../../models/perceptguide/definition.ts';
import { augmentSample, type AugmentOptions } from './augment.ts';
import { imageTensor } from './batches.ts';
import type { JobContext } from './context.ts';
import { grayPicture, type GrayFrame } from './gray-frame.ts';
import { mean } from './statistics.ts';

/** A corrected frame: grey levels and the true mask, empty where the structure is absent. */
export interface CorrectedFrame {
  readonly frame: GrayFrame;
  readonly mask: BinaryMask;
}

/** Reads a correction when it is needed; all that a label has would not fit in memory at once. */
export type CorrectionSource = () => Promise<CorrectedFrame>;

/** One augmented view of a training frame: what the decoder is trained on. */
export interface EncodedSample {
  /** What the view is: the whole frame, or the crop around the target. */
  readonly mode: Mode;
  readonly features: Features;
  /** (side²), 0 or 1. */
  readonly target: Float32Array;
}

/** A frame encoded whole, as for a proposal. */
export interface EncodedFrame {
  readonly whole: EncodedSquare;
  /** The true mask: run-length bytes of common/mask.ts, and its size. */
  readonly truth: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** What was encoded, for a second look. */
  readonly source: CorrectionSource;
}

/** A view of the whole frame, or the crop around the target; a frame without a target is seen whole. */
export async function encodeAugmented(
  { runner, spec }: Pick<FrameReader, 'runner' | 'spec'>,
  { frame, mask }: CorrectedFrame,
  wanted: 'whole' | 'local',
  augmentation: AugmentOptions,
  random: Random,
): Promise<EncodedSample> {
  const mode = maskBox(mask) ? wanted : 'whole';
  const sample = augmentSample(frame, mask, mode, spec, runner.network.config.imageSize, augmentation, random);
  return { mode, features: await runner.encode(imageTensor([sample])), target: sample.target };
}

export async function encodeWhole(reader: FrameReader, source: CorrectionSource): Promise<EncodedFrame> {
  const { frame, mask } = await source();
  const whole = await encodeSquare(reader, grayPicture(frame), { mode: 'whole', box: null, mirrored: reader.flip });
  return { whole, truth: encodeMask(mask), width: mask.width, height: mask.height, source };
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

/** How the masks of encoded frames are asked for. */
export interface Asking {
  readonly prompts: Prompts;
  /** Null for the base model's. */
  readonly projections: Projections | null;
  /** Whether a look at what the first one found follows, which must be encoded; without it only the decoder runs. */
  readonly secondLook: boolean;
}

/** Mean Dice of the frames' proposals at the size of their masks. */
export async function encodedDice(...asked: Parameters<typeof frameDice>): Promise<number> {
  return mean(await frameDice(...asked));
}

/** The Dice of each frame's proposal, at the size of its mask. */
export async function frameDice(
  reader: FrameReader,
  frames: readonly EncodedFrame[],
  { prompts, projections, secondLook }: Asking,
  context: Pick<JobContext<never>, 'turn'>,
): Promise<number[]> {
  const dice: number[] = [];
  for (const { whole, truth, width, height, source } of frames) {
    const look = async (square: Square): Promise<Look> => {
      const encoded =
        square.mode === 'whole' ? whole : await encodeSquare(reader, grayPicture((await source()).frame), square);
      return lookAt(reader.runner, encoded, prompts, projections);
    };
    const mask = decodeMask(truth, width, height);
    const [first, second = first] = await takeLooks(look, {
      mode: 'whole',
      box: null,
      mirrored: reader.flip,
      again: secondLook,
    });
    dice.push(maskDice(pasteMask(second.odds, second.frame, mask), mask));
    await context.turn();
  }
  return dice;
}
