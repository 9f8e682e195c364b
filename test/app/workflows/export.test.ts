import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { App } from '../../../electron/app/app.ts';
import { collectAnnotations } from '../../../electron/app/workflows/collect-annotations.ts';
import { exportAnnotations, openExport } from '../../../electron/app/workflows/export.ts';
import type { CommandInput, EventValue } from '../../../electron/common/api.ts';
import { readManifest } from '../../../electron/export/manifest.ts';
import { importPictures, openApp } from '../../support/apps.ts';
import { maskOf, temporaryFolder, thrownBy } from '../../support/workspaces.ts';

/** Two studies of two frames; the first label is accepted everywhere, the second is edited in one frame and absent in another. */
async function annotatedApp(): Promise<{ app: App; studies: string[]; labels: string[] }> {
  const app = await openApp();
  const frames = [...(await importPictures(app, 'one', [1, 2])), ...(await importPictures(app, 'two', [3, 4]))];
  const labels = [];
  for (const name of ['Cyst', 'Node']) {
    labels.push((await app.send('label:add', { name, position: 'breast', type: 'tumor' })).id);
  }
  const save = (frameId: string, labelId: string, reviewState: 'accepted' | 'absent' | 'edited', pixels: number) =>
    app.send('annotation:save', {
      frameId,
      labelId,
      reviewState,
      parentId: null,
      proposalId: null,
      segmentAlgorithmType: 'MANUAL',
      mask: maskOf(pixels),
      gesture: 'brush',
    });
  for (const frameId of frames) await save(frameId, labels[0], 'accepted', 5);
  await save(frames[0], labels[1], 'edited', 7);
  await save(frames[3], labels[1], 'absent', 0);
  const studies = (await app.send('study:list', {})).map(({ id }) => id);
  return { app, studies, labels };
}

describe('what is exported', () => {
  it('is what was chosen: by study, label, state and day', async () => {
    const { app, studies, labels } = await annotatedApp();
    const count = async (choice: Partial<CommandInput<'export:preview'>>) => {
      const preview = await app.send('export:preview', { format: 'coco', ...choice });
      return [preview.annotations, preview.frames, preview.studies];
    };
    const today = new Date();
    const day = (offset: number) => new Date(today.getTime() + offset * 86_400_000).toLocaleDateString('sv-SE'); // YYYY-MM-DD
    expect(await count({})).toEqual([5, 4, 2]);
    expect(await count({ includeEdited: true })).toEqual([6, 4, 2]);
    expect(await count({ studyIds: [studies[0]] })).toEqual([2, 2, 1]);
    expect(await count({ labelIds: [labels[1]] })).toEqual([1, 1, 1]);
    expect(await count({ reviewStates: ['edited'] })).toEqual([1, 1, 1]);
    expect(await count({ from: day(0), until: day(0) })).toEqual([5, 4, 2]);
    expect(await count({ from: day(1) })).toEqual([0, 0, 0]);
    expect(await count({ until: day(-1) })).toEqual([0, 0, 0]);
    expect(await thrownBy(() => count({ studyIds: ['none'] }))).toMatchObject({ code: 'not-found' });
    expect(await thrownBy(() => count({ from: 'yesterday' }))).toMatchObject({ code: 'bad-input' });
  });

  it('are the measurements of the chosen studies, labels and days', async () => {
    const { app, studies, labels } = await annotatedApp();
    const { frameId } = app.context.store.listAnnotations({ includeEdited: false })[0].revision;
    const points = [1, 3].map((x) => ({ x, y: 1 }));
    await app.send('measurement:save', {
      frameId,
      labelId: labels[0],
      kind: 'length',
      points,
      parentId: null,
      trackingUID: null,
    });
    const count = (choice: Partial<CommandInput<'export:preview'>>): number =>
      collectAnnotations(app.context, choice).measurements?.length ?? 0;
    expect(count({})).toBe(1);
    expect(count({ studyIds: [studies[1]] })).toBe(0);
    expect(count({ labelIds: [labels[1]] })).toBe(0);
    expect(count({ reviewStates: ['edited'] })).toBe(1);
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toLocaleDateString('sv-SE');
    expect(count({ from: day(0), until: day(0) })).toBe(1);
    expect(count({ from: day(1) })).toBe(0);
    expect(count({ until: day(-1) })).toBe(0);
  });

  it('is told beforehand, with what is lost, and nothing is written', async () => {
    const { app } = await annotatedApp();
    const { lost } = await app.send('export:preview', { format: 'yolo' });
    expect(lost).toContainEqual(expect.stringContaining('1 absent annotation'));
    expect(lost).toEqual((await exportAnnotations(app.context, { format: 'yolo' })).fidelity.lost);
  });

  it('goes to a folder of which the whole path is given, and nowhere by a part of one', async () => {
    const { app } = await annotatedApp();
    expect(await thrownBy(() => app.send('export:run', { format: 'coco', folder: 'exports/mine' }))).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('found "exports/mine"'),
    });
  });

  it('may be annotations alone', async () => {
    const { app } = await annotatedApp();
    const folder = join(temporaryFolder(), 'out');
    const { files } = await app.send('export:run', { format: 'coco', folder, images: false });
    expect(files.toSorted()).toEqual(['annotations/instances.json', 'sonosync-export.json']);
    expect(await thrownBy(() => app.send('export:run', { format: 'm2us', images: false }))).toMatchObject({
      code: 'bad-input',
    });
  });

  it('may have the imported files beside it, as they are', async () => {
    const { app, studies } = await annotatedApp();
    const folder = join(temporaryFolder(), 'out');
    const { files } = await app.send('export:run', { format: 'csv', folder, originals: true, studyIds: [studies[0]] });
    const originals = files.filter((file) => file.startsWith('originals/'));
    expect(originals).toEqual(['originals/one-1.png', 'originals/one-2.png']);
    const [{ instance }] = app.context.store.listAnnotations({ includeEdited: false });
    const bytes = await readFile(join(folder, originals[0]));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(instance.objectHash);
  });

  it('is recorded with every revision before it, the reader and the version', async () => {
    const { app, labels } = await annotatedApp();
    const { store } = app.context;
    const [{ revision }] = store.listAnnotations({ includeEdited: false });
    const next = store.saveRevision({ ...revision, parentId: revision.id, mask: maskOf(9) });
    const folder = join(temporaryFolder(), 'out');
    await app.send('export:run', { format: 'coco', folder, labelIds: [labels[0]] });
    const { annotations, applicationVersion } = await readManifest(folder);
    expect(applicationVersion).toBe(app.context.version);
    expect(annotations[0]).toMatchObject({
      revisionId: next.id,
      ancestorIds: [revision.id],
      trackingUID: revision.trackingUID,
      reader: store.reader,
      algorithm: null,
    });
  });
});

