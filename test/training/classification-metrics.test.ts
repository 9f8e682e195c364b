import { describe, expect, it } from 'vitest';
import { createRandom } from '../../electron/nn/random.ts';
import {
  areaUnderCurve,
  classificationMetrics,
  type ClassifiedImage,
  type RankedImage,
} from '../../electron/training/classification-metrics.ts';

const images = (...pairs: readonly (readonly [number, number])[]): ClassifiedImage[] =>
  pairs.map(([classIndex, probability]) => ({ classIndex, probability, called: Number(probability > 0.5) }));

/** Every malignant image against every benign one; a tie counts half. */
function byPairs(list: readonly RankedImage[]): number {
  let won = 0;
  let pairs = 0;
  for (const malignant of list.filter(({ classIndex }) => classIndex === 1)) {
    for (const benign of list.filter(({ classIndex }) => classIndex === 0)) {
      pairs += 1;
      if (malignant.probability > benign.probability) won += 1;
      if (malignant.probability === benign.probability) won += 0.5;
    }
  }
  return won / pairs;
}

describe('the area under the ROC curve', () => {
  it('is what all pairs say, with many ties and with few', () => {
    const random = createRandom(6);
    for (const levels of [3, 10, 1e6]) {
      for (let trial = 0; trial < 20; trial += 1) {
        const list = Array.from({ length: 5 + random.integer(60) }, (_, index) => {
          const classIndex = index < 2 ? index : random.integer(2);
          return {
            classIndex,
            probability: random.integer(levels) / levels / 2 + (classIndex * random.integer(levels)) / levels / 2,
          };
        });
        expect(areaUnderCurve(list)).toBeCloseTo(byPairs(list), 12);
      }
    }
  });

  it('is 1 for a perfect order, 0 for the reverse, a half where all are alike, null with one class', () => {
    expect(areaUnderCurve(images([0, 0.1], [0, 0.2], [1, 0.3]))).toBe(1);
    expect(areaUnderCurve(images([1, 0.1], [1, 0.2], [0, 0.3]))).toBe(0);
    expect(areaUnderCurve(images([1, 0.4], [0, 0.4], [0, 0.4]))).toBe(0.5);
    expect(areaUnderCurve(images([1, 0.4], [1, 0.6]))).toBeNull();
  });
});

describe('classification', () => {
  it('is counted by what was said of each image', () => {
    const result = classificationMetrics(
      images([1, 0.9], [1, 0.8], [1, 0.3], [0, 0.6], [0, 0.5], [0, 0.2], [0, 0.1], [0, 0.05]),
    );
    expect(result).toMatchObject({ n: 8, positives: 3, accuracy: 6 / 8, majorityRate: 5 / 8 });
    expect(result.sensitivity).toBeCloseTo(2 / 3, 12);
    expect(result.specificity).toBeCloseTo(4 / 5, 12);
    expect(result.balancedAccuracy).toBeCloseTo((2 / 3 + 4 / 5) / 2, 12);
  });

  it('leaves out what one class alone cannot tell', () => {
    expect(classificationMetrics(images([0, 0.2], [0, 0.7]))).toMatchObject({
      accuracy: 0.5,
      majorityRate: 1,
      specificity: 0.5,
      sensitivity: null,
      balancedAccuracy: null,
      auc: null,
    });
  });

  it('has a calibration error of 0 where the share of malignant is the stated one, and the gap where it is not', () => {
    const right = images(...Array.from({ length: 10 }, (_, index) => [Number(index < 7), 0.7] as const));
    expect(classificationMetrics(right).expectedCalibrationError).toBeCloseTo(0, 12);
    const sure = images([1, 1], [0, 1], [0, 0], [0, 0]);
    // Half of the images are in the last bin, where 1 is stated and a half is true.
    expect(classificationMetrics(sure).expectedCalibrationError).toBeCloseTo(0.25, 12);
    const two = images([0, 0.12], [1, 0.18], [1, 0.95]);
    expect(classificationMetrics(two).expectedCalibrationError).toBeCloseTo((2 / 3) * 0.35 + (1 / 3) * 0.05, 12);
  });
});
