import { describe, expect, it } from 'vitest';
import { shownFromAuc } from '../../electron/common/classification.ts';
import {
  calibratedProbability,
  callClass,
  describeClasses,
  findTrainedClasses,
} from '../../electron/inference/classes.ts';
import type { TrainedClasses } from '../../models/manifest.ts';

const breast: TrainedClasses = {
  position: 'breast',
  type: 'tumor',
  mode: 'whole',
  classes: ['benign', 'malignant'],
  temperature: 2,
  bias: -1,
  metrics: {
    n: 200,
    positives: 50,
    accuracy: 0.8,
    balancedAccuracy: 0.7,
    auc: 0.81,
    sensitivity: 0.6,
    specificity: 0.8,
    majorityRate: 0.75,
    expectedCalibrationError: 0.04,
  },
};

describe('classes of a proposal', () => {
  it('are those that were trained under the same Position, Object and Input', () => {
    const all = [breast, { ...breast, mode: 'local' } as const];
    expect(findTrainedClasses(all, { position: 'breast', type: 'tumor', mode: 'local' })).toBe(all[1]);
    expect(findTrainedClasses(all, { position: 'breast', type: 'organ', mode: 'local' })).toBeNull();
    expect(findTrainedClasses(all, { position: 'ovary', type: 'tumor', mode: 'whole' })).toBeNull();
    expect(findTrainedClasses(undefined, breast)).toBeNull();
  });

  it('have the probabilities of the temperature and bias, and say what they were measured on', () => {
    expect(calibratedProbability(2, breast)).toBeCloseTo(0.5, 12);
    const said = describeClasses(4, breast)!;
    expect(said.classes.map(({ name }) => name)).toEqual(['benign', 'malignant']);
    expect(said.classes[1].probability).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    expect(said.classes[0].probability + said.classes[1].probability).toBeCloseTo(1, 12);
    expect(said.calibration).toEqual({
      expectedCalibrationError: 0.04,
      validationCases: 200,
      prevalence: 0.25,
      auc: 0.81,
    });
  });

  it('are called by the share of the second class in validation, where both weigh the same, else by 0.5', () => {
    expect([0.2, 0.25, 0.26, 0.6].map((probability) => callClass(probability, breast))).toEqual([0, 0, 1, 1]);
    expect([0.26, 0.5, 0.51].map((probability) => callClass(probability, null))).toEqual([0, 0, 1]);
  });

  it('are not said where validation tells them apart too poorly', () => {
    const poor = { ...breast, metrics: { ...breast.metrics, auc: shownFromAuc - 0.001 } };
    expect(describeClasses(4, poor)).toBeNull();
    expect(describeClasses(4, { ...poor, metrics: { ...poor.metrics, auc: shownFromAuc } })).not.toBeNull();
  });
});
