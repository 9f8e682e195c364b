// Owns what a network makes of frames with known answers: its mask at the frame's own size, its probability of malignancy, and of these
// the Dice and accuracy that training looks at. The whole measurement of a model is in evaluate-images.ts.
import type { ImageBox } from '../common/geometry.ts';
import { maskBox, maskDice, type BinaryMask } from '../common/mask.ts';
import type { Mode, Prompts } from '../common/prompts.ts';
import { calibratedProbability, callClass, findTrainedClasses } from '../inference/classes.ts';
import type { NetworkRunner, Projections } from '../inference/network-runner.ts';
import { logOdds, mirrorRows, pasteMask } from '../inference/postprocess.ts';
import {
  highlightBox,
  placeModelFrame,
  sampleInput,
  type InputSpec,
  type ModelFrame,
} from '../inference/preprocess.ts';
import { secondLookBox } from '../inference/second-look.ts';
import { withoutSpecks } from '../inference/specks.ts';
import { createRandom } from '../nn/random.ts';
import type { TrainedClasses } from '../../models/manifest.ts';
import type { JobContext } from './context.ts';
import type { DatasetItem } from './dataset-item.ts';
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
  /** Average the logits with those of the mirrored frame. */
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
  const looksAgain = options.secondLook === true && mode === 'whole';
  const wanted = {
    mask: item.mask !== null && options.segment !== false,
    class: item.classIndex !== null && options.classify !== false,
  };
  // Where to look again is told by the mask.
  const wantedFirst = { ...wanted, mask: wanted.mask || (looksAgain && wanted.class) };
  const first = await lookAt(runner, spec, item, { mode, box, wanted: wantedFirst }, options);
  const place = looksAgain && first.odds ? secondLookBox(first.odds, first.frame) : null;
  const again = place && (await lookAt(runner, spec, item, { mode: 'local', box: place, wanted }, options));
  const { odds, frame } = again ?? first;
  const logits = [first, again].flatMap((look) => look?.classLogit ?? []);
  const classLogit = logits.length > 0 ? mean(logits) : null;
  const trained = findTrainedClasses(options.trainedClasses, promptsOf(item, mode));
  const probability =
    classLogit === null ? null : calibratedProbability(classLogit, trained ?? { temperature: 1, bias: 0 });
  return {
    mask: wanted.mask && odds ? pasteMask(odds, frame, item.frame) : null,
    classLogit,
    probability,
    called: probability === null ? null : callClass(probability, trained),
  };
}

function promptsOf({ position, type }: DatasetItem, mode: Mode): Prompts {
  return { position, type, mode, task: 'segmentation' };
}

interface Look {
  readonly mode: Mode;
  readonly box: ImageBox | null;
  readonly wanted: { readonly mask: boolean; readonly class: boolean };
}

/** Log-odds in the network's square and the difference of the class logits, each where it is wanted, averaged over the mirrored frame too. */
async function lookAt(
  runner: NetworkRunner,
  spec: InputSpec,
  item: DatasetItem,
  { mode, box, wanted }: Look,
  { flip, projections = null }: PredictionOptions,
): Promise<{ frame: ModelFrame; odds: Float32Array | null; classLogit: number | null }> {
  const { imageSize } = runner.network.config;
  const frame = placeModelFrame(spec, item.frame, mode === 'local' ? box : null, imageSize);
  const picture = { ...item.frame, channels: 1 as const, pixels: item.frame.gray };
  const image = sampleInput(mode === 'location' && box ? highlightBox(picture, box) : picture, frame, spec);
  const prompts = promptsOf(item, mode);
  const odds: Float32Array[] = [];
  const malignancy: number[] = [];
  for (const mirrored of flip ? [false, true] : [false]) {
    const features = await runner.encode(mirrored ? mirrorRows(image, imageSize) : image);
    if (wanted.mask) {
      const plane = logOdds(await runner.decode(features, prompts, projections), frame.side);
      odds.push(mirrored ? mirrorRows(plane, imageSize) : plane);
    }
    if (wanted.class) {
      const [benign, malignant] = await runner.decode(features, { ...prompts, task: 'classification' }, projections);
      malignancy.push(malignant - benign);
    }
  }
  return {
    frame,
    odds: odds.length > 0 ? withoutSpecks(averaged(odds), imageSize) : null,
    classLogit: malignancy.length > 0 ? mean(malignancy) : null,
  };
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

function averaged(planes: readonly Float32Array[]): Float32Array {
  if (planes.length === 1) return planes[0];
  return planes[0].map((_, index) => mean(planes.map((plane) => plane[index])));
}

function append(map: Map<string, number[]>, key: string, value: number): void {
  const values = map.get(key) ?? [];
  values.push(value);
  map.set(key, values);
}
