import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeMask } from '../../../electron/common/mask.ts';
import { exportFormats } from '../../../electron/export/registry.ts';
import { formatCsv, parseCsv } from '../../../electron/files/csv.ts';
import { importPictures, openApp } from '../../support/apps.ts';
import { annotatedApp, exported, latest, otherApp, save, shades } from '../../support/exchange.ts';
import { frameHeight, frameWidth, maskOf, pngFile, temporaryFolder, thrownBy } from '../../support/workspaces.ts';

/** Changes the mask of the first annotation in a CSV export. */
async function editCsv(folder: string, pixels: number): Promise<void> {
  const path = join(folder, 'masks.csv');
  const rows = parseCsv(await readFile(path, 'utf8'), path);
  rows[0]['runs'] = `0 ${pixels} ${frameWidth * frameHeight - pixels}`;
  await writeFile(
    path,
    formatCsv(
      Object.keys(rows[0]),
      rows.map((row) => Object.values(row)),
    ),
  );
}

describe.each(exportFormats.map(({ id }) => id))('annotations from an export as %s', (format) => {
  it('come into another workspace with the same images, and once only', async () => {
    const [from, to] = [await annotatedApp(), await otherApp()];
    const folder = await exported(from, format);
    const first = await to.send('annotation:import', { folder });
    const written = latest(from);
    // Formats without a word for absence leave it out.
    const carried = written.slice(0, first.added);
    expect(first).toMatchObject({ updated: 0, unchanged: 0, conflicts: 0, unmatched: [], labels: ['Median nerve'] });
    expect(first.added).toBeGreaterThanOrEqual(2);
    expect(
      latest(to).map(({ id, trackingUID, mask, reviewState, reader, createdAt }) => ({
        id,
        trackingUID,
        mask,
        reviewState,
        reader,
        createdAt,
      })),
    ).toEqual(
      carried.map(({ id, trackingUID, mask, reviewState, reader, createdAt }) => ({
        id,
        trackingUID,
        mask,
        reviewState,
        reader,
        createdAt,
      })),
    );
    expect(await to.send('annotation:import', { folder })).toMatchObject({
      added: 0,
      updated: 0,
      unchanged: first.added,
      conflicts: 0,
      labels: [],
    });
    expect((await to.send('label:list', {}))[0]).toMatchObject({
      name: 'Median nerve',
      position: 'leg',
      type: 'organ',
    });
  });
});

