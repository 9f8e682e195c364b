import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Revision } from '../../electron/common/study.ts';
import { encodePng } from '../../electron/files/image.ts';
import type { Store } from '../../electron/study/store.ts';
import { openStore, pngFile, thrownBy } from '../support/workspaces.ts';

const width = 320;
const height = 240;

function run(program: string, ...programArguments: string[]): boolean {
  return spawnSync(program, programArguments).status === 0;
}

/** Whether this user may mount a small disk of its own: asked by doing it. */
function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'sonosync-mount-'));
  const mounted = run('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder);
  if (mounted) run('umount', folder);
  rmSync(folder, { recursive: true });
  return mounted;
}

/** A disk of `size`, unmounted when the test is over. */
function mountDisk(size: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sonosync-disk-'));
  if (!run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder)) throw new Error('The disk was not mounted.');
  onTestFinished(() => {
    run('umount', '--lazy', folder);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Takes all of the disk's free space but `left` bytes; returns what gives it back. */
function fillDisk(disk: string, left: number): () => void {
  const { bavail, bsize } = statfsSync(disk);
  const file = join(disk, 'ballast');
  writeFileSync(file, new Uint8Array(Math.max(0, bavail * bsize - left)));
  return () => rmSync(file);
}

/** A mask whose bytes are many: every run is one pixel long. */
function busyMask(): Uint8Array {
  return new Uint8Array(width * height).fill(1);
}

async function setUp(disk: string) {
  const store = openStore(join(disk, 'workspace'));
  const file = await pngFile('frame.png', 1, width, height);
  await store.importFile(file.name, file.bytes);
  const label = store.addLabel({ name: 'Lesion', position: 'breast', type: 'tumor' });
  const [frame] = store.listFrameRecords();
  const save = (): Revision =>
    store.saveRevision({
      frameId: frame.id,
      labelId: label.id,
      parentId: store.latestRevision(frame.id, label.id)?.id ?? null,
      proposalId: null,
      reviewState: 'edited',
      segmentAlgorithmType: 'MANUAL',
      mask: busyMask(),
      gesture: 'brush',
    });
  const saved = () => store.listRevisions(frame.id, label.id).map((revision) => revision.id);
  return { store, label, save, saved };
}

async function reopenedIds(store: Store): Promise<string[]> {
  const [frame] = store.listFrameRecords();
  const [label] = store.listLabels();
  await store.close();
  return openStore(store.folder)
    .listRevisions(frame.id, label.id)
    .map((revision) => revision.id);
}

describe.skipIf(!canMount())('a disk that is full (needs root on Linux, to mount a small one)', () => {
  it('refuses a revision by name, loses none before it, and takes the next when there is space again', async () => {
    const disk = mountDisk('4m');
    const { store, save, saved } = await setUp(disk);
    const ids = [save().id, save().id];
    const free = fillDisk(disk, 256 * 1024);
    let failure: unknown = null;
    while (failure === null) {
      try {
        ids.push(save().id);
      } catch (error) {
        failure = error;
      }
    }
    expect(failure).toMatchObject({
      code: 'storage',
      message: expect.stringMatching(/workspace\.sqlite: the disk is full/),
    });
    expect(saved()).toEqual(ids);
    free();
    ids.push(save().id);
    expect(saved()).toEqual(ids);
    expect(await reopenedIds(store)).toEqual(ids);
  });

  it('refuses files and adapters by name, and keeps no part of them', async () => {
    const disk = mountDisk('4m');
    const { store, label, save, saved } = await setUp(disk);
    const ids = [save().id];
    const free = fillDisk(disk, 64 * 1024);
    const noise = { width: 400, height: 400, channels: 1, pixels: new Uint8Array(randomBytes(160_000)) } as const;
    const bytes = await encodePng(noise);
    const imported = await store.importFile('noise.png', bytes);
    expect(imported.skipped).toMatchObject([{ path: 'noise.png', code: 'storage' }]);
    expect(imported.skipped[0].reason).toContain(join(store.folder, 'objects'));
    const adapter = {
      labelId: label.id,
      modelHash: 'a'.repeat(64),
      prompts: { position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor' },
      trainRevisionIds: ids,
      validationRevisionIds: [],
      seed: 1,
      settings: {},
      metrics: { validationBefore: 0, validationAfter: 1, caution: null },
    } as const;
    expect(await thrownBy(() => store.saveAdapter(adapter, bytes))).toMatchObject({
      code: 'storage',
      message: expect.stringContaining(join(store.folder, 'adapters')),
    });
    expect(store.listAdapters(label.id)).toEqual([]);
    free();
    expect(await store.importFile('noise.png', bytes)).toMatchObject({ frameCount: 1, skipped: [] });
    expect(await store.saveAdapter(adapter, bytes)).toMatchObject(adapter);
    expect(saved()).toEqual(ids);
  });
});

describe.skipIf(!canMount())('a disk that became read-only (needs root on Linux)', () => {
  it('is refused by name when the workspace is opened, and everything is there when it can be written again', async () => {
    const disk = mountDisk('4m');
    const { store, label, save } = await setUp(disk);
    const ids = [save().id];
    const [frame] = store.listFrameRecords();
    await store.close();
    expect(run('mount', '-o', 'remount,ro', disk)).toBe(true);
    expect(await thrownBy(() => openStore(store.folder))).toMatchObject({
      code: 'storage',
      message: expect.stringContaining(store.folder),
    });
    expect(run('mount', '-o', 'remount,rw', disk)).toBe(true);
    const again = openStore(store.folder);
    expect(again.listRevisions(frame.id, label.id).map((revision) => revision.id)).toEqual(ids);
  });
});
