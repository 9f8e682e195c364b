import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMask, decodeMask, countMaskPixels } from '../../electron/common/mask.ts';
import { encodeMaskPng } from '../../electron/files/image.ts';
import { plannedReads } from '../support/query-plans.ts';
import { maskOf, openStore, pngFile, temporaryFolder } from '../support/workspaces.ts';

let root: string;

/** A root with one set of two training images and a test image; the last one's mask is empty. */
beforeEach(async () => {
  root = temporaryFolder();
  const set = join(root, 'segmentation', 'Phantoms');
  for (const folder of ['imgs', 'masks']) mkdirSync(join(set, folder), { recursive: true });
  for (const [index, name] of ['a.png', 'b.png', 'c.png'].entries()) {
    writeFileSync(join(set, 'imgs', name), (await pngFile(name, index + 1)).bytes);
    const mask = createMask(12, 8);
    if (name !== 'c.png') mask.data.fill(1, 10, 20 + index);
    writeFileSync(join(set, 'masks', name), await encodeMaskPng(mask));
  }
  writeFileSync(join(set, 'config.yaml'), '0:background:0\n1:tumor:255\n');
  writeFileSync(join(set, 'prompts.json'), JSON.stringify({ position: 'thyroid', type: 'tumor' }));
  writeFileSync(join(set, 'train.txt'), 'a.png\nb.png\n');
  writeFileSync(join(set, 'test.txt'), 'c.png\n');
});

describe('an M2-US data root', () => {
  it('becomes studies with accepted manual annotations when that is asked for', async () => {
    const store = openStore();
    const result = await store.importPaths([root], { m2usMasks: true });
    expect(result).toMatchObject({ frameCount: 3, skipped: [], warnings: [] });
    expect(store.listStudies()).toMatchObject([
      { title: 'Phantoms', position: 'thyroid', frameCount: 3, reviewedFrames: 3 },
    ]);
    const label = store.labelNamed('phantoms');
    expect(label).toMatchObject({ name: 'Phantoms', position: 'thyroid', type: 'tumor' });
    const annotations = store.listAnnotations({ includeEdited: false });
    expect(
      annotations.map(({ instance, revision }) => [
        instance.fileName,
        revision.reviewState,
        revision.segmentAlgorithmType,
        countMaskPixels(decodeMask(revision.mask, 12, 8)),
      ]),
    ).toEqual([
      ['a.png', 'accepted', 'MANUAL', 10],
      ['b.png', 'accepted', 'MANUAL', 11],
      ['c.png', 'absent', 'MANUAL', 0],
    ]);
  });

  it('finds the frame of each mask without a look at every instance', async () => {
    const store = openStore();
    const reads = await plannedReads(store, () => store.importPaths([root], { m2usMasks: true }));
    expect(store.listAnnotations({ includeEdited: false })).toHaveLength(3);
    expect(reads).toContain('SEARCH instances USING INDEX instances_by_object (object_hash=?)');
    expect(reads).not.toContain('SCAN instances');
  });

  it('never writes over an annotation that is there, and says so', async () => {
    const store = openStore();
    await store.importPaths([root], { m2usMasks: true });
    const [{ frame, revision }] = store.listAnnotations({ includeEdited: false });
    const corrected = store.saveRevision({
      ...revision,
      parentId: revision.id,
      mask: maskOf(40),
      gesture: 'brush',
    });
    const again = await store.importPaths([join(root, 'segmentation', 'Phantoms')], { m2usMasks: true });
    expect(again).toMatchObject({ frameCount: 0, skipped: [] });
    expect(again.warnings.join(' ')).toContain('3 masks of Phantoms were left out');
    expect(store.latestRevision(frame.id, revision.labelId)).toEqual(corrected);
  });

  it('is a folder of images otherwise: its masks are no frames, and a warning says that they were left', async () => {
    const store = openStore();
    const result = await store.importPaths([root]);
    expect(result.frameCount).toBe(3);
    expect(result.skipped.filter(({ expected }) => !expected)).toEqual([]);
    expect(result.skipped.map(({ path }) => basename(path))).not.toContain('a.png');
    expect(result.warnings[0]).toContain('the masks beside them were not');
    expect(store.listAnnotations({ includeEdited: true })).toEqual([]);
  });

  it('lists a mask of another size with both names and goes on', async () => {
    const folder = join(root, 'segmentation', 'Phantoms');
    writeFileSync(join(folder, 'masks', 'a.png'), await encodeMaskPng(createMask(8, 8)));
    const store = openStore();
    const result = await store.importPaths([root], { m2usMasks: true });
    expect(result.frameCount).toBe(3);
    expect(result.skipped).toMatchObject([{ path: join(folder, 'masks', 'a.png'), code: 'bad-input' }]);
    expect(result.skipped[0].reason).toContain(join(folder, 'imgs', 'a.png'));
    expect(store.listAnnotations({ includeEdited: false })).toHaveLength(2);
  });
});

const shared = resolve(process.env.SONOSYNC_DATA ?? '../shared/data', 'm2us', 'segmentation');

describe.skipIf(!existsSync(shared))('real M2-US data (skipped without the shared data)', () => {
  it('gives one frame two labels where two sets hold the same image', async () => {
    const sets = ['USGRA-nerve', 'USGRA-vessel'];
    const [names, otherNames] = sets.map((set) => readdirSync(join(shared, set, 'imgs')));
    const both = names.filter((name) => otherNames.includes(name)).slice(0, 5);
    const copy = temporaryFolder();
    for (const set of sets) {
      const target = join(copy, 'segmentation', set);
      for (const file of ['config.yaml', 'prompts.json']) cpSync(join(shared, set, file), join(target, file));
      for (const name of both) {
        cpSync(join(shared, set, 'imgs', name), join(target, 'imgs', name));
        const mask = name.replace('.webp', '.png');
        cpSync(join(shared, set, 'masks', mask), join(target, 'masks', mask));
      }
      writeFileSync(join(target, 'train.txt'), both.join('\n'));
    }
    const store = openStore();
    const result = await store.importPaths([copy], { m2usMasks: true });
    expect(result).toMatchObject({ frameCount: 5, skipped: [] });
    expect(store.listAnnotations({ includeEdited: false })).toHaveLength(10);
    expect(store.listLabels().map((label) => store.countCorrections(label.id))).toEqual([5, 5]);
  });
});
