// What is left of an import that did not come to its end: nothing of its pictures.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeDicom, colorElements } from '../dicom/write-dicom.ts';
import { contentHash } from '../../electron/study/identifiers.ts';
import type { NamedBytes, Store } from '../../electron/study/store.ts';
import { makeVideo, videoSize, videoTools } from '../support/videos.ts';
import { openStore, pngFile, temporaryFolder } from '../support/workspaces.ts';

const frames = 6;

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
}

function objectsOf({ folder }: Store): string[] {
  return filesIn(join(folder, 'objects'));
}

/** A video in a DICOM file; another `instance` is another file with the same frames. */
function dicomVideo(stream: Uint8Array, instance = 1): NamedBytes {
  const elements = colorElements(
    'YBR_PARTIAL_420',
    ['00080018', 'UI', `1.2.3.4.${instance}`],
    ['00280008', 'IS', String(frames)],
    ['00280010', 'US', videoSize.height],
    ['00280011', 'US', videoSize.width],
    ['00181063', 'DS', '100'],
    ['7FE00010', 'OB', { fragments: [stream] }],
  );
  return { name: `video-${instance}.dcm`, bytes: writeDicom(elements, 'mpeg4') };
}

function video(folder: string): NamedBytes {
  return { name: 'cine.mp4', bytes: readFileSync(makeVideo(folder, 'cine.mp4', { frames, codec: 'libx264' })) };
}

/** As on a disk that is full: no instance can be recorded until the returned function is called. */
function refuseInstances({ folder }: Store): () => void {
  const database = new DatabaseSync(join(folder, 'workspace.sqlite'));
  database.exec(`CREATE TRIGGER refuse BEFORE INSERT ON instances BEGIN SELECT RAISE(ABORT, 'refused'); END`);
  return () => {
    database.exec('DROP TRIGGER refuse');
    database.close();
  };
}

/** Kills a process at the moment when it has written the first object of a file; returns where its pictures may be left. */
async function killWhileImporting({ name, bytes }: NamedBytes): Promise<{ workspace: string; left: () => string[] }> {
  const folder = temporaryFolder();
  const [workspace, temporary] = [join(folder, 'workspace'), join(folder, 'temporary')];
  mkdirSync(temporary);
  writeFileSync(join(folder, name), bytes);
  const child = fork(join(import.meta.dirname, 'importing-process.ts'), [workspace, join(folder, name)], {
    env: { ...process.env, TMPDIR: temporary },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  child.kill('SIGKILL');
  await once(child, 'close');
  const isRecord = (path: string): boolean => path.startsWith(join('workspace', 'workspace.'));
  return { workspace, left: () => filesIn(folder).filter((path) => path !== name && !isRecord(path)) };
}

describe('a process that is killed while it imports', () => {
  it('leaves nothing of a picture when the workspace is opened again', async () => {
    const { workspace, left } = await killWhileImporting(await pngFile('a.png', 1));
    expect(left()).toHaveLength(1);
    openStore(workspace);
    expect(left()).toEqual([]);
  });

  it.skipIf(!videoTools)('leaves no frames and no stream of a video in a DICOM file', async () => {
    const { workspace, left } = await killWhileImporting(dicomVideo(video(temporaryFolder()).bytes));
    expect(left()).toHaveLength(2);
    openStore(workspace);
    expect(left()).toEqual([]);
  });
});

describe.skipIf(!videoTools)('a video that cannot be recorded (skipped where ffmpeg is not installed)', () => {
  it.each(['plain', 'dicom'])('leaves neither its file nor its frames, and can be imported later: %s', async (kind) => {
    const store = openStore();
    const plain = video(temporaryFolder());
    const file = kind === 'plain' ? plain : dicomVideo(plain.bytes);
    const allow = refuseInstances(store);
    const refused = await store.importFiles([file]);
    expect(refused.skipped.map(({ path }) => path)).toEqual([file.name]);
    expect(objectsOf(store)).toEqual([]);
    allow();
    expect(await store.importFiles([file])).toMatchObject({ skipped: [], frameCount: frames });
    expect(objectsOf(store)).toHaveLength(2);
  });

  it('leaves no frames where its file cannot be kept beside them', async () => {
    const store = openStore();
    const file = dicomVideo(video(temporaryFolder()).bytes);
    // In the way of its folder.
    const obstacle = join(store.folder, 'objects', contentHash(file.bytes).slice(0, 2));
    writeFileSync(obstacle, '');
    const refused = await store.importFiles([file]);
    expect(refused.skipped).toMatchObject([{ path: file.name, code: 'storage' }]);
    rmSync(obstacle);
    expect(objectsOf(store)).toEqual([]);
  });

  it('leaves the frames that another instance shows', async () => {
    const store = openStore();
    const { bytes } = video(temporaryFolder());
    await store.importFiles([dicomVideo(bytes, 1)]);
    const kept = objectsOf(store);
    expect(kept).toHaveLength(2);
    refuseInstances(store);
    const refused = await store.importFiles([dicomVideo(bytes, 2)]);
    expect(refused.skipped).toHaveLength(1);
    expect(objectsOf(store)).toEqual(kept);
    const [first] = store.listFrameRecords();
    expect(await store.framePicture(first.id)).toMatchObject(videoSize);
  });
});

it('a picture that cannot be recorded leaves no file', async () => {
  const store = openStore();
  refuseInstances(store);
  expect((await store.importFiles([await pngFile('a.png', 1)])).skipped).toHaveLength(1);
  expect(objectsOf(store)).toEqual([]);
});
