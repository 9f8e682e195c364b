// Owns what a training sample looks like to the network: whole, local or location input, with the same warp for image and mask.
// The label stays true: the mask moves with the image, and what changes the grey levels does not touch it.
import type { BinaryMask } from '../common/mask.ts';
import { maskBox } from '../common/mask.ts';
import type { ImageBox } from '../common/geometry.ts';
import type { Mode } from '../common/prompts.ts';
import { highlightBox, placeModelFrame, type InputSpec, type ModelFrame } from '../inference/preprocess.ts';
import type { Random } from '../nn/random.ts';
import { ownLevels, sampleWarped, shrunkLevels, warpOf, type Warp } from './warp.ts';
import { disturb, type Disturbance } from './disturb.ts';
import type { GrayFrame } from './gray-frame.ts';

/** One sample for a batch: the input plane (side²; the network's three channels are equal) and the target (side², 0 or 1). */
export interface AugmentedSample {
  readonly plane: Float32Array;
  readonly target: Float32Array;
}

export interface AugmentOptions {
  /** Largest rotation in radians, either way. */
  readonly rotation: number;
  /** Largest logarithm of the zoom, either way. */
  readonly zoom: number;
  /** Largest logarithm of how much wider than high the picture gets, either way. */
  readonly aspect: number;
  /** Largest shift as a share of the square, either way. */
  readonly shift: number;
  readonly mirror: boolean;
  /** Largest logarithm of gamma, either way. */
  readonly gamma: number;
  /** Largest relative change of gain, either way. */
  readonly gain: number;
  /** Largest relative change of gain at the top and the bottom of the square, the one up and the other down: another time-gain compensation. */
  readonly depthGain: number;
  /** Largest deviation of the added noise, of full scale. */
  readonly noise: number;
  /** What is done to the grey levels beside gamma, gain and noise; null: nothing. */
  readonly disturbance: Disturbance | null;
  /** Local crops are drawn between these multiples of the box's longer side. */
  readonly localScale: readonly [number, number];
}

export const pretrainingAugmentation: AugmentOptions = {
  rotation: 0.35,
  zoom: 0.4,
  aspect: 0.2,
  shift: 0.1,
  mirror: true,
  gamma: 0.4,
  gain: 0.25,
  depthGain: 0.25,
  noise: 0.04,
  disturbance: { smoothing: 0.3, calipers: 0.25, hiding: 0.4 },
  localScale: [1.2, 2],
};

/** Of the last steps, whose rate falls to 0: about half of it, for what is proposed on is not changed at all. */
export const coolDownAugmentation: AugmentOptions = {
  ...pretrainingAugmentation,
  rotation: 0.2,
  zoom: 0.2,
  aspect: 0.1,
  gamma: 0.2,
  gain: 0.12,
  depthGain: 0.12,
  noise: 0.03,
  disturbance: { smoothing: 0.1, calipers: 0.1, hiding: 0.2 },
};

/** Frames that are shrunk by less are sampled as they are: bilinear samples are near enough to one another there. */
const leastShrinking = 1.25;

/** Samples of a shrunk frame for each pixel of a turned square: bilinear samples between them blur a little, which this makes up for. */
const warpedFineness = 1.2;

/** A random sample of a frame. An empty mask has no box: it is seen whole. */
export function augmentSample(
  frame: GrayFrame,
  mask: BinaryMask,
  mode: Mode,
  spec: InputSpec,
  side: number,
  options: AugmentOptions,
  random: Random,
): AugmentedSample {
  const box = mode === 'whole' ? null : maskBox(mask);
  const crop = mode === 'local' && box ? randomLocalBox(box, spec, options, random) : null;
  const placed = placeModelFrame(spec, frame, crop, side);
  const spread = (amount: number): number => (random.next() * 2 - 1) * amount;
  const warp = warpOf(placed, {
    angle: spread(options.rotation),
    zoom: Math.exp(spread(options.zoom)),
    aspect: Math.exp(spread(options.aspect)),
    shiftX: spread(options.shift),
    shiftY: spread(options.shift),
    mirror: options.mirror && random.next() < 0.5,
  });
  const shown = mode === 'location' && box ? highlighted(frame, randomHandBox(box, random)) : frame;
  const sample = sampleBoth(shown, mask, placed, warp, { fineness: warpedFineness, padding: spec.padding });
  if (options.disturbance) disturb(sample.plane, sample.target, side, options.disturbance, random);
  const gamma = Math.exp(spread(options.gamma));
  const gain = 1 + spread(options.gain);
  const depthGain = spread(options.depthGain);
  const noise = options.noise * random.next();
  shapeLevels(sample, side, { gamma, gain, depthGain, noise }, spec, random);
  return sample;
}

