import { afterAll, describe, expect, it } from 'vitest';
import { countMaskPixels, createMask, decodeMask, maskBox, maskDice } from '../../electron/common/mask.ts';
import { NetworkRunner } from '../../electron/inference/network-runner.ts';
import { logOdds } from '../../electron/inference/postprocess.ts';
import { placeModelFrame, sampleInput } from '../../electron/inference/preprocess.ts';
import { secondLookBox } from '../../electron/inference/second-look.ts';
import { withoutSpecks } from '../../electron/inference/specks.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { evaluateImages, summarizeImages } from '../../electron/training/evaluate-images.ts';
import { evaluateItem, evaluateItems, predictItem, targetBox } from '../../electron/training/evaluate.ts';
import { grayPicture } from '../../electron/training/gray-frame.ts';
import type { DatasetItem } from '../../electron/training/dataset-item.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import { mean } from '../../electron/training/statistics.ts';
import { measureClasses } from '../../electron/training/trained-classes.ts';
import type { TrainedClasses } from '../../models/manifest.ts';
import { initialWeights } from '../../models/perceptguide/parameters.ts';
import { discItems, tinyConfig } from '../support/phantoms.ts';

const spec = { ...ownInput, mean: 0.2, std: 0.2 };
const runner = new NetworkRunner({ config: tinyConfig, weights: initialWeights(tinyConfig, createRandom(5)) }, 'cpu');
afterAll(() => runner.release());
const context = { turn: async () => undefined, report: () => undefined };

/** Frame and mask with left and right swapped. */
function mirrored(item: DatasetItem): DatasetItem {
  const { width } = item.frame;
  const swap = (values: Uint8Array): Uint8Array =>
    values.map((_, index) => values[index - (index % width) + width - 1 - (index % width)]);
  return {
    ...item,
    frame: { ...item.frame, gray: swap(item.frame.gray) },
    mask: item.mask && { ...item.mask, data: swap(item.mask.data) },
  };
}

describe('the box of local input', () => {
  const [item] = discItems(1, 3);
  const exact = maskBox(item.mask!)!;

  it('is that of the mask without jitter, and off by no more than the jitter with it', () => {
    expect(targetBox(item, 0, 1)).toEqual(exact);
    for (let seed = 0; seed < 200; seed += 1) {
      const box = targetBox(item, 0.1, seed)!;
      expect(Math.abs(box.x - exact.x)).toBeLessThanOrEqual(0.1 * exact.width);
      expect(Math.abs(box.y - exact.y)).toBeLessThanOrEqual(0.1 * exact.height);
      expect(Math.abs(box.x + box.width - exact.x - exact.width)).toBeLessThanOrEqual(0.1 * exact.width + 1e-9);
      expect(Math.abs(box.y + box.height - exact.y - exact.height)).toBeLessThanOrEqual(0.1 * exact.height + 1e-9);
    }
  });

  it('moves each side by itself, outwards as often as inwards', () => {
    const boxes = Array.from({ length: 300 }, (_, seed) => targetBox(item, 0.1, seed)!);
    const left = boxes.map((box) => box.x - exact.x);
    const right = boxes.map((box) => box.x + box.width - exact.x - exact.width);
    expect(Math.abs(mean(left))).toBeLessThan(0.012 * exact.width);
    expect(Math.abs(mean(right))).toBeLessThan(0.012 * exact.width);
    const correlation = mean(left.map((value, index) => value * right[index])) / mean(left.map((value) => value ** 2));
    expect(Math.abs(correlation)).toBeLessThan(0.2);
  });

  it('is drawn by seed and frame alone', () => {
    expect(targetBox(item, 0.1, 4)).toEqual(targetBox(item, 0.1, 4));
    expect(targetBox(item, 0.1, 5)).not.toEqual(targetBox(item, 0.1, 4));
    expect(targetBox({ ...item, file: 'other.png' }, 0.1, 4)).not.toEqual(targetBox(item, 0.1, 4));
  });

  it('stays in the frame, and keeps an area at the largest jitter', () => {
    const corner = createMask(item.frame.width, item.frame.height);
    corner.data[0] = 1;
    for (let seed = 0; seed < 100; seed += 1) {
      const box = targetBox({ ...item, mask: corner }, 0.45, seed)!;
      expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
      expect(Math.min(box.width, box.height)).toBeGreaterThan(0);
    }
  });

  it('is missing where the mask is missing or empty', () => {
    expect(targetBox({ ...item, mask: null }, 0.1, 1)).toBeNull();
    expect(targetBox({ ...item, mask: createMask(120, 90) }, 0.1, 1)).toBeNull();
  });
});

