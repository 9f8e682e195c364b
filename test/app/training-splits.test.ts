import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { readKnownSplits, settleSplits } from '../../electron/app/training-splits.ts';
import { prepareTraining } from '../../electron/app/workflows/pretrain-workspace.ts';
import type { App } from '../../electron/app/app.ts';
import { importPictures, openApp } from '../support/apps.ts';
import { exported, save } from '../support/exchange.ts';
import { maskOf, temporaryFolder } from '../support/workspaces.ts';

const groups = ['patient/a', 'patient/b', 'study/1'];

it('are kept for good: what is settled is not settled again', async () => {
  const folder = temporaryFolder();
  expect(await readKnownSplits(folder, groups)).toEqual(new Map());
  await settleSplits(folder, new Map([['patient/a', 'train']]));
  await settleSplits(folder, new Map([['patient/a', 'test'], ['patient/b', 'val']])); // prettier-ignore
  expect(await readKnownSplits(folder, groups)).toEqual(new Map([['patient/a', 'train'], ['patient/b', 'val']])); // prettier-ignore
  expect(readFileSync(join(folder, 'splits.json'), 'utf8')).not.toContain('patient');
});

it('are begun anew where the file cannot be understood, which is kept', async () => {
  const folder = temporaryFolder();
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  writeFileSync(join(folder, 'splits.json'), '{"a": "elsewhere"}');
  expect(await readKnownSplits(folder, groups)).toEqual(new Map());
  expect(said.mock.calls.flat().join('')).toContain('splits.json');
  said.mockRestore();
  expect(readdirSync(folder)).toMatchObject([expect.stringContaining('splits.json.unreadable')]);
});

/** Accepts a mask in each frame of new studies, four frames a study. */
async function annotateStudies(app: App, labelId: string, titles: readonly string[]): Promise<void> {
  for (const title of titles) {
    const shades = [1, 2, 3, 4].map((shade) => shade + 10 * Number(title.slice(1)));
    for (const frameId of await importPictures(app, title, shades))
      await save(app, frameId, labelId, maskOf(5), 'accepted');
  }
}

/** Of the pictures, by the titles of their studies. */
function splitsIn(root: string): Map<string, string> {
  const set = join(root, 'segmentation', 'Lesion');
  const lines = (split: string) =>
    readFileSync(join(set, `${split}.txt`), 'utf8')
      .trim()
      .split('\n')
      .filter(Boolean);
  return new Map(
    ['train', 'val', 'test'].flatMap((split) => lines(split).map((file) => [file.split('-')[0], split] as const)),
  );
}

it('hold for a second training, and for exports, when the workspace has grown', async () => {
  const app = await openApp();
  const { id } = await app.send('label:add', { name: 'Lesion', position: 'breast', type: 'tumor' });
  await annotateStudies(app, id, ['s1', 's2', 's3', 's4', 's5']);
  const first = await prepareTraining(app.context, { id: 'first' });
  const before = splitsIn(first.dataset);
  expect(new Set(before.values())).toEqual(new Set(['train', 'val', 'test']));
  await annotateStudies(app, id, ['s6', 's7', 's8', 's9', 's10', 's11']);
  const second = await prepareTraining(app.context, { id: 'second' });
  for (const splits of [splitsIn(second.dataset), splitsIn(await exported(app, 'm2us'))]) {
    expect(splits.size).toBe(11);
    expect(Object.fromEntries(splits)).toMatchObject(Object.fromEntries(before));
  }
});
