import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProposalRequest, ProposalResult } from '../../electron/common/engine-protocol.ts';
import { createAbortError, isAbortError } from '../../electron/common/errors.ts';
import type { ImageBox } from '../../electron/common/geometry.ts';
import { decodeMask, encodeMask } from '../../electron/common/mask.ts';
import type { Prompts } from '../../electron/common/prompts.ts';
import { writeFileAtomic } from '../../electron/files/atomic-write.ts';
import { serializeAdapter } from '../../electron/inference/adapter.ts';
import { LoadedModel } from '../../electron/inference/loaded-model.ts';
import { logOdds } from '../../electron/inference/postprocess.ts';
import { placeModelFrame, sampleInput } from '../../electron/inference/preprocess.ts';
import { secondLookBox } from '../../electron/inference/second-look.ts';
import { withoutSpecks } from '../../electron/inference/specks.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import { writeModelFolder } from '../../electron/training/model-folder.ts';
import { grayPicture } from '../../electron/training/gray-frame.ts';
import { manifestFileName, serializeManifest, type ModelManifest, type TrainedClasses } from '../../models/manifest.ts';
import { initialWeights } from '../../models/perceptguide/parameters.ts';
import { discItems, tinyConfig } from '../support/phantoms.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-model-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const trained: TrainedClasses = {
  position: 'breast',
  type: 'tumor',
  mode: 'whole',
  classes: ['benign', 'malignant'],
  temperature: 2,
  bias: 0.5,
  metrics: {
    n: 100,
    positives: 40,
    accuracy: 0.8,
    balancedAccuracy: 0.8,
    auc: 0.85,
    sensitivity: 0.8,
    specificity: 0.8,
    majorityRate: 0.6,
    expectedCalibrationError: 0.05,
  },
};

let manifest: ModelManifest;
beforeAll(async () => {
  // Of a seed whose network calls a fifth of the frame structure, in parts that are larger than specks.
  const random = createRandom(24);
  const weights = initialWeights(tinyConfig, random);
  // Untrained heads say almost nothing: these make the mask and the class depend on the frame.
  for (const [name, { data }] of weights)
    if (/head/.test(name)) data.forEach((_, index) => (data[index] = random.normal()));
  const content = { id: 'tiny', title: 'Tiny', config: tinyConfig, input: ownInput, weights, dataType: 'F32' as const };
  ({ manifest } = await writeModelFolder(folder, content));
});

/** The model with something changed in its manifest. */
async function load(changes: Partial<ModelManifest>): Promise<LoadedModel> {
  const text = serializeManifest({ ...manifest, ...changes });
  await writeFileAtomic(join(folder, manifestFileName), new TextEncoder().encode(text));
  return LoadedModel.load(folder, 'cpu');
}

const [item] = discItems(1, 5);
const twin = new Uint8Array(item.frame.gray.length);
for (let y = 0; y < item.frame.height; y += 1) {
  for (let x = 0; x < item.frame.width; x += 1) {
    twin[y * item.frame.width + x] = item.frame.gray[y * item.frame.width + item.frame.width - 1 - x];
  }
}

