import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { contentHash } from '../../electron/study/identifiers.ts';
import type { Store } from '../../electron/study/store.ts';
import { imageElements, writeDicom } from '../dicom/write-dicom.ts';
import type { TestElement } from '../dicom/write-dicom.ts';
import { animatedGif, pagedTiff } from '../files/animated-pictures.ts';
import { makeVideo, rawFrames, videoSize, videoTools } from '../support/videos.ts';
import { openStore, pngFile, temporaryFolder } from '../support/workspaces.ts';

function objects(store: Store): string[] {
  return readdirSync(join(store.folder, 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

function only(store: Store) {
  const frames = store.listFrameRecords();
  return { frames, ...store.frameContext(frames[0].id) };
}

describe('pictures of several frames', () => {
  it('are one instance: the pages of a TIFF', async () => {
    const store = openStore();
    const bytes = await pagedTiff([30, 60, 90]);
    expect(await store.importFile('sweep.tif', bytes)).toMatchObject({ frameCount: 3, skipped: [] });
    const { frames, instance } = only(store);
    expect(instance).toMatchObject({ mediaType: 'image/tiff', frameCount: 3, photometricInterpretation: 'RGB' });
    expect((await store.framePicture(frames[2].id)).pixels[0]).toBe(90);
    expect(objects(store)).toEqual([contentHash(bytes)]);
  });

  it('are one instance: the frames of an animated GIF, with the time of each', async () => {
    const store = openStore();
    await store.importFile('loop.gif', await animatedGif([200, 40], [40, 250]));
    const { frames, instance } = only(store);
    expect(instance).toMatchObject({ frameDurationsMs: [40, 250], photometricInterpretation: 'MONOCHROME2' });
    expect((await store.framePicture(frames[1].id)).pixels[0]).toBe(40);
  });

  it('stand upright where a photograph was taken on its side', async () => {
    const store = openStore();
    const lying = await sharp({ create: { width: 40, height: 20, channels: 3, background: 'gray' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    await store.importFile('photo.jpg', lying);
    const { frames, instance } = only(store);
    expect([instance.width, instance.height]).toEqual([20, 40]);
    expect(await store.framePicture(frames[0].id)).toMatchObject({ width: 20, height: 40 });
  });
});

describe.skipIf(!videoTools)('videos (skipped where ffmpeg is not installed)', () => {
  it('give every frame exactly as it is decoded, again after a restart and without ffmpeg', async () => {
    const folder = temporaryFolder();
    const path = makeVideo(folder, 'cine.mp4', { frames: 12, codec: 'libx264' });
    const first = openStore();
    const decoded: (number | null)[] = [];
    const result = await first.importPaths([path], { onProgress: ({ frames }) => decoded.push(frames) });
    expect(decoded.filter((count) => count !== null)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect(result).toMatchObject({ frameCount: 12, skipped: [], warnings: [] });
    await first.close();
    const store = openStore(first.folder);
    const { frames, instance } = only(store);
    expect(instance).toMatchObject({
      mediaType: 'video/mp4',
      ...videoSize,
      frameCount: 12,
      transferSyntaxUID: null,
      photometricInterpretation: 'RGB',
      lossyImageCompression: true,
    });
    expect(instance.frameDurationsMs?.map(Math.round)).toEqual(Array.from({ length: 12 }, () => 100));
    const raw = rawFrames(path);
    const frameBytes = videoSize.width * videoSize.height * 3;
    for (const index of [11, 0, 6]) {
      const { pixels } = await store.framePicture(frames[index].id);
      expect(Buffer.from(pixels).equals(raw.subarray(index * frameBytes, (index + 1) * frameBytes))).toBe(true);
    }
    expect(new Set(objects(store))).toEqual(new Set([contentHash(readFileSync(path)), instance.framesHash]));
    expect(await store.importPaths([path])).toMatchObject({ frameCount: 0, addedInstanceIds: [] });
  });

  it('leave nothing where they are damaged, and the others come in', async () => {
    const folder = temporaryFolder();
    makeVideo(folder, 'a.avi', { frames: 3, codec: 'mjpeg' });
    truncateSync(makeVideo(folder, 'b.mp4', { frames: 30, codec: 'libx264' }), 1000);
    const store = openStore();
    const result = await store.importPaths([folder]);
    expect(result).toMatchObject({ frameCount: 3, skipped: [{ path: join(folder, 'b.mp4'), code: 'bad-input' }] });
    expect(objects(store)).toHaveLength(2);
  });

  it('leave nothing where they are cancelled', async () => {
    const path = makeVideo(temporaryFolder(), 'long.mp4', { frames: 600, codec: 'libx264' });
    const store = openStore();
    const controller = new AbortController();
    const cancelled = store.importPaths([path], {
      signal: controller.signal,
      // As soon as decoding may have begun.
      onProgress: ({ total, file }) => void (total === 1 && file && setTimeout(() => controller.abort(), 30)),
    });
    expect(await cancelled).toMatchObject({ cancelled: true, frameCount: 0 });
    expect(objects(store)).toEqual([]);
    expect(store.listStudies()).toEqual([]);
  });

  it('are refused with what to do where there is no ffmpeg, and so is a wrong place of it', async () => {
    const folder = temporaryFolder();
    const path = makeVideo(folder, 'cine.mp4', { frames: 2, codec: 'libx264' });
    const store = openStore();
    const searched = process.env.PATH;
    process.env.PATH = folder;
    try {
      const { skipped } = await store.importPaths([path]);
      expect(skipped).toMatchObject([
        { code: 'unsupported', reason: expect.stringContaining('needs the program ffmpeg') },
      ]);
    } finally {
      process.env.PATH = searched;
    }
    const { skipped } = await store.importPaths([path], { ffmpeg: folder });
    expect(skipped).toMatchObject([{ code: 'not-found', reason: expect.stringContaining(folder) }]);
    expect(objects(store)).toEqual([]);
  });
});

describe('a DICOMDIR', () => {
  const record = (fileId: string): readonly TestElement[] => [
    ['00041410', 'US', 0xffff],
    ['00041430', 'CS', 'IMAGE'],
    ['00041500', 'CS', fileId],
  ];

  function writeDisc(): string {
    const disc = temporaryFolder();
    // As copies of discs have it: names in small letters.
    mkdirSync(join(disc, 'dicom'));
    const files = ['im1', 'im2'].map(
      (name, index) => [name, ['00080018', 'UI', `1.2.3.${index + 1}`] as const] as const,
    );
    for (const [name, uid] of files) writeFileSync(join(disc, 'dicom', name), writeDicom(imageElements(uid)));
    writeFileSync(join(disc, 'beside.dcm'), writeDicom(imageElements(['00080018', 'UI', '1.2.3.9'])));
    const records = ['DICOM\\IM1', 'DICOM\\IM2', 'DICOM\\IM3'].map(record);
    writeFileSync(
      join(disc, 'DICOMDIR'),
      writeDicom([
        ['00020002', 'UI', '1.2.840.10008.1.3.10'],
        ['00041130', 'CS', 'DISC'],
        ['00041220', 'SQ', records],
      ]),
    );
    return disc;
  }

  it('stands for the images that it lists, and what is missing of them is said', async () => {
    const disc = writeDisc();
    const store = openStore();
    const result = await store.importPaths([join(disc, 'DICOMDIR')]);
    expect(result.addedInstanceIds).toHaveLength(2);
    expect(result.skipped).toMatchObject([{ path: join(disc, 'DICOM', 'IM3'), code: 'not-found', expected: false }]);
  });

  it('in a folder is an index beside its images', async () => {
    const disc = writeDisc();
    const store = openStore();
    const result = await store.importPaths([disc]);
    expect(result.addedInstanceIds).toHaveLength(3);
    expect(result.skipped.map(({ path, expected }) => [path, expected])).toEqual([
      [join(disc, 'DICOM', 'IM3'), false],
      [join(disc, 'DICOMDIR'), true],
    ]);
  });
});

describe('files that are no images', () => {
  it('are told apart: reports and indexes of DICOM are expected, chosen ones are not', async () => {
    const folder = temporaryFolder();
    const report = join(folder, 'SR1');
    writeFileSync(
      report,
      writeDicom([
        ['00020002', 'UI', '1.2.840.10008.5.1.4.1.1.88.33'],
        ['00080016', 'UI', '1.2.3'],
      ]),
    );
    writeFileSync(join(folder, 'exam.zip'), 'PK\u0003\u0004');
    writeFileSync(join(folder, 'a.png'), (await pngFile('', 1)).bytes);
    const store = openStore();
    const { skipped, frameCount } = await store.importPaths([folder]);
    expect(frameCount).toBe(1);
    expect(skipped.map(({ path, reason, expected }) => [path, reason, expected])).toEqual([
      [join(folder, 'exam.zip'), expect.stringContaining('unpack an archive and import its folder'), true],
      [report, `${report} is a structured report, not an image.`, true],
    ]);
    const chosen = await store.importPaths([join(folder, 'exam.zip')]);
    expect(chosen.skipped).toMatchObject([{ expected: false }]);
  });
});

describe('one DICOM object in two files', () => {
  it('is one instance where only the heads differ, as of a disc and of a scanner', async () => {
    const store = openStore();
    const bytes = writeDicom(imageElements(['00080018', 'UI', '1.2.3.4']));
    const first = await store.importFile('disc.dcm', bytes);
    const received = bytes.slice();
    received.set(Buffer.from('written by another program'), 0); // in the preamble, which is anybody's
    expect(contentHash(received)).not.toBe(contentHash(bytes));
    const again = await store.importFile('received.dcm', received);
    expect(again).toMatchObject({ addedInstanceIds: [], instanceIds: first.instanceIds, unchanged: ['received.dcm'] });
    expect(objects(store)).toEqual([contentHash(bytes)]);
    // Other pixels under the UID are another object.
    const other = received.slice();
    other[other.length - 1] ^= 1;
    expect((await store.importFile('other.dcm', other)).addedInstanceIds).toHaveLength(1);
    expect(store.listFrameRecords()).toHaveLength(2);
  });
});
