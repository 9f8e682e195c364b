import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readManifest } from '../../electron/export/manifest.ts';
import { runExport } from '../../electron/export/registry.ts';
import { listM2usSets, readM2usSample, readM2usSet } from '../../electron/files/m2us.ts';
import { temporaryFolder } from '../support/workspaces.ts';
import { annotate, frameOf, hardMasks, lesion, sampleSet } from './annotation-samples.ts';

describe('M2-US', () => {
  it('is a data root with one set for each label, patients apart', async () => {
    const root = join(temporaryFolder(), 'out');
    await runExport('m2us', sampleSet(), root);
    const sets = await listM2usSets(root);
    expect(sets.map((set) => set.name)).toEqual(['Duct-left-2', 'Lesion']);
    const splits = new Map<string, string>();
    const { frames } = await readManifest(root);
    const groups = new Map(frames.map((frame) => [`${frame.name}.png`, frame.group]));
    let count = 0;
    for (const { name, splits: names } of sets) {
      for (const split of names) {
        const set = await readM2usSet(root, name, split);
        expect(set.prompts).toEqual({ position: 'breast', type: name === 'Lesion' ? 'tumor' : 'organ' });
        for (const sample of set.samples) {
          count += 1;
          const group = groups.get(sample.file) ?? '';
          expect(splits.get(group) ?? split).toBe(split);
          splits.set(group, split);
          const { picture, mask } = await readM2usSample(sample);
          expect([mask?.width, mask?.height]).toEqual([picture.width, picture.height]);
        }
      }
    }
    expect(count).toBe(sampleSet().annotations.length);
    expect(new Set(splits.values())).toEqual(new Set(['train', 'val', 'test']));
  });

  it('survives a folder that a system put its own file into', async () => {
    const root = join(temporaryFolder(), 'out');
    await mkdir(root);
    await writeFile(join(root, '.DS_Store'), '');
    expect(await runExport('m2us', sampleSet(), root)).toMatchObject({ folder: root });
  });

  it('keeps pictures called normal of a label called BUSI, which readers would pass over in the public set', async () => {
    const root = join(temporaryFolder(), 'out');
    const mask = hardMasks['a hole'];
    const frame = frameOf(1, mask, { fileName: 'normal (1).png' });
    const set = { labels: [{ ...lesion, name: 'BUSI' }], annotations: [annotate(frame, lesion, mask)] };
    expect(await runExport('m2us', set, root)).toMatchObject({ verified: true, annotations: 1 });
  });
});
