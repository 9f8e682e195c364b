// Owns the losses, as graphs: logits and targets in, one number out (shape [1] or [1, ...]; reshaped to a scalar).
import type { Graph } from './graph.ts';
import { add, allAxes, concat, div, logSoftmax, mul, reduceMean, reduceSum, reshape, softmax, sub } from './ops.ts';
import type { Value } from './value.ts';

export interface SegmentationLossOptions {
  /** 'image': Dice of each image and class, then the mean, for training. 'batch': sums over the whole batch, the authors' and the fixture's. */
  readonly diceOver: 'image' | 'batch';
  readonly smoothing: number;
  readonly crossEntropyWeight?: number;
}

export const trainingLoss: SegmentationLossOptions = { diceOver: 'image', smoothing: 1 };
export const authorsLoss: SegmentationLossOptions = { diceOver: 'batch', smoothing: 1e-5 };

/**
 * 0.4 cross-entropy + 0.6 Dice, as the authors'. Dice of a class = 1 - (2 sum(p t) + s) / (sum(p²) + sum(t²) + s).
 * logits: (N, 2, H, W); target: (N, 1, H, W), 0 or 1. Both classes count, the background too.
 */
export function segmentationLoss(g: Graph, logits: Value, target: Value, options: SegmentationLossOptions): Value {
  const weight = options.crossEntropyWeight ?? 0.4;
  const oneHot = concat(g, [sub(g, g.scalar(1), target), target], 1); // (N, 2, H, W)
  const crossEntropy = mul(g, meanOf(g, mul(g, logSoftmax(g, logits, 1), oneHot)), g.scalar(-2)); // mean over pixels, not classes
  const probabilities = softmax(g, logits, 1);
  const axes = options.diceOver === 'image' ? [2, 3] : [0, 2, 3];
  const overlap = reduceSum(g, mul(g, probabilities, oneHot), axes);
  const size = add(g, reduceSum(g, mul(g, probabilities, probabilities), axes), reduceSum(g, oneHot, axes)); // t² = t
  const smoothing = g.scalar(options.smoothing);
  const dice = div(g, add(g, mul(g, overlap, g.scalar(2)), smoothing), add(g, size, smoothing));
  const diceLoss = mul(g, meanOf(g, sub(g, g.scalar(1), dice)), g.scalar(1 - weight));
  return reshape(g, add(g, mul(g, crossEntropy, g.scalar(weight)), diceLoss), []);
}

/**
 * Mean cross-entropy. logits: (N, K); target: (N, K) one-hot. Classes are not weighted by their frequency: weights would leave probabilities
 * that answer to no real population, while the plain loss keeps the training set's, which a bias fitted on other frames can move to any.
 */
export function classificationLoss(g: Graph, logits: Value, target: Value): Value {
  const [, classes] = logits.shape;
  return reshape(g, mul(g, meanOf(g, mul(g, logSoftmax(g, logits, 1), target)), g.scalar(-classes)), []);
}

/**
 * weight · Σ mean(x²), to be added to a loss. What runs into a LayerNorm loses nothing by growing: its constant part may grow until the
 * normalization leaves nothing of what differs between images, and no gradient calls it back. This keeps it small from the start.
 */
export function magnitudePenalty(g: Graph, values: readonly Value[], weight: number): Value {
  const parts = values.map((x) => reshape(g, meanOf(g, mul(g, x, x)), []));
  return mul(g, parts.reduce((sum, part) => add(g, sum, part)), g.scalar(weight)); // prettier-ignore
}

function meanOf(g: Graph, x: Value): Value {
  return reduceMean(g, x, allAxes(x));
}