describe('an annotation that is here already', () => {
  it('is followed by a newer revision from elsewhere, and not by an older one', async () => {
    const [here, there] = [await annotatedApp(), await otherApp()];
    const old = await exported(here, 'coco');
    await there.send('annotation:import', { folder: old });
    const [first] = latest(there);
    await save(there, first.frameId, first.labelId, maskOf(7), 'accepted');
    const newer = latest(there)[0];
    expect(await here.send('annotation:import', { folder: await exported(there, 'coco') })).toMatchObject({
      added: 0, updated: 1, unchanged: 2, conflicts: 0,
    }); // prettier-ignore
    expect(latest(here)[0]).toMatchObject({ id: newer.id, trackingUID: first.trackingUID, mask: maskOf(7) });
    // What was exported before changes nothing now.
    expect(await here.send('annotation:import', { folder: old })).toMatchObject({
      updated: 0,
      unchanged: 3,
      conflicts: 0,
    });
    expect(latest(here)[0].mask).toEqual(maskOf(7));
  });

  it('is accepted where somebody accepted it as it is elsewhere', async () => {
    const [here, there] = [await openApp(), await openApp()];
    const [[frameId], _frames] = [
      await importPictures(here, 'one', shades),
      await importPictures(there, 'one', shades),
    ];
    const { id: labelId } = await here.send('label:add', { name: 'Median nerve', position: 'leg', type: 'organ' });
    await save(here, frameId, labelId, maskOf(5), 'edited');
    const folder = join(temporaryFolder(), 'out');
    await here.send('export:run', { format: 'coco', folder, includeEdited: true });
    await there.send('annotation:import', { folder });
    const [edited] = latest(there);
    expect(edited.reviewState).toBe('edited');
    await save(there, edited.frameId, edited.labelId, edited.mask, 'accepted');
    const accepted = await exported(there, 'coco');
    expect(await here.send('annotation:import', { folder: accepted })).toMatchObject({ updated: 1, conflicts: 0 });
    expect(latest(here)).toMatchObject([{ id: latest(there)[0].id, reviewState: 'accepted', mask: maskOf(5) }]);
    expect(await here.send('annotation:import', { folder: accepted })).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await here.send('annotation:import', { folder })).toMatchObject({ updated: 0, unchanged: 1 });
  });

  it('belongs to the label of its name, however the name is written', async () => {
    const [from, to] = [await annotatedApp(), await otherApp()];
    const written = 'Nervus Medianus (Übergang)';
    await from.send('label:update', { labelId: latest(from)[0].labelId, name: written });
    const label = await to.send('label:add', { name: written, position: 'leg', type: 'organ' });
    const folder = await exported(from, 'csv');
    const path = join(folder, 'masks.csv');
    const other = written.normalize('NFD').replace(' ', '  ').toUpperCase();
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll(written, other));
    expect(await to.send('annotation:import', { folder })).toMatchObject({ added: 3, labels: [], unmatched: [] });
    expect(new Set(latest(to).map(({ labelId }) => labelId))).toEqual(new Set([label.id]));
  });

  it('is not asked about what a later export in the same folder holds', async () => {
    const app = await annotatedApp();
    const folder = await exported(app, 'labelme');
    const [first] = latest(app);
    await save(app, first.frameId, first.labelId, maskOf(7), 'accepted');
    await app.send('export:run', { format: 'labelme', folder });
    expect(await readdir(folder)).toContain('export-2');
    expect(await app.send('annotation:import', { folder })).toMatchObject({ unchanged: 3, updated: 0, conflicts: 0 });
  });

  it('is followed by a mask that was edited in the files', async () => {
    const app = await annotatedApp();
    const folder = await exported(app, 'csv');
    await editCsv(folder, 9);
    const [before] = latest(app);
    expect(await app.send('annotation:import', { folder, reader: 'B. Other' })).toMatchObject({
      updated: 1,
      unchanged: 2,
    });
    expect(latest(app)[0]).toMatchObject({
      parentId: before.id,
      mask: maskOf(9),
      reader: 'B. Other',
      gesture: 'import',
    });
    expect(await app.send('annotation:import', { folder })).toMatchObject({ updated: 0, unchanged: 3 });
  });

  it('waits for a decision where both sides changed, and is as it was until then', async () => {
    const app = await annotatedApp();
    const folder = await exported(app, 'csv');
    await editCsv(folder, 9);
    const [before] = latest(app);
    await save(app, before.frameId, before.labelId, maskOf(11), 'accepted');
    expect(await app.send('annotation:import', { folder })).toMatchObject({ updated: 0, unchanged: 2, conflicts: 1 });
    // The same files again do not make it two.
    await app.send('annotation:import', { folder });
    const [conflict, ...others] = await app.send('conflict:list', {});
    expect(others).toEqual([]);
    expect(conflict).toMatchObject({ label: 'Median nerve', reader: 'CSV measurements import', ours: maskOf(11), theirs: maskOf(9), iou: 9 / 11 }); // prettier-ignore
    expect(latest(app)[0].mask).toEqual(maskOf(11));

    const { revisionId } = await app.send('conflict:decide', { conflictId: conflict.id, take: 'theirs' });
    expect(latest(app)[0]).toMatchObject({ id: revisionId, mask: maskOf(9) });
    expect(await app.send('conflict:list', {})).toEqual([]);
    const again = () => app.send('conflict:decide', { conflictId: conflict.id, take: 'ours' });
    expect(await thrownBy(again)).toMatchObject({ code: 'conflict' });
  });

  it('stays where ours is taken, and is not asked about again until it changes', async () => {
    const app = await annotatedApp();
    const folder = await exported(app, 'csv');
    await editCsv(folder, 9);
    const [before] = latest(app);
    await save(app, before.frameId, before.labelId, maskOf(11), 'accepted');
    await app.send('annotation:import', { folder });
    const [{ id: conflictId }] = await app.send('conflict:list', {});
    expect(await app.send('conflict:decide', { conflictId, take: 'ours' })).toEqual({ revisionId: null });
    expect(latest(app)[0].mask).toEqual(maskOf(11));
    expect(await app.send('annotation:import', { folder })).toMatchObject({ unchanged: 3, conflicts: 0 });
    await save(app, before.frameId, before.labelId, maskOf(12), 'accepted');
    expect(await app.send('annotation:import', { folder })).toMatchObject({ conflicts: 1 });
  });

  it('is a conflict when two workspaces went on from one revision', async () => {
    const [here, there] = [await annotatedApp(), await otherApp()];
    await there.send('annotation:import', { folder: await exported(here, 'png') });
    const [first] = latest(there);
    await save(there, first.frameId, first.labelId, maskOf(7), 'accepted');
    const [mine] = latest(here);
    await save(here, mine.frameId, mine.labelId, maskOf(8), 'accepted');
    expect(await here.send('annotation:import', { folder: await exported(there, 'png') })).toMatchObject({
      conflicts: 1,
      unchanged: 2,
    });
  });
});

