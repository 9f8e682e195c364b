import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeMask } from '../../electron/common/mask.ts';
import { writeFileAtomic } from '../../electron/files/atomic-write.ts';
import { LoadedModel } from '../../electron/inference/loaded-model.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { predictItem } from '../../electron/training/evaluate.ts';
import { encodedDice, encodeWhole } from '../../electron/training/feature-cache.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import { writeModelFolder } from '../../electron/training/model-folder.ts';
import { manifestFileName, serializeManifest } from '../../models/manifest.ts';
import { initialWeights } from '../../models/perceptguide/parameters.ts';
import { discItems, tinyConfig } from '../support/phantoms.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-look-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Of a seed whose network finds parts that are larger than specks.
const random = createRandom(24);
const weights = initialWeights(tinyConfig, random);
for (const [name, { data }] of weights)
  if (/head/.test(name)) data.forEach((_, index) => (data[index] = random.normal()));

const [item] = discItems(1, 5);
const prompts = { position: item.position, type: item.type, mode: 'whole', task: 'segmentation' } as const;

describe('what is measured of a model is what it proposes', () => {
  const seen = new Set<string>();
  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('mirror image: %s, second look: %s', async (testTimeFlip, secondLook) => {
    const content = {
      id: 'tiny',
      title: 'Tiny',
      config: tinyConfig,
      input: ownInput,
      weights,
      dataType: 'F32',
    } as const;
    const { manifest } = await writeModelFolder(folder, content);
    const changed = new TextEncoder().encode(serializeManifest({ ...manifest, testTimeFlip, secondLook }));
    await writeFileAtomic(join(folder, manifestFileName), changed);
    const model = await LoadedModel.load(folder, 'cpu');
    const { width, height, gray } = item.frame;
    const image = { key: 'frame', width, height, channels: 1, pixels: gray } as const;
    const proposal = await model.propose({ model: { folder }, image, prompts, box: null, adapter: null });
    const proposed = { width, height, data: decodeMask(proposal.mask, width, height).data };

    const options = { flip: testTimeFlip, secondLook, classify: false };
    const predicted = await predictItem(model.runner, model.spec, item, options);
    expect(predicted.mask).toEqual(proposed);
    const frames = [await encodeWhole(model, async () => ({ frame: item.frame, mask: proposed }))];
    const asking = { prompts, projections: null, secondLook };
    expect(await encodedDice(model, frames, asking, { turn: async () => undefined })).toBe(1);

    seen.add(Buffer.from(proposal.mask).toString('base64'));
    await model.release();
  });

  it('and each of the four is another answer', () => {
    expect(seen.size).toBe(4);
  });
});
