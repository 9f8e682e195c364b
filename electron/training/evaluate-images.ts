// Owns the whole measurement of a model: every figure of every image, and what they say of each set.
import { encodeMask } from '../common/mask.ts';
import type { NetworkRunner } from '../inference/network-runner.ts';
import type { InputSpec } from '../inference/preprocess.ts';
import { classificationMetrics, type ClassificationMetrics } from './classification-metrics.ts';
import type { JobContext } from './context.ts';
import type { DatasetItem } from './dataset-item.ts';
import { predictItem, type Evaluation, type PredictionOptions } from './evaluate.ts';
import { compareMasks, type MaskComparison } from './metrics.ts';
import { bootstrapMeanInterval, mean, median, worstDecile } from './statistics.ts';

/** What was measured on one image. */
export interface ImageResult {
  readonly set: string;
  readonly file: string;
  /** Null where the image has no true mask. */
  readonly comparison: MaskComparison | null;
  /** The proposed mask as run-length bytes of common/mask.ts, at the size of the image; null with the comparison. */
  readonly proposal: Uint8Array | null;
  readonly classIndex: number | null;
  /** Of class 1, malignant; null without a class. */
  readonly probability: number | null;
  /** The class that was said, 0 or 1; null with the probability. */
  readonly called: number | null;
}

/** Figures of the masks of one set. Distances are means over the images that have one, null where none has. */
export interface SetMetrics {
  /** Mean. */
  readonly dice: number;
  readonly n: number;
  /** 95 %, by percentile bootstrap of the images. */
  readonly diceInterval: readonly [number, number];
  readonly diceMedian: number;
  /** Mean of the lowest 10 %. */
  readonly diceWorstDecile: number;
  readonly iou: number;
  readonly iouMedian: number;
  /** Pixels of the original mask. */
  readonly hd95: number | null;
  readonly hd95Median: number | null;
  readonly assd: number | null;
  readonly assdMedian: number | null;
  readonly hd95Mm: number | null;
  readonly assdMm: number | null;
  /** Images where just one of the two masks is empty, which therefore have no distance. */
  readonly withoutDistance: number;
}

/** What evaluateItems gives, and more. */
export interface ModelEvaluation extends Evaluation {
  readonly sets: Record<string, SetMetrics>;
  readonly classification: Record<string, ClassificationMetrics>;
}

/** Every item once, in order. Throws AbortError when cancelled. */
export async function evaluateImages(
  runner: NetworkRunner,
  spec: InputSpec,
  items: readonly DatasetItem[],
  context: Pick<JobContext<{ done: number; total: number }>, 'turn' | 'report'>,
  options: PredictionOptions = {},
): Promise<ImageResult[]> {
  const results: ImageResult[] = [];
  for (const item of items) {
    const { mask, probability, called } = await predictItem(runner, spec, item, options);
    results.push({
      set: item.set,
      file: item.file,
      comparison: mask && item.mask ? compareMasks(mask, item.mask, item.spacingMm ?? null) : null,
      proposal: mask && encodeMask(mask),
      classIndex: item.classIndex,
      probability,
      called,
    });
    if (results.length % 20 === 0) context.report({ done: results.length, total: items.length });
    await context.turn();
  }
  return results;
}

/** Figures of each set in the order in which sets come up. The seed is that of the bootstrap: each set's interval depends on it alone. */
export function summarizeImages(results: readonly ImageResult[], seed: number): ModelEvaluation {
  const sets: Record<string, SetMetrics> = {};
  const classification: Record<string, ClassificationMetrics> = {};
  for (const [set, images] of Map.groupBy(results, (result) => result.set)) {
    const comparisons = images.flatMap(({ comparison }) => comparison ?? []);
    if (comparisons.length > 0) sets[set] = setMetrics(comparisons, seed);
    const classified = images.flatMap(({ classIndex, probability, called }) =>
      classIndex === null || probability === null || called === null ? [] : { classIndex, probability, called },
    );
    if (classified.length > 0) classification[set] = classificationMetrics(classified);
  }
  return { sets, meanDice: mean(Object.values(sets).map(({ dice }) => dice)), classification };
}

function setMetrics(comparisons: readonly MaskComparison[], seed: number): SetMetrics {
  const dice = comparisons.map((comparison) => comparison.dice);
  const iou = comparisons.map((comparison) => comparison.iou);
  const known = (name: 'hd95' | 'assd' | 'hd95Mm' | 'assdMm'): number[] =>
    comparisons.flatMap((comparison) => comparison[name] ?? []);
  const [hd95, assd, hd95Mm, assdMm] = [known('hd95'), known('assd'), known('hd95Mm'), known('assdMm')];
  return {
    dice: mean(dice),
    n: dice.length,
    diceInterval: bootstrapMeanInterval(dice, seed),
    diceMedian: median(dice),
    diceWorstDecile: worstDecile(dice),
    iou: mean(iou),
    iouMedian: median(iou),
    hd95: ifAny(hd95, mean),
    hd95Median: ifAny(hd95, median),
    assd: ifAny(assd, mean),
    assdMedian: ifAny(assd, median),
    hd95Mm: ifAny(hd95Mm, mean),
    assdMm: ifAny(assdMm, mean),
    withoutDistance: comparisons.length - hd95.length,
  };
}

function ifAny(values: readonly number[], statistic: (values: readonly number[]) => number): number | null {
  return values.length === 0 ? null : statistic(values);
}