describe('annotations of another program', () => {
  const coco = (image: string, width = frameWidth) => ({
    name: 'set/result.json',
    bytes: new TextEncoder().encode(
      JSON.stringify({
        images: [{ id: 1, file_name: image, width, height: frameHeight }],
        categories: [{ id: 1, name: 'cyst' }],
        annotations: [{ id: 1, image_id: 1, category_id: 1, segmentation: [[0, 0, 3, 0, 3, 1, 0, 1]] }],
      }),
    ),
  });

  it('are found by the content of the picture, else by its name, and have a reader of their own', async () => {
    const app = await otherApp();
    const picture = await pngFile('set/renamed.png', shades[1]);
    expect(await app.send('annotation:import', { files: [coco('renamed.png'), picture] })).toMatchObject({
      format: 'COCO', added: 1, labels: ['cyst'], unmatched: [],
    }); // prettier-ignore
    const [found] = latest(app);
    expect(found).toMatchObject({ reader: 'COCO import', segmentAlgorithmType: 'MANUAL', reviewState: 'accepted' });
    const { fileName } = app.context.store.frameContext(found.frameId).instance;
    expect(fileName).toBe(`one-${shades[1]}.png`);
    expect([...decodeMask(found.mask, frameWidth, frameHeight).data.subarray(0, 5)]).toEqual([1, 1, 1, 0, 0]);
    expect(await app.send('annotation:import', { files: [coco(`one-${shades[0]}.jpg`)] })).toMatchObject({ added: 1 });
  });

  it('may come in parts, as a browser hands them over', async () => {
    const app = await otherApp();
    const { name, bytes } = coco(`one-${shades[0]}.png`);
    const jobId = 'a-job';
    await app.send('import:stage', { jobId, parts: [{ name, start: 0, bytes: bytes.subarray(0, 40) }] });
    await app.send('import:stage', { jobId, parts: [{ name, start: 40, bytes: bytes.subarray(40) }] });
    expect(await app.send('annotation:import', { jobId })).toMatchObject({ format: 'COCO', added: 1 });
    expect(await thrownBy(() => app.send('annotation:import', { jobId }))).toMatchObject({ code: 'bad-input' });
  });

  it('that belong to no frame, or do not fit it, are listed with the reason', async () => {
    const app = await otherApp();
    expect(await app.send('annotation:import', { files: [coco('elsewhere.png')] })).toMatchObject({
      added: 0,
      labels: [],
      unmatched: [{ frame: 'elsewhere', label: 'cyst', reason: expect.stringContaining('No image') }],
    });
    const { unmatched } = await app.send('annotation:import', { files: [coco(`one-${shades[0]}.png`, 5)] });
    expect(unmatched).toMatchObject([{ reason: expect.stringContaining('5×8 pixels; the frame has 12×8') }]);
  });

  it('of a name that two images have are not guessed at', async () => {
    const app = await otherApp();
    const twin = await pngFile(`two/one-${shades[0]}.png`, 77);
    await app.send('study:import', { files: [twin] });
    const { unmatched } = await app.send('annotation:import', { files: [coco(`one-${shades[0]}.png`)] });
    expect(unmatched).toMatchObject([{ reason: expect.stringContaining('2 images') }]);
  });

  it('are refused where nothing is known, where an export was cut off, and where a name leads out of its folder', async () => {
    const app = await annotatedApp();
    const folder = temporaryFolder();
    await writeFile(join(folder, 'notes.txt'), 'nothing');
    expect(await thrownBy(() => app.send('annotation:import', { folder }))).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining(folder),
    });
    const cut = await exported(app, 'png');
    const manifest = join(cut, 'sonosync-export.json');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"complete"', '"writing"'));
    expect(await thrownBy(() => app.send('annotation:import', { folder: cut }))).toMatchObject({ code: 'corrupt' });
    const outside = { ...coco('a.png'), name: '../../outside.json' };
    expect(await thrownBy(() => app.send('annotation:import', { files: [outside] }))).toMatchObject({
      code: 'bad-input',
    });
    expect(await thrownBy(() => app.send('annotation:import', { folder: join(folder, 'none') }))).toMatchObject({
      code: 'not-found',
    });
  });

  it('of an export whose record is gone are read by what they are', async () => {
    const [from, to] = [await annotatedApp(), await otherApp()];
    for (const format of ['coco', 'labelme', 'voc', 'nifti', 'csv', 'png', 'png-indexed']) {
      const folder = await exported(from, format);
      await rm(join(folder, 'sonosync-export.json'));
      expect(await readdir(folder)).not.toEqual([]);
      const { added, unchanged, unmatched } = await to.send('annotation:import', { folder });
      expect({ format, count: added + unchanged, unmatched }).toEqual({ format, count: 3, unmatched: [] });
    }
    expect(latest(to).map(({ trackingUID }) => trackingUID)).toEqual(
      latest(from).map(({ trackingUID }) => trackingUID),
    );
  });
});
