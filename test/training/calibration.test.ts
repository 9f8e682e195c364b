import { describe, expect, it } from 'vitest';
import { calibratedProbability } from '../../electron/inference/classes.ts';
import { createRandom } from '../../electron/nn/random.ts';
import {
  calibrateClasses,
  fitCalibration,
  groupByPrompts,
  type ClassifiedCase,
} from '../../electron/training/calibration.ts';

const prompts = { position: 'breast', type: 'tumor', mode: 'whole' } as const;

/** Cases whose class follows sigmoid(logit / temperature + bias). */
function draw(
  count: number,
  { temperature, bias, seed }: { temperature: number; bias: number; seed: number },
): ClassifiedCase[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const logit = 4 * random.normal();
    const probability = calibratedProbability(logit, { temperature, bias });
    return { logit, classIndex: Number(random.next() < probability) };
  });
}

describe('the calibration of classes', () => {
  it('finds the temperature and the bias that the cases were drawn with', () => {
    const { temperature, bias } = fitCalibration(draw(20_000, { temperature: 2.5, bias: -0.8, seed: 1 }));
    expect(temperature).toBeGreaterThan(2.35);
    expect(temperature).toBeLessThan(2.65);
    expect(bias).toBeGreaterThan(-0.88);
    expect(bias).toBeLessThan(-0.72);
  });

  it('makes overconfident logits say what is so', () => {
    const cases = draw(600, { temperature: 5, bias: 0.6, seed: 2 });
    const trained = calibrateClasses(cases, prompts)!;
    const plain = (bin: (p: number) => boolean): number => {
      const inBin = cases.filter(({ logit }) => bin(calibratedProbability(logit, { temperature: 1, bias: 0 })));
      return inBin.reduce((sum, { classIndex }) => sum + classIndex, 0) / inBin.length;
    };
    expect(plain((p) => p > 0.9)).toBeLessThan(0.85); // what was said without calibration was not so
    expect(trained.metrics.expectedCalibrationError).toBeLessThan(0.08);
    expect(trained).toMatchObject({ ...prompts, classes: ['benign', 'malignant'], metrics: { n: 600 } });
    expect(trained.metrics.auc).toBeGreaterThan(0.6);
  });

  it('stays finite where the classes are apart, and where all logits are equal', () => {
    const apart = Array.from({ length: 60 }, (_, index) => ({
      logit: index < 30 ? -3 : 3,
      classIndex: Number(index >= 30),
    }));
    const fit = fitCalibration(apart);
    const probability = calibratedProbability(3, fit);
    expect(probability).toBeGreaterThan(0.9);
    expect(probability).toBeLessThan(1);
    const equal = fitCalibration(apart.map((_, index) => ({ logit: 2, classIndex: Number(index < 15) })));
    expect(calibratedProbability(2, equal)).toBeCloseTo(0.25, 1);
  });

  it('does not turn a decoder around that ranks the wrong way: it says the share of the class', () => {
    const cases = draw(400, { temperature: 2, bias: 0, seed: 3 }).map(({ logit, classIndex }) => ({
      logit: -logit,
      classIndex,
    }));
    const fit = fitCalibration(cases);
    const share = cases.reduce((sum, { classIndex }) => sum + classIndex, 0) / cases.length;
    for (const logit of [-8, 0, 8]) expect(calibratedProbability(logit, fit)).toBeCloseTo(share, 1);
    expect(calibrateClasses(cases, prompts)!.metrics.auc).toBeLessThan(0.4);
  });

  it('is measured across fits: logits that mean nothing are not found to be better than chance', () => {
    const random = createRandom(4);
    const cases = Array.from({ length: 300 }, (_, index) => ({
      logit: random.normal(),
      classIndex: Number(index % 3 === 0),
    }));
    const { metrics } = calibrateClasses(cases, prompts)!;
    expect(metrics.accuracy).toBeLessThan(metrics.majorityRate + 0.02);
    expect(metrics.majorityRate).toBeCloseTo(2 / 3, 2);
  });

  it('says nothing from fewer than ten cases of a class', () => {
    const cases = draw(200, { temperature: 1, bias: 0, seed: 5 });
    const ones = cases.filter(({ classIndex }) => classIndex === 1);
    const zeros = cases.filter(({ classIndex }) => classIndex === 0);
    expect(calibrateClasses([...zeros, ...ones.slice(0, 9)], prompts)).toBeNull();
    expect(calibrateClasses([...zeros, ...ones.slice(0, 10)], prompts)).not.toBeNull();
  });

  it('is made for each Position and Object', () => {
    const groups = groupByPrompts([
      { position: 'breast', type: 'tumor', n: 1 },
      { position: 'ovary', type: 'tumor', n: 2 },
      { position: 'breast', type: 'tumor', n: 3 },
    ] as const);
    expect(groups.map(({ position, cases }) => [position, cases.map(({ n }) => n)])).toEqual([
      ['ovary', [2]],
      ['breast', [1, 3]],
    ]);
  });
});
