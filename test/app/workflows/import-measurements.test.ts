import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { App } from '../../../electron/app/app.ts';
import { createMask, encodeMask } from '../../../electron/common/mask.ts';
import type { MeasurementInput } from '../../../electron/study/measurements.ts';
import { animatedGif, pagedTiff } from '../../files/animated-pictures.ts';
import { openApp } from '../../support/apps.ts';
import { annotatedApp, exported, otherApp, save } from '../../support/exchange.ts';

const points = [
  { x: 1.5, y: 2 },
  { x: 9, y: 6.25 },
];

function measure({ context: { store } }: App, input: Pick<MeasurementInput, 'frameId' | 'labelId'>) {
  return store.saveMeasurement({ ...input, kind: 'length', points, trackingUID: null, parentId: null });
}

const measured = ({ context: { store } }: App) =>
  store.listMeasurements().map(({ frameId, labelId, trackingUID }) => ({
    frameNumber: store.frameContext(frameId).frame.frameNumber,
    fileName: store.frameContext(frameId).instance.fileName,
    label: labelId === null ? null : store.label(labelId).name,
    trackingUID,
  }));

/** Two films of three frames of 24×16 pixels. */
async function appWithFilms(): Promise<App> {
  const app = await openApp();
  await app.send('study:import', {
    files: [
      { name: 'films/loop.gif', bytes: await animatedGif([200, 40, 120], [50, 50, 50]) },
      { name: 'films/sweep.tif', bytes: await pagedTiff([30, 60, 90]) },
    ],
  });
  return app;
}

/** An app in which a lesion is measured and nowhere drawn. */
async function appWithMeasuredLesion(): Promise<App> {
  const app = await annotatedApp();
  const lesion = await app.send('label:add', { name: 'Lesion: left', position: 'breast', type: 'tumor' });
  measure(app, { frameId: app.context.store.listFrameRecords()[0].id, labelId: lesion.id });
  return app;
}

describe('what was measured by hand', () => {
  it('comes with a DICOM report into another workspace, once, and stays away where it was taken away', async () => {
    const [from, to] = [await annotatedApp(), await otherApp()];
    const [, second] = from.context.store.listFrameRecords();
    const [label] = from.context.store.listLabels();
    const length = {
      frameId: second.id,
      labelId: label.id,
      kind: 'length',
      points,
      trackingUID: null,
      parentId: null,
    } as const;
    const made = from.context.store.saveMeasurement(length);
    const corner = { ...length, labelId: null, kind: 'angle', points: [...points, { x: 3, y: 7 }] } as const;
    from.context.store.saveMeasurement(corner);
    const folder = await exported(from, 'sr');
    const { remarks } = await to.send('annotation:import', { folder });
    expect(remarks).toContain('2 measurements by hand came with them.');
    const found = to.context.store.listMeasurements();
    expect(found.map(({ kind, points: drawn }) => [kind, drawn])).toEqual([
      ['length', points],
      ['angle', corner.points],
    ]);
    expect(found[0]).toMatchObject({ trackingUID: made.trackingUID, reader: made.reader });
    expect(found.map(({ labelId }) => labelId)).toEqual([to.context.store.listLabels()[0].id, null]);
    to.context.store.removeMeasurement(found[0].trackingUID, found[0].id);
    expect((await to.send('annotation:import', { folder })).remarks).toEqual([]);
    expect(to.context.store.listMeasurements()).toHaveLength(1);
  });

  it('comes back to its frame of a film, with a mask and without', async () => {
    const [from, to] = [await appWithFilms(), await appWithFilms()];
    const { id: labelId } = await from.send('label:add', { name: 'Lesion', position: 'breast', type: 'tumor' });
    const frames = from.context.store.listFrameRecords();
    expect(frames.map(({ frameNumber }) => frameNumber)).toEqual([1, 2, 3, 1, 2, 3]);
    const mask = createMask(24, 16);
    mask.data.fill(1, 30, 40);
    await save(from, frames[1].id, labelId, encodeMask(mask), 'accepted');
    for (const index of [1, 2, 5]) measure(from, { frameId: frames[index].id, labelId });
    const { added, remarks } = await to.send('annotation:import', { folder: await exported(from, 'sr') });
    expect({ added, remarks }).toEqual({ added: 1, remarks: ['3 measurements by hand came with them.'] });
    expect(measured(to)).toEqual(measured(from));
    expect(measured(to).map(({ frameNumber, label }) => [frameNumber, label])).toEqual([
      [2, 'Lesion'],
      [3, 'Lesion'],
      [3, 'Lesion'],
    ]);
  });

  it('brings its label along where that is not here yet', async () => {
    const [from, to] = [await appWithMeasuredLesion(), await otherApp()];
    const { labels } = await to.send('annotation:import', { folder: await exported(from, 'sr') });
    expect(labels).toEqual(['Median nerve', 'Lesion: left']);
    expect(measured(to)).toEqual(measured(from));
    expect(to.context.store.findLabelByName('Lesion: left')).toMatchObject({ position: 'breast', type: 'tumor' });
  });

  it('brings no label along where it is here already, or cannot be added', async () => {
    const [from, to] = [await appWithMeasuredLesion(), await otherApp()];
    const folder = await exported(from, 'sr');
    await to.send('annotation:import', { folder });
    const { id } = to.context.store.findLabelByName('Lesion: left')!;
    await to.send('label:update', { labelId: id, name: 'Cyst' });
    expect(await to.send('annotation:import', { folder })).toMatchObject({ labels: [], remarks: [] });
    expect(measured(to)).toMatchObject([{ label: 'Cyst' }]);

    const elsewhere = await openApp();
    const { labels, remarks } = await elsewhere.send('annotation:import', { folder });
    expect(labels).toEqual([]);
    expect(remarks).toEqual([expect.stringContaining('has no frame in this workspace')]);
    expect(elsewhere.context.store.listLabels()).toEqual([]);
  });

  it('is found by its report alone where the record of the export says nothing of it', async () => {
    const [from, to] = [await appWithMeasuredLesion(), await otherApp()];
    const folder = await exported(from, 'sr');
    const path = join(folder, 'sonosync-export.json');
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), measurements: undefined }));
    expect(await to.send('annotation:import', { folder })).toMatchObject({ labels: ['Median nerve', 'Lesion: left'] });
    expect(measured(to)).toEqual(measured(from));
  });
});
