import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeMaskPng, encodePng } from '../../electron/files/image.ts';
import { listM2usSets, readM2usPicture, readM2usSet, type M2usSplit } from '../../electron/files/m2us.ts';
import { toGray } from '../../electron/inference/preprocess.ts';
import { loadDataset } from '../../electron/training/dataset.ts';
import { findNearDuplicates } from '../../electron/training/near-duplicates.ts';
import { describeDropped, dropHeldOutImages } from '../../electron/training/splits.ts';
import { createThumbnail } from '../../electron/training/thumbnail.ts';
import { discItems } from '../support/phantoms.ts';

const turn = () => Promise.resolve();

describe('training images that are held out elsewhere', () => {
  let root: string;
  const items = discItems(8, 3);
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'sonosync-splits-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function write(path: string, content: string | Uint8Array) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }

  /** A set whose splits hold the given discs. */
  async function writeSet(name: string, splits: Partial<Record<M2usSplit, readonly number[]>>) {
    const folder = `segmentation/${name}`;
    await write(`${folder}/config.yaml`, '0:background:0\n1:disc:255\n');
    await write(`${folder}/prompts.json`, '{ "position": "breast", "object": "tumor" }');
    for (const [split, indices] of Object.entries(splits)) {
      const names = indices.map((index) => `${split}-${index}.png`);
      await write(`${folder}/${split}.txt`, names.join('\n'));
      for (const [place, index] of indices.entries()) {
        const { frame, mask } = items[index];
        const picture = { width: frame.width, height: frame.height, channels: 1, pixels: frame.gray } as const;
        await write(`${folder}/imgs/${names[place]}`, await encodePng(picture));
        await write(`${folder}/masks/${names[place]}`, await encodeMaskPng(mask!));
      }
    }
  }

  const trainingItems = async (...sets: string[]) => (await loadDataset(root, 'train', { sets })).items;

  it('are dropped where any set of the root holds them out, and counted by set', async () => {
    await writeSet('One', { train: [0, 1, 2, 3], val: [1, 4] });
    await writeSet('Two', { train: [5, 6], test: [3, 7] });
    const all = await dropHeldOutImages(root, await trainingItems('One', 'Two'), { turn });
    expect(all.items.map(({ file }) => file)).toEqual(['train-0.png', 'train-2.png', 'train-5.png', 'train-6.png']);
    expect(all.dropped).toEqual({ One: 2, Two: 0 });
    expect(describeDropped(all.dropped)).toMatch(/: One 2\.$/);
    const one = await dropHeldOutImages(root, await trainingItems('One'), { turn });
    expect(one.dropped).toEqual({ One: 2 });
  });

  it('do not exist where no set has another split', async () => {
    await writeSet('One', { train: [0, 1, 2] });
    const { items, dropped } = await dropHeldOutImages(root, await trainingItems('One'), { turn });
    expect(items).toHaveLength(3);
    expect(dropped).toEqual({ One: 0 });
    expect(describeDropped(dropped)).toBe('');
  });

  it('leave an error where they are all there is, naming the root', async () => {
    await writeSet('One', { train: [0, 1], val: [0, 1, 2] });
    const error = await dropHeldOutImages(root, await trainingItems('One'), { turn }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'bad-input', message: expect.stringContaining(root) });
  });

  it('stop being looked for when the job is cancelled', async () => {
    await writeSet('One', { train: [0, 1], val: [2] });
    const cancelled = new AbortController();
    const training = await trainingItems('One');
    cancelled.abort();
    const turn = () => Promise.resolve().then(() => cancelled.signal.throwIfAborted());
    await expect(dropHeldOutImages(root, training, { turn })).rejects.toThrow(/aborted/i);
  });
});

const shared = join(process.env.SONOSYNC_DATA ?? '../shared/data', 'm2us');

// Skipped where the real data is absent; SONOSYNC_DATA names its folder.
describe.skipIf(!existsSync(shared))('the splits of the shared data root', () => {
  /** What the names of a set say of whom, or of which sweep, the image is. */
  const sources: Record<string, RegExp> = { 'BUS-BRA': /^bus_\d{4}/, Fetal_HC: /^\d{3}(?=_)/, CCAU: /^\d+VAS/ };

  it.each(Object.keys(sources))('keep a patient or sweep of %s in one', async (name) => {
    const summary = (await listM2usSets(shared)).find((set) => set.name === name)!;
    const splitsOfSource = new Map<string, Set<string>>();
    for (const split of summary.splits) {
      for (const { file } of (await readM2usSet(shared, name, split)).samples) {
        const source = sources[name].exec(file)?.[0];
        expect(source, file).toBeDefined();
        splitsOfSource.set(source!, (splitsOfSource.get(source!) ?? new Set()).add(split));
      }
    }
    expect(splitsOfSource.size).toBeGreaterThan(summary.splits.length);
    expect([...splitsOfSource].filter(([, splits]) => splits.size > 1)).toEqual([]);
  });

  async function thumbnails(name: string, split: M2usSplit) {
    const { samples } = await readM2usSet(shared, name, split);
    const list = [];
    for (const sample of samples) {
      const picture = await readM2usPicture(sample);
      list.push(createThumbnail({ width: picture.width, height: picture.height, gray: toGray(picture) }));
    }
    return list;
  }

  // Each of them was looked at: every one is the other's frame, or its neighbour. Another count is another method, to be looked at again.
  it.each([
    { name: 'BUSI', val: 25, test: 29, either: 51 },
    { name: 'MMOTU', val: 20, test: 23, either: 43 },
  ])('of $name share $either training images with the held-out ones', async ({ name, ...expected }) => {
    const train = await thumbnails(name, 'train');
    const val = await thumbnails(name, 'val');
    const test = await thumbnails(name, 'test');
    const count = (others: typeof val): number => findNearDuplicates(train, others).length;
    expect({ val: count(val), test: count(test), either: count([...val, ...test]) }).toEqual(expected);
  });
});