describe('prediction', () => {
  it('makes nothing of what has no truth', async () => {
    const [item] = discItems(1, 1);
    expect(await predictItem(runner, spec, { ...item, mask: null, classIndex: null }, {})).toEqual({
      mask: null,
      classLogit: null,
      probability: null,
      called: null,
    });
    expect((await predictItem(runner, spec, item, { classify: false })).probability).toBeNull();
    expect((await predictItem(runner, spec, item, { segment: false })).mask).toBeNull();
  });

  it('with flip gives a mirrored frame the mirrored answer; without it, it does not', async () => {
    const item = discItems(2, 7)[1];
    const twin = mirrored(item);
    for (const flip of [true, false]) {
      const straight = await predictItem(runner, spec, item, { flip });
      const reversed = await predictItem(runner, spec, twin, { flip });
      const inside = countMaskPixels(straight.mask!);
      expect(inside).toBeGreaterThan(0);
      expect(inside).toBeLessThan(120 * 90);
      const back = mirrored({ ...twin, mask: reversed.mask }).mask!;
      if (flip) {
        expect(maskDice(back, straight.mask!)).toBeGreaterThan(0.999);
        expect(reversed.probability).toBeCloseTo(straight.probability!, 5);
      } else {
        expect(maskDice(back, straight.mask!)).toBeLessThan(0.999);
        expect(Math.abs(reversed.probability! - straight.probability!)).toBeGreaterThan(1e-6);
      }
    }
  });

  it('of local input covers nothing beyond the crop, at the size of the frame', async () => {
    const [item] = discItems(1, 2);
    const { mask } = await predictItem(runner, spec, item, { input: 'local' });
    const box = maskBox(item.mask!)!;
    const reach = (Math.max(box.width, box.height) * spec.localCrop.scale) / 2;
    expect([mask!.width, mask!.height]).toEqual([120, 90]);
    mask!.data.forEach((pixel, index) => {
      if (!pixel) return;
      expect(Math.abs((index % 120) + 0.5 - box.x - box.width / 2)).toBeLessThanOrEqual(reach);
      expect(Math.abs(Math.floor(index / 120) + 0.5 - box.y - box.height / 2)).toBeLessThanOrEqual(reach);
    });
  });
});

describe('classes of a prediction', () => {
  const trained: TrainedClasses = {
    position: 'breast',
    type: 'tumor',
    mode: 'location',
    classes: ['benign', 'malignant'],
    temperature: 0.5,
    bias: 1,
    metrics: {
      n: 40,
      positives: 20,
      accuracy: 0.5,
      balancedAccuracy: 0.5,
      auc: 0.5,
      sensitivity: 0.5,
      specificity: 0.5,
      majorityRate: 0.5,
      expectedCalibrationError: 0,
    },
  };

  it('depend on the input, each with the calibration that the model has for it', async () => {
    const [item] = discItems(1, 2);
    const logits = new Set<number>();
    for (const input of ['whole', 'local', 'location'] as const) {
      const { classLogit, probability } = await predictItem(runner, spec, item, { input, trainedClasses: [trained] });
      logits.add(classLogit!);
      const z = input === 'location' ? classLogit! / 0.5 + 1 : classLogit!;
      expect(probability).toBeCloseTo(1 / (1 + Math.exp(-z)), 12);
    }
    expect(logits.size).toBe(3);
  });

  it('are read from both looks where there are two, whether or not the mask is asked for', async () => {
    const [item] = discItems(1, 2);
    const { imageSize } = runner.network.config;
    const frame = placeModelFrame(spec, item.frame, null, imageSize);
    const prompts = { position: item.position, type: item.type, mode: 'whole', task: 'segmentation' } as const;
    const picture = grayPicture(item.frame);
    const features = await runner.encode(sampleInput(picture, frame, spec));
    const odds = logOdds(await runner.decode(features, prompts, null), imageSize);
    const box = secondLookBox(withoutSpecks(odds, imageSize), frame)!;
    const crop = await runner.encode(sampleInput(picture, placeModelFrame(spec, item.frame, box, imageSize), spec));
    const asked = { ...prompts, task: 'classification' } as const;
    const [whole, local] = [
      await runner.decode(features, asked, null),
      await runner.decode(crop, { ...asked, mode: 'local' }, null),
    ].map(([first, second]) => second - first);
    for (const segment of [true, false]) {
      const { classLogit, mask } = await predictItem(runner, spec, item, { secondLook: true, segment });
      expect(classLogit).toBeCloseTo((whole + local) / 2, 5);
      expect(mask !== null).toBe(segment);
    }
    expect((await predictItem(runner, spec, item, {})).classLogit).toBeCloseTo(whole, 5);
    expect(Math.abs(whole - local)).toBeGreaterThan(1e-4);
  });

  it('are calibrated for every input that has enough cases of both', async () => {
    const items = discItems(24, 1);
    const unmasked = discItems(2, 5).map((item) => ({ ...item, mask: null }));
    const ovary = discItems(12, 6, 'ovary'); // six of each class: too few
    const found = await measureClasses(runner, spec, [...items, ...unmasked, ...ovary], {}, context);
    expect(found.map(({ position, mode, metrics }) => [position, mode, metrics.n])).toEqual([
      ['breast', 'whole', 26],
      ['breast', 'local', 24],
      ['breast', 'location', 24],
    ]);
    expect(await measureClasses(runner, spec, discItems(6, 1), {}, context)).toEqual([]);
    // Another question than benign or malignant is no class that a proposal could tell.
    const liver = discItems(24, 1, 'liver').map((item) => ({ ...item, tellsMalignancy: false }));
    expect(await measureClasses(runner, spec, liver, {}, context)).toEqual([]);
  });
});