/** The sample without any change. Where the frame is shrunk by more than `leastShrinking`, its plane is the input at inference. */
export function plainSample(
  frame: GrayFrame,
  mask: BinaryMask,
  mode: Mode,
  spec: InputSpec,
  side: number,
  box: ImageBox | null = maskBox(mask),
): AugmentedSample {
  const placed = placeModelFrame(spec, frame, mode === 'local' ? box : null, side);
  const warp = warpOf(placed, { angle: 0, zoom: 1, aspect: 1, shiftX: 0, shiftY: 0, mirror: false });
  const shown = mode === 'location' && box ? highlighted(frame, box) : frame;
  const sample = sampleBoth(shown, mask, placed, warp, { fineness: 1, padding: spec.padding });
  shapeLevels(sample, side, { gamma: 1, gain: 1, depthGain: 0, noise: 0 }, spec, null);
  return sample;
}

/** A box whose crop, at the model's own scale, is a random multiple of the target's box. */
function randomLocalBox(
  box: ImageBox,
  spec: InputSpec,
  { localScale: [from, to] }: AugmentOptions,
  random: Random,
): ImageBox {
  const factor = (from + (to - from) * random.next()) / spec.localCrop.scale;
  const longer = Math.max(box.width, box.height) * factor;
  return { x: box.x + (box.width - longer) / 2, y: box.y + (box.height - longer) / 2, width: longer, height: longer };
}

/** How far each side of a box drawn by hand is off at most, as a share of the box. */
const handJitter = 0.1;

/** The target's box as a hand draws it. */
function randomHandBox(box: ImageBox, random: Random): ImageBox {
  const moved = (length: number): number => (random.next() * 2 - 1) * handJitter * length;
  const [left, right, top, bottom] = [moved(box.width), moved(box.width), moved(box.height), moved(box.height)];
  return { x: box.x + left, y: box.y + top, width: box.width + right - left, height: box.height + bottom - top };
}

/** Location input, as a proposal is asked for: the box is bright, for nobody knows the outline yet. */
function highlighted({ width, height, gray }: GrayFrame, box: ImageBox): GrayFrame {
  return { width, height, gray: highlightBox({ width, height, channels: 1, pixels: gray }, box).pixels };
}

/** Image and mask under one warp: the image without aliasing, the mask at its own size. */
function sampleBoth(
  frame: GrayFrame,
  mask: BinaryMask,
  { step, side }: ModelFrame,
  warp: Warp,
  { fineness, padding }: { fineness: number; padding: number },
): AugmentedSample {
  const image =
    step > leastShrinking ? shrunkLevels(frame, warp, side, fineness) : { levels: ownLevels(frame, frame.gray), warp };
  const plane = new Float32Array(side * side);
  const target = new Float32Array(side * side);
  const levels = sampleWarped(image.levels, image.warp, side, padding);
  const inside = sampleWarped(ownLevels(frame, mask.data), warp, side, 0);
  for (let i = 0; i < plane.length; i += 1) {
    plane[i] = levels[i] / 255;
    target[i] = inside[i] > 0.5 ? 1 : 0;
  }
  return { plane, target };
}

/** Gamma, gain, its change with depth and noise on 0..1 levels, clipped, then the model's own normalization; in place. */
function shapeLevels(
  { plane }: AugmentedSample,
  side: number,
  { gamma, gain, depthGain, noise }: { gamma: number; gain: number; depthGain: number; noise: number },
  spec: InputSpec,
  random: Random | null,
): void {
  // 1024 steps of gamma are finer than the 256 grey levels that went in.
  const curve = Float32Array.from({ length: 1025 }, (_, level) => (level / 1024) ** gamma * gain);
  for (let row = 0; row < side; row += 1) {
    const rowGain = 1 + depthGain * ((2 * row + 1) / side - 1);
    for (let i = row * side; i < (row + 1) * side; i += 1) {
      let level = (gamma === 1 && gain === 1 ? plane[i] : curve[Math.round(plane[i] * 1024)]) * rowGain;
      // The sum of three uniform numbers is near enough to a normal one here, and several times faster.
      if (random && noise > 0) level += (random.next() + random.next() + random.next() - 1.5) * 2 * noise;
      plane[i] = (Math.min(1, Math.max(0, level)) * 255 * spec.scale - spec.mean) / spec.std;
    }
  }
}