describe('the folder of an export', () => {
  it('is opened where the host can, and no folder that this session has not exported to', async () => {
    const { app } = await annotatedApp();
    const opened: string[] = [];
    const { folder } = await app.send('export:run', { format: 'coco' });
    const open = (asked: string) =>
      openExport({ ...app.context, openFolder: async (one) => void opened.push(one) }, asked);
    await open(folder);
    expect(opened).toEqual([folder]);
    for (const other of [join(folder, '..'), join(folder, 'images'), `${folder}/`, '/', '']) {
      expect(await thrownBy(() => open(other))).toMatchObject({ code: 'unauthorized' });
    }
    // The command line shows nobody anything.
    expect(await thrownBy(() => app.send('export:open', { folder }))).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining(folder),
    });
    await rm(folder, { recursive: true });
    expect(await thrownBy(() => open(folder))).toMatchObject({ code: 'not-found' });
    expect(opened).toEqual([folder]);
  });

  it('of an export that failed is none', async () => {
    const { app } = await annotatedApp();
    const folder = temporaryFolder();
    await writeFile(join(folder, 'mine.txt'), 'mine');
    expect(await thrownBy(() => app.send('export:run', { format: 'coco', folder }))).toMatchObject({
      code: 'conflict',
    });
    expect(await thrownBy(() => app.send('export:open', { folder }))).toMatchObject({ code: 'unauthorized' });
  });
});

describe('a running export', () => {
  it('tells how far it is, writing and then reading back', async () => {
    const { app } = await annotatedApp();
    const heard: EventValue<'export:progressed'>[] = [];
    app.events.on('export:progressed', (value) => heard.push(value));
    await app.send('export:run', { format: 'png' });
    expect(heard[0]).toEqual({ format: 'png', phase: 'writing', done: 0, total: 4 });
    expect(heard.at(-1)).toEqual({ format: 'png', phase: 'checking', done: 5, total: 5 });
  });

  it('is cancelled by a command and leaves nothing; another one is refused meanwhile', async () => {
    const { app } = await annotatedApp();
    const folder = join(temporaryFolder(), 'out');
    let refused: Promise<unknown> = Promise.resolve();
    const unsubscribe = app.events.on('export:progressed', () => {
      refused = thrownBy(() => app.send('export:run', { format: 'coco' }));
      void app.send('export:cancel', {});
    });
    expect(await thrownBy(() => app.send('export:run', { format: 'png', folder }))).toMatchObject({
      name: 'AbortError',
    });
    expect(await refused).toMatchObject({ code: 'conflict' });
    expect(existsSync(folder)).toBe(false);
    // The next one runs.
    unsubscribe();
    expect(await app.send('export:run', { format: 'coco', folder })).toMatchObject({ annotations: 5 });
  });
});