describe('evaluation', () => {
  it('gives the same Dice and accuracy in short and in full', async () => {
    const items = [
      ...discItems(6, 1),
      ...discItems(3, 2).map((item) => ({ ...item, set: 'more', classIndex: null })),
      ...discItems(2, 3).map((item) => ({ ...item, set: 'classes', mask: null })),
    ];
    const short = await evaluateItems(runner, spec, items, context);
    const results = await evaluateImages(runner, spec, items, context);
    const full = summarizeImages(results, 1);
    expect(Object.keys(full.sets)).toEqual(['discs', 'more']);
    expect(Object.keys(full.classification)).toEqual(['discs', 'classes']);
    expect(full).toMatchObject(short);
    expect(full.meanDice).toBeCloseTo((full.sets.discs.dice + full.sets.more.dice) / 2, 12);
    const { dice } = await evaluateItem(runner, spec, items[4], {});
    expect(results[4].comparison!.dice).toBe(dice);
    expect(maskDice(decodeMask(results[4].proposal!, 120, 90), items[4].mask!)).toBe(dice);
  });

  it('measures in mm the images that have a spacing, and only those', async () => {
    const items = discItems(4, 9).map((item, index) => ({
      ...item,
      spacingMm: index % 2 === 0 ? { x: 0.5, y: 0.5 } : null,
    }));
    const results = await evaluateImages(runner, spec, items, context, { input: 'local' });
    for (const [index, { comparison }] of results.entries()) {
      if (index % 2 === 1) expect(comparison!.hd95Mm).toBeNull();
      else expect(comparison!.hd95Mm).toBeCloseTo(comparison!.hd95! / 2, 10);
    }
    const { hd95Mm } = summarizeImages(results, 1).sets.discs;
    expect(hd95Mm).toBeCloseTo((results[0].comparison!.hd95Mm! + results[2].comparison!.hd95Mm!) / 2, 10);
  });

  it('counts images whose outlines have no distance apart, and still gives them Dice 0', () => {
    const base = { set: 'a', proposal: null, classIndex: null, probability: null, called: null };
    const none = { hd95: null, assd: null, hd95Mm: null, assdMm: null };
    const some = { hd95: 4, assd: 2, hd95Mm: null, assdMm: null };
    const { sets } = summarizeImages(
      [
        { ...base, file: '1', comparison: { dice: 0, iou: 0, ...none } },
        { ...base, file: '2', comparison: { dice: 0.8, iou: 2 / 3, ...some } },
      ],
      1,
    );
    expect(sets.a).toMatchObject({ n: 2, dice: 0.4, diceWorstDecile: 0, hd95: 4, assd: 2, withoutDistance: 1 });
    expect(sets.a.diceInterval).toEqual([0, 0.8]);
  });

  it('stops between two frames when it is cancelled', async () => {
    const cancelled = new AbortController();
    let turns = 0;
    const turn = async (): Promise<void> => {
      turns += 1;
      if (turns === 2) cancelled.abort();
      cancelled.signal.throwIfAborted();
    };
    const running = evaluateImages(runner, spec, discItems(6, 1), { turn, report: () => undefined });
    await expect(running).rejects.toThrow(/abort/i);
    expect(turns).toBe(2);
  });
});