function request(pixels: Uint8Array, key: string, prompts: Partial<Prompts> = {}): ProposalRequest {
  const { width, height } = item.frame;
  return {
    model: { folder },
    image: { key, width, height, channels: 1, pixels },
    prompts: { position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor', ...prompts },
    box: null,
    adapter: null,
  };
}

const pixelsOf = ({ mask }: ProposalResult): Uint8Array => decodeMask(mask, item.frame.width, item.frame.height).data;

function mirrored(data: Uint8Array): Uint8Array {
  const { width } = item.frame;
  return data.map((_, index) => data[index - (index % width) + width - 1 - (index % width)]);
}

describe('a model that looks at the mirror image too', () => {
  it('proposes for the mirrored frame the mirrored mask, which it does not without', async () => {
    for (const testTimeFlip of [true, false]) {
      const model = await load({ testTimeFlip });
      const straight = pixelsOf(await model.propose(request(item.frame.gray, 'frame')));
      const turned = mirrored(pixelsOf(await model.propose(request(twin, 'twin'))));
      await model.release();
      const differing = straight.filter((value, index) => value !== turned[index]).length;
      if (testTimeFlip) expect(differing).toBeLessThan(straight.length * 0.001);
      else expect(differing).toBeGreaterThan(straight.length * 0.001);
    }
  });

  it('keeps the features of both at hand: another prompt costs no encoder run', async () => {
    const model = await load({ testTimeFlip: true });
    await model.propose(request(item.frame.gray, 'frame'));
    let encoded = 0;
    const encode = model.runner.encode.bind(model.runner);
    model.runner.encode = (image) => {
      encoded += 1;
      return encode(image);
    };
    await model.propose(request(item.frame.gray, 'frame', { position: 'ovary' }));
    expect(encoded).toBe(0);
    await model.propose(request(twin, 'twin'));
    expect(encoded).toBe(2);
    await model.release();
  });
});

describe('a model that looks again', () => {
  /** Where the first look finds something. */
  async function foundBox(model: LoadedModel): Promise<ImageBox> {
    const { imageSize } = tinyConfig;
    const frame = placeModelFrame(ownInput, item.frame, null, imageSize);
    const picture = grayPicture(item.frame);
    const features = await model.runner.encode(sampleInput(picture, frame, ownInput));
    const { prompts } = request(item.frame.gray, 'frame');
    const odds = logOdds(await model.runner.decode(features, prompts, null), imageSize);
    const box = secondLookBox(withoutSpecks(odds, imageSize), frame);
    expect(box).not.toBeNull();
    return box!;
  }

  it('proposes what the crop around its first find gives, where it found something', async () => {
    const model = await load({ secondLook: true });
    const box = await foundBox(model);
    const again = pixelsOf(await model.propose(request(item.frame.gray, 'frame')));
    const local = pixelsOf(await model.propose({ ...request(item.frame.gray, 'frame', { mode: 'local' }), box }));
    await model.release();
    const once = await load({ secondLook: false });
    const first = pixelsOf(await once.propose(request(item.frame.gray, 'frame')));
    await once.release();
    expect(again).toEqual(local);
    expect(again).not.toEqual(first);
  });

  it('reads the class from both looks', async () => {
    const classification = [trained, { ...trained, mode: 'local' as const }];
    const logit = async (model: LoadedModel, prompts: Partial<Prompts>, box: ImageBox | null): Promise<number> => {
      const said = await model.propose({ ...request(item.frame.gray, 'frame', prompts), box });
      const { probability } = said.classification!.classes[1];
      return Math.log(probability / (1 - probability));
    };
    const once = await load({ secondLook: false, classification });
    const whole = await logit(once, {}, null);
    const local = await logit(once, { mode: 'local' }, await foundBox(once));
    await once.release();
    const again = await load({ secondLook: true, classification });
    expect(await logit(again, {}, null)).toBeCloseTo((whole + local) / 2, 5);
    await again.release();
    expect(Math.abs(whole - local)).toBeGreaterThan(1e-4);
  });

  it('reads it from both also where an adapter gives the mask of the first look', async () => {
    const model = await load({ secondLook: true, classification: [trained] });
    const { weights } = model.runner.network;
    const adapterOf = (secondLook: boolean): Uint8Array =>
      serializeAdapter(weights, new Map(), {
        modelHash: model.hash,
        prompts: request(item.frame.gray, 'frame').prompts,
        trainRevisionIds: [],
        validationRevisionIds: [],
        seed: 1,
        settings: { secondLook },
        validationBefore: 0,
        validationAfter: 1,
      });
    const own = await model.propose(request(item.frame.gray, 'frame'));
    const twice = await model.propose({ ...request(item.frame.gray, 'frame'), adapter: adapterOf(true) });
    const once = await model.propose({ ...request(item.frame.gray, 'frame'), adapter: adapterOf(false) });
    await model.release();
    const first = await load({ secondLook: false, classification: [trained] });
    const { mask } = await first.propose(request(item.frame.gray, 'frame'));
    await first.release();
    expect(twice.mask).toEqual(own.mask);
    expect(once.mask).toEqual(mask);
    expect(once.mask).not.toEqual(own.mask);
    expect(once.classification).toEqual(own.classification);
  });

  it('keeps as many frames at hand as one that looks once', async () => {
    await load({ secondLook: true });
    const model = await LoadedModel.load(folder, 'cpu', { frames: 2 });
    await model.propose(request(item.frame.gray, 'frame'));
    await model.propose(request(twin, 'twin'));
    for (const key of ['frame', 'twin']) expect(model.wholeFeatures(key)).toHaveLength(1);
    await model.release();
  });

  it('tells what the first look found before it takes the second, and takes none where that is refused', async () => {
    const once = await load({ secondLook: false });
    let told = 0;
    const only = await once.propose(request(item.frame.gray, 'frame'), { onFirstLook: () => void (told += 1) });
    await once.release();
    expect(told).toBe(0);
    expect(only.provisional).toBe(false);

    const model = await load({ secondLook: true, classification: [trained] });
    let first: ProposalResult | null = null;
    const onFirstLook = (result: ProposalResult): void => void (first = result);
    const second = await model.propose(request(item.frame.gray, 'frame'), { onFirstLook });
    expect(first).toMatchObject({
      mask: only.mask,
      uncertainty: only.uncertainty,
      provisional: true,
      classification: null,
    });
    expect(second.mask).not.toEqual(only.mask);
    expect(second).toMatchObject({ provisional: false, classification: { classes: [{ name: 'benign' }, {}] } });

    let encoded = 0;
    const encode = model.runner.encode.bind(model.runner);
    model.runner.encode = (image) => {
      encoded += 1;
      return encode(image);
    };
    let isCancelled = false;
    const turn = async (): Promise<void> => {
      if (isCancelled) throw createAbortError();
    };
    const refused = model.propose(request(twin, 'twin'), { onFirstLook: () => void (isCancelled = true), turn });
    await expect(refused).rejects.toSatisfy(isAbortError);
    expect(encoded).toBe(1);
    await model.release();
  });
});

describe('a model that looks at the mirror image, and again', () => {
  it('tells what the straight view says, once, and takes the second look straight at what both say', async () => {
    const plain = await load({ testTimeFlip: false, secondLook: false });
    const straight = await plain.propose(request(item.frame.gray, 'frame'));
    await plain.release();
    const once = await load({ testTimeFlip: true, secondLook: false });
    const told: ProposalResult[] = [];
    const onFirstLook = (result: ProposalResult): void => void told.push(result);
    const both = await once.propose(request(item.frame.gray, 'frame'), { onFirstLook });
    await once.release();
    expect(told).toMatchObject([{ mask: straight.mask, provisional: true }]);
    expect(both).toMatchObject({ provisional: false });
    expect(both.mask).not.toEqual(straight.mask);

    const model = await load({ testTimeFlip: true, secondLook: true });
    let encoded = 0;
    const encode = model.runner.encode.bind(model.runner);
    model.runner.encode = (image) => {
      encoded += 1;
      return encode(image);
    };
    told.length = 0;
    const again = await model.propose(request(item.frame.gray, 'frame'), { onFirstLook });
    expect(told).toMatchObject([{ mask: straight.mask, provisional: true }]);
    expect(encoded).toBe(3);
    expect(again.mask).not.toEqual(both.mask);
    // All of it is at hand: nothing is encoded, and no half of an answer is told before the whole.
    told.length = 0;
    expect((await model.propose(request(item.frame.gray, 'frame'), { onFirstLook })).mask).toEqual(again.mask);
    expect(encoded).toBe(3);
    expect(told).toMatchObject([{ mask: both.mask, provisional: true }]);
    await model.release();
  });
});

describe('classes of a proposal', () => {
  it('come calibrated with it where the model has them for the prompts, and not elsewhere', async () => {
    const model = await load({ classification: [trained] });
    const { classification } = await model.propose(request(item.frame.gray, 'frame'));
    expect(classification!.classes.map(({ name }) => name)).toEqual(['benign', 'malignant']);
    expect(classification!.calibration).toEqual({
      expectedCalibrationError: 0.05,
      validationCases: 100,
      prevalence: 0.4,
      auc: 0.85,
    });
    expect((await model.propose(request(item.frame.gray, 'frame', { position: 'ovary' }))).classification).toBeNull();
    await model.release();

    const hotter = await load({ classification: [{ ...trained, temperature: 4, bias: 0 }] });
    const other = (await hotter.propose(request(item.frame.gray, 'frame'))).classification!;
    await hotter.release();
    const logit = (p: number): number => Math.log(p / (1 - p));
    const raw = (logit(classification!.classes[1].probability) - 0.5) * 2;
    expect(logit(other.classes[1].probability)).toBeCloseTo(raw / 4, 4);
    expect(Math.abs(raw)).toBeGreaterThan(1e-3);
  });

  it('of a model without any are left out', async () => {
    const model = await load({});
    expect((await model.propose(request(item.frame.gray, 'frame'))).classification).toBeNull();
    await model.release();
  });
});

describe('the probabilities behind a proposal', () => {
  const thresholded = (values: Uint8Array): Uint8Array => values.map((value) => Number(value >= 128));

  it.each([
    ['of one look', { secondLook: false }, {}],
    ['of two looks', { secondLook: true }, {}],
    ['of a crop, with its mirror image', { testTimeFlip: true }, { mode: 'local' as const }],
  ])('%s are those of its mask, to the last pixel', async (_which, changes, prompts) => {
    const model = await load(changes);
    const box = { x: 10, y: 12, width: 40, height: 30 };
    const asked = { ...request(item.frame.gray, 'frame', prompts), box };
    const proposal = await model.propose(asked);
    const { probabilities, iou } = await model.probabilities({ ...asked, mask: proposal.mask });
    await model.release();
    expect(iou).toBe(1);
    expect(thresholded(probabilities)).toEqual(pixelsOf(proposal));
    expect(new Set(probabilities).size).toBeGreaterThan(20);
  });

  it('are those of the first look where the proposal was made with one', async () => {
    const once = await load({ secondLook: false });
    const { mask } = await once.propose(request(item.frame.gray, 'frame'));
    await once.release();
    const model = await load({ secondLook: true });
    const { probabilities, iou } = await model.probabilities({ ...request(item.frame.gray, 'frame'), mask });
    await model.release();
    expect(iou).toBe(1);
    expect(thresholded(probabilities)).toEqual(decodeMask(mask, item.frame.width, item.frame.height).data);
  });

  it('say how like their mask is to one that the network does not give', async () => {
    const model = await load({});
    const asked = request(item.frame.gray, 'frame');
    const proposed = pixelsOf(await model.propose(asked));
    const cut = proposed.map((value, index) => (index < proposed.length / 2 ? value : 0));
    const { width, height } = item.frame;
    const { iou } = await model.probabilities({ ...asked, mask: encodeMask({ width, height, data: cut }) });
    await model.release();
    const count = (data: Uint8Array): number => data.reduce((sum, value) => sum + value, 0);
    expect(iou).toBeCloseTo(count(cut) / count(proposed), 6);
    expect(iou).toBeLessThan(1);
  });
});
