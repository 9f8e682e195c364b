// Owns what a network makes of frames with known answers: its mask at the frame's own size, its probability of malignancy, and of these
// the Dice and accuracy that training looks at. The whole measurement of a model is in evaluate-images.ts.
import type { ImageBox } from '../common/geometry.ts';
import { maskBox, maskDice, type BinaryMask } from '../common/mask.ts';
import type { Mode } from '../common/prompts.ts';
import { calibratedProbability, callClass, findTrainedClasses } from '../inference/classes.ts';
import { classLogit, encodeSquare, lookAt, takeLooks, type Look, type Square } from '../inference/look.ts';
import type { NetworkRunner, Projections } from '../inference/network-runner.ts';
import { pasteMask } from '../inference/postprocess.ts';
import type { InputSpec } from '../inference/preprocess.ts';
import { createRandom } from '../nn/random.ts';
import type { TrainedClasses } from '../../models/manifest.ts';
import type { JobContext } from './context.ts';
import type { DatasetItem } from './dataset-item.ts';
import { grayPicture } from './gray-frame.ts';
import { mean } from './statistics.ts';

export { mean } from './statistics.ts';

export interface Evaluation {
  readonly sets: Record<string, { dice: number; n: number }>;
  /** Mean over the sets. */
  readonly meanDice: number;
  readonly classification: Record<string, { accuracy: number; n: number }>;
}

export type EvaluationInput = Mode;

export interface PredictionOptions {
  /**
   * whole where it is left out. Local: a crop around the box of the true mask; location: the frame with that box brightened. A frame
   * without a mask is seen whole.
   */
  readonly input?: EvaluationInput;
  /** How far each side of that box is moved at most, as a share of the box's width or height; 0 where it is left out. */
  readonly jitter?: number;
  /** Of the jitter. The same seed and frame give the same box, whatever else is evaluated. */
  readonly seed?: number;
  /** The first look is the mean over the frame, or the crop, and its mirror image. */
  readonly flip?: boolean;
  /** Look again, with local input, at what was found in the whole frame, and read the class from both; with whole input only. */
  readonly secondLook?: boolean;
  readonly projections?: Projections | null;
  readonly classify?: boolean;
  readonly segment?: boolean;
  /** The model's own calibration of classes, by prompts; where it has none, the network's plain probability is taken. */
  readonly trainedClasses?: readonly TrainedClasses[];
}

export interface Prediction {
  /** At the frame's own size; null where the item has no true mask, or `segment` is false. */
  readonly mask: BinaryMask | null;
  /** The network's second class logit less the first, the mean of the looks; null with the probability. */
  readonly classLogit: number | null;
  /** Of class 1, malignant; null where the item has no class, or `classify` is false. */
  readonly probability: number | null;
  /** The class that is said, 0 or 1; null with the probability. */
  readonly called: number | null;
}

/** Every item once: mean Dice and accuracy of each set, and nothing that costs more. */
export async function evaluateItems(
  runner: NetworkRunner,
  spec: InputSpec,
  items: readonly DatasetItem[],
  context: Pick<JobContext<{ done: number; total: number }>, 'turn' | 'report'>,
  options: PredictionOptions = {},
): Promise<Evaluation> {
  const dice = new Map<string, number[]>();
  const hits = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    const result = await evaluateItem(runner, spec, item, options);
    if (result.dice !== null) append(dice, item.set, result.dice);
    if (result.correct !== null) append(hits, item.set, Number(result.correct));
    if (index % 20 === 19) context.report({ done: index + 1, total: items.length });
    await context.turn();
  }
  const sets = Object.fromEntries([...dice].map(([set, values]) => [set, { dice: mean(values), n: values.length }]));
  return {
    sets,
    meanDice: mean(Object.values(sets).map((set) => set.dice)),
    classification: Object.fromEntries(
      [...hits].map(([set, values]) => [set, { accuracy: mean(values), n: values.length }]),
    ),
  };
}

/** Dice of one frame under the item's own prompts, and whether its class was told; null where there is no mask or no class. */
export async function evaluateItem(
  runner: NetworkRunner,
  spec: InputSpec,
  item: DatasetItem,
  options: PredictionOptions,
): Promise<{ dice: number | null; correct: boolean | null }> {
  const { mask, called } = await predictItem(runner, spec, item, options);
  return {
    dice: mask && item.mask ? maskDice(mask, item.mask) : null,
    correct: called === null ? null : called === item.classIndex,
  };
}

/** The network's mask and probability for one frame, under the item's own prompts. */
export async function predictItem(
  runner: NetworkRunner,
  spec: InputSpec,
  item: DatasetItem,
  options: PredictionOptions,
): Promise<Prediction> {
  const input = options.input ?? 'whole';
  const box = input === 'whole' ? null : targetBox(item, options.jitter ?? 0, options.seed ?? 1);
  const mode: Mode = box ? input : 'whole';
  const wanted = {
    mask: item.mask !== null && options.segment !== false,
    class: item.classIndex !== null && options.classify !== false,
  };
  if (!wanted.mask && !wanted.class) return { mask: null, classLogit: null, probability: null, called: null };
  const { projections = null } = options;
  const prompts = { position: item.position, type: item.type, mode, task: 'segmentation' } as const;
  const reader = { runner, spec };
  const picture = grayPicture(item.frame);
  const look = async (square: Square): Promise<Look> =>
    lookAt(runner, await encodeSquare(reader, picture, square), prompts, projections);
  const [first, second] = await takeLooks(look, {
    mode,
    box,
    mirrored: options.flip === true,
    again: options.secondLook === true,
  });
  const { odds, frame } = second ?? first;
  const mask = wanted.mask ? pasteMask(odds, frame, item.frame) : null;
  if (!wanted.class) return { mask, classLogit: null, probability: null, called: null };
  const logit = await classLogit(runner, second ? [first, second] : [first], prompts, projections);
  const trained = findTrainedClasses(options.trainedClasses, prompts);
  const probability = calibratedProbability(logit, trained ?? { temperature: 1, bias: 0 });
  return { mask, classLogit: logit, probability, called: callClass(probability, trained) };
}

/**
 * A box as a hand would draw it around the true mask: each side moved by up to `jitter` of the mask's width or height, out or in, and kept
 * in the frame. Null where the mask is missing or empty. With jitter below 0.5 the box has an area.
 */
export function targetBox(item: DatasetItem, jitter: number, seed: number): ImageBox | null {
  const box = item.mask && maskBox(item.mask);
  if (!box || jitter === 0) return box;
  const random = createRandom(itemSeed(item, seed));
  const moved = (length: number): number => (random.next() * 2 - 1) * jitter * length;
  const left = Math.max(0, box.x + moved(box.width));
  const top = Math.max(0, box.y + moved(box.height));
  const right = Math.min(item.frame.width, box.x + box.width + moved(box.width));
  const bottom = Math.min(item.frame.height, box.y + box.height + moved(box.height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** 32-bit FNV-1a of the item's name, from the seed on: a frame's draw depends on no other frame. */
function itemSeed({ set, file }: DatasetItem, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (const byte of new TextEncoder().encode(`${set}/${file}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function append(map: Map<string, number[]>, key: string, value: number): void {
  const values = map.get(key) ?? [];
  values.push(value);
  map.set(key, values);
}
