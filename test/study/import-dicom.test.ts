import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../electron/files/image.ts';
import { contentHash, contentUID } from '../../electron/study/identifiers.ts';
import { openStore, temporaryFolder } from '../support/workspaces.ts';

const shared = resolve(process.env.SONOSYNC_DATA ?? '../shared/data', 'dicom');

function load(name: string): Uint8Array {
  return readFileSync(join(shared, name));
}

describe.skipIf(!existsSync(shared))('importing real DICOM files (skipped without the shared data)', () => {
  it('keeps every file of a folder, also where several have one SOPInstanceUID, and says so', async () => {
    const store = openStore();
    const names = readdirSync(shared).filter((name) => name.endsWith('.dcm'));
    const copies = join(temporaryFolder(), 'From the scanner');
    mkdirSync(copies);
    for (const name of names) writeFileSync(join(copies, name), load(name));
    const result = await store.importPaths([copies]);
    expect(result).toMatchObject({ skipped: [], unchanged: [] });
    expect(result.instanceIds).toHaveLength(names.length);
    const again = await store.importPaths([copies]);
    expect(again).toMatchObject({ frameCount: 0, skipped: [] });
    expect(again.unchanged).toHaveLength(names.length);

    const contexts = store.listFrameRecords().map((frame) => store.frameContext(frame.id));
    const big = contexts.find(({ instance }) => instance.fileName === 'OBXXXX1A_expb.dcm');
    const little = contexts.find(({ instance }) => instance.fileName === 'OBXXXX1A.dcm');
    expect(big?.study).toEqual(little?.study);
    expect(big?.series).toEqual(little?.series);
    const uids = [big, little].map((context) => context?.instance.sopInstanceUID);
    expect(new Set(uids).size).toBe(2);
    expect(uids).toContain('1.3.46.670589.14.1000.210.2.199999.20110525185628.1.0');
    const own = uids.find((uid) => uid?.startsWith('2.25.'));
    expect([
      contentUID(contentHash(load('OBXXXX1A_expb.dcm'))),
      contentUID(contentHash(load('OBXXXX1A.dcm'))),
    ]).toContain(own);
    expect(result.warnings.filter((warning) => warning.includes('has the same SOPInstanceUID'))).toHaveLength(3);
  });

  it('gives a cine one instance with all its frames, which decode to what they should be', async () => {
    const store = openStore();
    const { studyIds } = await store.importFile('cine.dcm', load('examples_ybr_color.dcm'));
    const frames = store.listFrames(studyIds[0]);
    expect(frames.map((frame) => frame.frameNumber)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(new Set(frames.map((frame) => frame.instanceId)).size).toBe(1);
    expect(store.study(studyIds[0]).patientKey).toMatch(/^[0-9a-f]{16}$/);
    const picture = await store.framePicture(frames[15].id);
    const expected = await decodeImage(load('expected/examples_ybr_color.dcm.f15.png'), 'f15.png');
    const furthest = picture.pixels.reduce((most, value, i) => Math.max(most, Math.abs(value - expected.pixels[i])), 0);
    expect(picture).toMatchObject({ width: 320, height: 240, channels: 3 });
    expect(furthest).toBeLessThanOrEqual(3);
    const { instance } = store.frameContext(frames[0].id);
    expect(store.frameOf(instance.sopInstanceUID, 30).id).toBe(frames[29].id);
    expect([...(await store.frameThumbnail(frames[29].id)).subarray(0, 2)]).toEqual([0xff, 0xd8]);
  });

  it('lists a file that was cut short by name and keeps nothing of it', async () => {
    const store = openStore();
    const bytes = load('JPGLosslessP14SV1_1s_1f_8b.dcm');
    const result = await store.importFile('cut.dcm', bytes.subarray(0, Math.floor(bytes.length / 2)));
    expect(result).toMatchObject({ studyIds: [], skipped: [{ path: 'cut.dcm', code: 'bad-input' }] });
    expect(result.skipped[0].reason).toContain('cut.dcm');
    expect(readdirSync(join(store.folder, 'objects'))).toEqual([]);
  });
});
