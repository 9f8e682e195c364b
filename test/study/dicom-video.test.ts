import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { colorElements, writeDicom, type Syntax, type TestElement } from '../dicom/write-dicom.ts';
import { makeVideo, rawFrames, videoSize, videoTools } from '../support/videos.ts';
import { openStore, temporaryFolder } from '../support/workspaces.ts';

const frameCount = 6;

function wrap(stream: Uint8Array, syntax: Syntax, ...changes: readonly TestElement[]): Uint8Array {
  // A stream of odd length is padded, and may come in two fragments.
  const half = Math.floor(stream.length / 4) * 2;
  const fragments = [stream.subarray(0, half), stream.subarray(half)];
  return writeDicom(
    colorElements(
      'YBR_PARTIAL_420',
      ['00280008', 'IS', String(frameCount)],
      ['00280010', 'US', videoSize.height],
      ['00280011', 'US', videoSize.width],
      ['00181063', 'DS', '100'],
      ['7FE00010', 'OB', { fragments }],
      ...changes,
    ),
    syntax,
  );
}

describe.skipIf(!videoTools)('a DICOM file that holds a video (skipped where ffmpeg is not installed)', () => {
  it.each([
    ['mpeg4', 'cine.mp4', 'libx264'],
    ['mpeg4', 'cine.ts', 'libx264'],
    ['mpeg4', 'cine.h264', 'libx264'],
    ['mpeg2', 'cine.m2v', 'mpeg2video'],
    ['mpeg2', 'cine.ts', 'mpeg2video'],
  ] as const)('of syntax %s, packed as %s, shows its frames', async (syntax, name, codec) => {
    const path = makeVideo(temporaryFolder(), name, { frames: frameCount, codec });
    const store = openStore();
    const file = { name: 'video.dcm', bytes: wrap(readFileSync(path), syntax) };
    const { skipped, studyIds } = await store.importFiles([file]);
    expect(skipped).toEqual([]);
    const frames = store.listFrames(studyIds[0]);
    expect(frames).toHaveLength(frameCount);
    const { instance, study } = store.frameContext(frames[0].id);
    expect(study.studyInstanceUID).toBe('1.2.3');
    expect(instance).toMatchObject({
      ...videoSize,
      mediaType: 'application/dicom',
      lossyImageCompression: true,
      frameDurationsMs: Array.from({ length: frameCount }, () => 100),
    });
    const wanted = rawFrames(path);
    const frameBytes = videoSize.width * videoSize.height * 3;
    for (const index of [0, frameCount - 1]) {
      const { pixels } = await store.framePicture(frames[index].id);
      expect(wanted.subarray(index * frameBytes, (index + 1) * frameBytes).equals(pixels)).toBe(true);
    }
  });

  it('says where its header and its video differ, and is refused by name where there is no video in it', async () => {
    const video = makeVideo(temporaryFolder(), 'cine.mp4', { frames: frameCount, codec: 'libx264' });
    const store = openStore();
    const other = wrap(readFileSync(video), 'mpeg4', ['00280008', 'IS', '9'], ['00280010', 'US', 99]);
    const result = await store.importFiles([
      { name: 'other.dcm', bytes: other },
      { name: 'rubbish.dcm', bytes: wrap(Buffer.alloc(5000, 7), 'mpeg4') },
      { name: 'empty.dcm', bytes: wrap(new Uint8Array(0), 'mpeg4') },
    ]);
    expect(result.warnings.filter((warning) => warning.includes('the video has'))).toEqual([
      expect.stringContaining(`Rows is 99; the video has ${videoSize.height}.`),
      expect.stringContaining(`NumberOfFrames is 9; the video has ${frameCount}.`),
    ]);
    expect(result.skipped.map(({ path, code }) => [path, code])).toEqual([
      ['rubbish.dcm', 'bad-input'],
      ['empty.dcm', 'bad-input'],
    ]);
    for (const { path, reason } of result.skipped) expect(reason).toContain(path);
    expect(store.listFrameRecords()).toHaveLength(frameCount);
  });

  it('leaves nothing behind but its frames', async () => {
    const path = makeVideo(temporaryFolder(), 'cine.mp4', { frames: frameCount, codec: 'libx264' });
    const store = openStore();
    await store.importFiles([{ name: 'video.dcm', bytes: wrap(readFileSync(path), 'mpeg4') }]);
    const objects = execFileSync('find', [join(store.folder, 'objects'), '-type', 'f'], { encoding: 'utf8' });
    expect(objects.trim().split('\n')).toHaveLength(2);
  });
});
