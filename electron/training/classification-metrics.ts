// Owns what a list of probabilities says about two classes: hits, rank order and calibration. Class 1 (malignant) is the positive one.
import { mean } from './statistics.ts';

/** One image: its true class, and the probability of class 1 that the network gave it. */
export interface RankedImage {
  readonly classIndex: number;
  readonly probability: number;
}

/** The same, with the class that was said. */
export interface ClassifiedImage extends RankedImage {
  readonly called: number;
}

export interface ClassificationMetrics {
  readonly n: number;
  /** Images whose true class is malignant. */
  readonly positives: number;
  /** By what was said of each image. */
  readonly accuracy: number;
  /** Mean of sensitivity and specificity; null where only one class occurs, as are the three that follow. */
  readonly balancedAccuracy: number | null;
  /** Area under the ROC curve: the chance that a malignant image ranks above a benign one, a tie counting half. */
  readonly auc: number | null;
  /** Share of the malignant images that are found. */
  readonly sensitivity: number | null;
  /** Share of the benign images that are left alone. */
  readonly specificity: number | null;
  /** The accuracy of always saying the commoner class: what the network has to beat. */
  readonly majorityRate: number;
  /**
   * Expected calibration error, 10 bins of equal width of the probability of malignancy: the mean of |mean probability - share of malignant|
   * over the bins, by their sizes (Naeini et al. 2015; TorchMetrics' BinaryCalibrationError with norm l1).
   */
  readonly expectedCalibrationError: number;
}

/** Throws on an empty list. */
export function classificationMetrics(images: readonly ClassifiedImage[]): ClassificationMetrics {
  if (images.length === 0) throw new Error('No images: their classes cannot be measured.');
  const positive = images.filter(({ classIndex }) => classIndex === 1);
  const negative = images.filter(({ classIndex }) => classIndex !== 1);
  const found = positive.filter(({ called }) => called === 1).length;
  const spared = negative.filter(({ called }) => called !== 1).length;
  const sensitivity = positive.length > 0 ? found / positive.length : null;
  const specificity = negative.length > 0 ? spared / negative.length : null;
  return {
    n: images.length,
    positives: positive.length,
    accuracy: (found + spared) / images.length,
    balancedAccuracy: sensitivity === null || specificity === null ? null : (sensitivity + specificity) / 2,
    auc: areaUnderCurve(images),
    sensitivity,
    specificity,
    majorityRate: Math.max(positive.length, negative.length) / images.length,
    expectedCalibrationError: expectedCalibrationError(images),
  };
}

/** By rank sums (Mann and Whitney 1947), ties sharing their mean rank; null where only one class occurs. */
export function areaUnderCurve(images: readonly RankedImage[]): number | null {
  const sorted = [...images].sort((a, b) => a.probability - b.probability);
  let positives = 0;
  let rankSum = 0;
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (to < sorted.length && sorted[to].probability === sorted[from].probability) to += 1;
    const tied = sorted.slice(from, to).filter(({ classIndex }) => classIndex === 1).length;
    positives += tied;
    // Ranks start at 1: the tied ones are from + 1 .. to.
    rankSum += (tied * (from + 1 + to)) / 2;
    from = to;
  }
  const negatives = sorted.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

const calibrationBins = 10;

function expectedCalibrationError(images: readonly RankedImage[]): number {
  const bins = Array.from({ length: calibrationBins }, (): RankedImage[] => []);
  for (const image of images) {
    bins[Math.min(calibrationBins - 1, Math.floor(image.probability * calibrationBins))].push(image);
  }
  let error = 0;
  for (const bin of bins) {
    const probability = mean(bin.map((image) => image.probability));
    const share = mean(bin.map((image) => Number(image.classIndex === 1)));
    error += (bin.length / images.length) * Math.abs(probability - share);
  }
  return error;
}
