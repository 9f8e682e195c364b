// Owns the way from the classification decoder's two logits to probabilities that may be shown: the model's own calibration for the prompts,
// or nothing where it has none.
import { shownFromAuc, type Classification } from '../common/classification.ts';
import type { Prompts } from '../common/prompts.ts';
import type { TrainedClasses } from '../../models/manifest.ts';

/** What the model learned of classes under these prompts, good enough to be told or not; null where it learned nothing. */
export function findTrainedClasses(
  all: readonly TrainedClasses[] | undefined,
  { position, type, mode }: Pick<Prompts, 'position' | 'type' | 'mode'>,
): TrainedClasses | null {
  return all?.find((one) => one.position === position && one.type === type && one.mode === mode) ?? null;
}

/** Probability of the second class. logit: second less first, as the decoder gives them. */
export function calibratedProbability(logit: number, { temperature, bias }: Calibration): number {
  return 1 / (1 + Math.exp(-(logit / temperature + bias)));
}

export type Calibration = Pick<TrainedClasses, 'temperature' | 'bias'>;

/** How many cases a calibration was fitted on, and how many of them are of the second class. */
export interface ClassShares {
  readonly metrics: Pick<TrainedClasses['metrics'], 'n' | 'positives'>;
}

/**
 * The class that is said, 0 or 1: the second where it is likelier than among the model's validation cases, so that a miss of either class weighs
 * the same however rare one is; where nothing is calibrated, above 0.5.
 */
export function callClass(probability: number, trained: ClassShares | null): number {
  const threshold = trained ? trained.metrics.positives / trained.metrics.n : 0.5;
  return Number(probability > threshold);
}

/** Named probabilities and how far to trust them; null where the classes are told apart too poorly on validation. */
export function describeClasses(logit: number, trained: TrainedClasses): Classification | null {
  const { auc, n, positives, expectedCalibrationError } = trained.metrics;
  if (auc < shownFromAuc) return null;
  const second = calibratedProbability(logit, trained);
  return {
    classes: [
      { name: trained.classes[0], probability: 1 - second },
      { name: trained.classes[1], probability: second },
    ],
    calibration: { expectedCalibrationError, validationCases: n, prevalence: positives / n, auc },
  };
}
