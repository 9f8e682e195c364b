import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentHash, contentUID } from '../../electron/study/identifiers.ts';
import { openStore, pngFile, temporaryFolder, thrownBy } from '../support/workspaces.ts';

function originals(folder: string): string[] {
  return readdirSync(join(folder, 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

describe('importing images', () => {
  it('keeps the original byte for byte under its hash, and reads the frame from it', async () => {
    const store = openStore();
    const file = await pngFile('scan.png', 7);
    const result = await store.importFile(file.name, file.bytes);
    expect(result).toMatchObject({ frameCount: 1, skipped: [], warnings: [] });
    const hash = contentHash(file.bytes);
    expect(readFileSync(join(store.folder, 'objects', hash.slice(0, 2), hash)).equals(file.bytes)).toBe(true);
    const [frame] = store.listFrameRecords(result.studyIds[0]);
    const { instance, series, study } = store.frameContext(frame.id);
    expect(instance).toMatchObject({ sopInstanceUID: contentUID(hash), mediaType: 'image/png', frameCount: 1 });
    expect(study).toMatchObject({ title: 'scan', patientKey: null, simulated: false });
    for (const uid of [instance.sopInstanceUID, series.seriesInstanceUID, study.studyInstanceUID]) {
      expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
    }
    expect(store.frameOf(instance.sopInstanceUID, 1)).toEqual(frame);
    expect((await store.framePicture(frame.id)).pixels[0]).toBe(7);
  });

  it('adds nothing for the same file again, whatever its name, and says so', async () => {
    const store = openStore();
    const file = await pngFile('scan.png', 7);
    const first = await store.importFile(file.name, file.bytes);
    const again = await store.importFile('copy.png', file.bytes);
    expect(again).toMatchObject({ studyIds: first.studyIds, addedInstanceIds: [], instanceIds: first.instanceIds });
    expect(again).toMatchObject({ frameCount: 0, unchanged: ['copy.png'] });
    expect(again.warnings).toEqual(['1 file is already in the workspace, nothing was added: copy.png.']);
    expect(store.listFrameRecords()).toHaveLength(1);
  });

  it('restores an original that was cut when the same file is imported again', async () => {
    const store = openStore();
    const file = await pngFile('scan.png', 7);
    const { studyIds } = await store.importFile(file.name, file.bytes);
    const hash = contentHash(file.bytes);
    const path = join(store.folder, 'objects', hash.slice(0, 2), hash);
    truncateSync(path, 20);
    await store.importFile(file.name, file.bytes);
    expect(readFileSync(path).equals(file.bytes)).toBe(true);
    expect(await store.framePicture(store.listFrames(studyIds[0])[0].id)).toMatchObject({ width: 12, height: 8 });
  });

  it('goes on after files that fail, and names each with its reason', async () => {
    const store = openStore();
    const good = await pngFile('good.png', 1);
    const { bytes } = await pngFile('cut.png', 2, 200, 200);
    const result = await store.importFiles([
      { name: 'notes.dcm', bytes: Buffer.from('These are notes.') },
      { name: 'cut.png', bytes: bytes.subarray(0, bytes.length - 30) },
      { name: 'empty.png', bytes: new Uint8Array() },
      good,
    ]);
    expect(result.instanceIds).toHaveLength(1);
    expect(result.skipped.map(({ path, code }) => [path, code])).toEqual([
      ['notes.dcm', 'bad-input'],
      ['empty.png', 'bad-input'],
      ['cut.png', 'bad-input'],
    ]);
    for (const { path, reason } of result.skipped) expect(reason).toContain(path);
    expect(originals(store.folder)).toEqual([contentHash(good.bytes)]);
  });

  it('makes one study of what is known to belong together', async () => {
    const store = openStore();
    const files = await Promise.all([pngFile('b_1.png', 1), pngFile('a_2.png', 2), pngFile('a_1.png', 3)]);
    const study = { title: 'Phantom', patientKey: 'phantom-1', position: 'breast', simulated: true } as const;
    const { studyIds } = await store.importFiles(files, { study });
    expect(studyIds).toHaveLength(1);
    expect(store.study(studyIds[0])).toMatchObject(study);
    const names = store.listFrames(studyIds[0]).map(({ id }) => store.frameContext(id).instance.fileName);
    expect(names).toEqual(['a_1.png', 'a_2.png', 'b_1.png']);
  });

  it('can be cancelled between two files and keeps those that are done', async () => {
    const store = openStore();
    const controller = new AbortController();
    const files = await Promise.all([1, 2, 3].map((shade) => pngFile(`f${shade}.png`, shade)));
    const onProgress = ({ done }: { done: number }) => done === 2 && controller.abort();
    const result = await store.importFiles(files, { signal: controller.signal, onProgress });
    expect(result).toMatchObject({ cancelled: true, frameCount: 2 });
    expect(store.listFrameRecords()).toHaveLength(2);
  });
});

describe('importing paths', () => {
  it('reads folders to any depth: one study each, frames in natural order, other files left out with a word', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'Left ovary', 'Later'), { recursive: true });
    for (const number of [10, 9, 1]) {
      writeFileSync(join(folder, 'Left ovary', `${number}.png`), (await pngFile('', number)).bytes);
    }
    writeFileSync(join(folder, 'Left ovary', 'Later', 'a.png'), (await pngFile('', 20)).bytes);
    writeFileSync(join(folder, 'Left ovary', 'Later', 'b.png'), (await pngFile('', 21)).bytes);
    writeFileSync(join(folder, 'Left ovary', 'report.txt'), 'Report');
    writeFileSync(join(folder, 'Left ovary', '.hidden.png'), 'Hidden');
    writeFileSync(join(folder, 'Left ovary', 'broken.png'), 'Not a picture');
    symlinkSync(folder, join(folder, 'Left ovary', 'circle'));
    const store = openStore();
    const result = await store.importPaths([join(folder, 'Left ovary')]);
    expect(result.frameCount).toBe(5);
    expect(result.skipped.map(({ path, reason, expected }) => [path, reason, expected])).toEqual([
      [join(folder, 'Left ovary', 'broken.png'), `${join(folder, 'Left ovary', 'broken.png')} is a text file.`, false],
      [join(folder, 'Left ovary', 'report.txt'), `${join(folder, 'Left ovary', 'report.txt')} is a text file.`, true],
    ]);
    expect(result.warnings).toEqual([]);
    expect(store.listStudies().map(({ title, frameCount }) => [title, frameCount])).toEqual([
      ['Left ovary', 3],
      ['Later', 2],
    ]);
    const [study] = store.listStudies();
    const frames = store.listFrames(study.id);
    expect(frames.map(({ id }) => store.frameContext(id).instance.fileName)).toEqual(['1.png', '9.png', '10.png']);
    expect(study.firstFrameId).toBe(frames[0].id);
  });

  it('adds files that came later to the study of their folder', async () => {
    const folder = join(temporaryFolder(), 'Exam');
    mkdirSync(folder);
    writeFileSync(join(folder, '2.png'), (await pngFile('', 2)).bytes);
    writeFileSync(join(folder, '3.png'), (await pngFile('', 3)).bytes);
    const store = openStore();
    await store.importPaths([folder]);
    writeFileSync(join(folder, '1.png'), (await pngFile('', 1)).bytes);
    expect(await store.importPaths([folder])).toMatchObject({ frameCount: 1, skipped: [] });
    expect(store.listStudies().map(({ title, frameCount }) => [title, frameCount])).toEqual([['Exam', 3]]);
  });

  it('keeps folders apart whose first picture is the same', async () => {
    const folder = temporaryFolder();
    for (const [name, own] of [
      ['Patient A', 2],
      ['Patient B', 3],
    ] as const) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, '1 cover.png'), (await pngFile('', 1)).bytes);
      writeFileSync(join(folder, name, '2.png'), (await pngFile('', own)).bytes);
    }
    const store = openStore();
    const result = await store.importPaths([join(folder, 'Patient A'), join(folder, 'Patient B')]);
    expect(result.unchanged).toEqual([join(folder, 'Patient B', '1 cover.png')]);
    expect(store.listStudies().map(({ title, frameCount }) => [title, frameCount])).toEqual([
      ['Patient A', 2],
      ['Patient B', 1],
    ]);
  });

  it('leaves a workspace in a folder alone, and says so', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'scan.png'), (await pngFile('', 1)).bytes);
    mkdirSync(join(folder, 'work', 'objects'), { recursive: true });
    writeFileSync(join(folder, 'work', 'workspace.sqlite'), '');
    writeFileSync(join(folder, 'work', 'objects', 'kept.png'), (await pngFile('', 2)).bytes);
    const result = await openStore().importPaths([folder]);
    expect(result.frameCount).toBe(1);
    expect(result.skipped).toMatchObject([{ reason: expect.stringContaining('is a workspace'), expected: true }]);
  });

  it('names a path that does not exist, and imports the others', async () => {
    const folder = temporaryFolder();
    const there = join(folder, 'a.png');
    writeFileSync(there, (await pngFile('', 1)).bytes);
    const store = openStore();
    const missing = join(folder, 'missing');
    expect(await store.importPaths([missing, there])).toMatchObject({
      frameCount: 1,
      skipped: [{ path: missing, code: 'not-found', reason: expect.stringContaining(missing) }],
    });
  });
});

