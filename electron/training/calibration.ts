// Owns the calibration of class probabilities: a temperature and a bias fitted on validation, and what they are worth, measured across fits.
import { positions, types, type Mode, type ObjectType, type Position } from '../common/prompts.ts';
import { calibratedProbability, callClass, type Calibration } from '../inference/classes.ts';
import type { TrainedClasses } from '../../models/manifest.ts';
import { areaUnderCurve, classificationMetrics, type ClassificationMetrics } from './classification-metrics.ts';

/** One validation image: the second logit less the first, and the true class, 0 or 1. */
export interface ClassifiedCase {
  readonly logit: number;
  readonly classIndex: number;
}

/** With fewer of either class, neither a bias nor an area under the curve means anything. */
const fewestOfClass = 10;
const folds = 5;
/** A temperature beyond this says the same as this one: nothing. */
const hottest = 1000;

/** The classes of M2-US sets, in the order of their indices. */
const classNames: TrainedClasses['classes'] = ['benign', 'malignant'];

/**
 * What a model's manifest says of its classes under one set of prompts, or null where validation has too few cases of either class. The
 * stored fit is that of all cases; the figures are those of five fits, each measured on the fifth that it did not see.
 */
export function calibrateClasses(
  cases: readonly ClassifiedCase[],
  prompts: { readonly position: Position; readonly type: ObjectType; readonly mode: Mode },
): TrainedClasses | null {
  const positives = cases.filter(({ classIndex }) => classIndex === 1).length;
  if (Math.min(positives, cases.length - positives) < fewestOfClass) return null;
  const { balancedAccuracy, auc, sensitivity, specificity, ...metrics } = crossFitted(cases);
  // Both classes occur, so none of these is null.
  const ofBoth = { balancedAccuracy: balancedAccuracy!, sensitivity: sensitivity!, specificity: specificity! };
  return {
    ...prompts,
    classes: classNames,
    ...fitCalibration(cases),
    metrics: { ...metrics, ...ofBoth, auc: auc! },
  };
}

/** Groups of cases that share Position and Object, in the order of the prompts. */
export function groupByPrompts<T extends { readonly position: Position; readonly type: ObjectType }>(
  cases: readonly T[],
): { position: Position; type: ObjectType; cases: T[] }[] {
  return positions.flatMap((position) =>
    types.flatMap((type) => {
      const group = cases.filter((one) => one.position === position && one.type === type);
      return group.length > 0 ? [{ position, type, cases: group }] : [];
    }),
  );
}

/**
 * Maximum likelihood of sigmoid(logit / temperature + bias) by Newton's method, with the targets of Platt 1999, which keep few cases from
 * asking for certainty. A decoder that ranks the classes the wrong way round is not turned around: its temperature becomes so high that the
 * probability is the share of the class.
 */
export function fitCalibration(cases: readonly ClassifiedCase[]): Calibration {
  const positives = cases.filter(({ classIndex }) => classIndex === 1).length;
  const negatives = cases.length - positives;
  const targets = cases.map(({ classIndex }) =>
    classIndex === 1 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2),
  );
  const logits = cases.map(({ logit }) => logit);
  const prior = Math.log((positives + 1) / (negatives + 1));
  const { slope, bias } = newton(logits, targets, prior);
  return slope >= 1 / hottest ? { temperature: 1 / slope, bias } : { temperature: hottest, bias: prior };
}

const newtonSteps = 100;

/** Minimizes the cross-entropy of sigmoid(slope x + bias), halving each step until it goes down. */
function newton(x: readonly number[], targets: readonly number[], prior: number): { slope: number; bias: number } {
  let [slope, bias] = [0, prior];
  let loss = crossEntropy(x, targets, slope, bias);
  for (let iteration = 0; iteration < newtonSteps; iteration += 1) {
    // Gradient (gs, gb) and Hessian (ss, sb; sb, bb), with a ridge that keeps it invertible where all logits are equal.
    let [gs, gb, ss, sb, bb] = [0, 0, 1e-9, 0, 1e-9];
    x.forEach((value, index) => {
      const p = 1 / (1 + Math.exp(-(slope * value + bias)));
      const error = p - targets[index];
      const weight = p * (1 - p);
      gs += error * value;
      gb += error;
      ss += weight * value * value;
      sb += weight * value;
      bb += weight;
    });
    const determinant = ss * bb - sb * sb;
    const stepSlope = (bb * gs - sb * gb) / determinant;
    const stepBias = (ss * gb - sb * gs) / determinant;
    let part = 1;
    let next = crossEntropy(x, targets, slope - stepSlope, bias - stepBias);
    while (!(next < loss) && part > 1e-6) {
      part /= 2;
      next = crossEntropy(x, targets, slope - part * stepSlope, bias - part * stepBias);
    }
    if (!(next < loss)) break;
    slope -= part * stepSlope;
    bias -= part * stepBias;
    if (loss - next < 1e-10 * x.length) break;
    loss = next;
  }
  return { slope, bias };
}

/** log(1 + e^z) - t z, summed, in a form that does not overflow. */
function crossEntropy(x: readonly number[], targets: readonly number[], slope: number, bias: number): number {
  return x.reduce((sum, value, index) => {
    const z = slope * value + bias;
    return sum + Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - targets[index] * z;
  }, 0);
}

/** Each case by a fit of the four fifths that it is not in; every fifth has its share of both classes. */
function crossFitted(cases: readonly ClassifiedCase[]): ClassificationMetrics {
  const seen = [0, 0];
  const placed = cases.map((one) => ({ ...one, fold: seen[one.classIndex]++ % folds }));
  const fits = Array.from({ length: folds }, (_, fold) => fitCalibration(placed.filter((one) => one.fold !== fold)));
  const shares = { metrics: { n: cases.length, positives: seen[1] } };
  const probabilities = placed.map(({ logit, classIndex, fold }) => {
    const probability = calibratedProbability(logit, fits[fold]);
    return { classIndex, probability, called: callClass(probability, shares) };
  });
  return {
    ...classificationMetrics(probabilities),
    // The order of the logits is that of one model; that of five fits mixes their biases.
    auc: areaUnderCurve(cases.map(({ logit, classIndex }) => ({ classIndex, probability: logit }))),
  };
}