describe('frame pixels', () => {
  it('come again from memory, with a thumbnail that outlives the store', async () => {
    const store = openStore();
    const file = await pngFile('scan.png', 7, 400, 300);
    const { studyIds } = await store.importFile(file.name, file.bytes);
    const [{ id }] = store.listFrames(studyIds[0]);
    const picture = await store.framePicture(id);
    const thumbnail = await store.frameThumbnail(id);
    expect([...thumbnail.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    rmSync(join(store.folder, 'objects'), { recursive: true });
    expect(await store.framePicture(id)).toBe(picture);
    await store.close();
    const reopened = openStore(store.folder);
    expect(Buffer.from(await reopened.frameThumbnail(id)).equals(thumbnail)).toBe(true);
    expect(await thrownBy(() => reopened.framePicture(id))).toMatchObject({ code: 'not-found' });
  });

  it('are refused when the original was changed', async () => {
    const store = openStore();
    const file = await pngFile('scan.png', 7);
    const { studyIds } = await store.importFile(file.name, file.bytes);
    const hash = contentHash(file.bytes);
    const path = join(store.folder, 'objects', hash.slice(0, 2), hash);
    const changed = readFileSync(path);
    changed[changed.length - 1] ^= 1;
    writeFileSync(path, changed);
    expect(await thrownBy(() => store.framePicture(store.listFrames(studyIds[0])[0].id))).toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(path),
    });
  });
});
