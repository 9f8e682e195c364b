import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Picture } from '../../electron/common/picture.ts';
import { sniffMediaType } from '../../electron/files/media-type.ts';
import { decodeVideo, findVideoTools } from '../../electron/files/video.ts';
import { makeVideo, rawFrames, videoSize, videoTools } from '../support/videos.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sonosync-video-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function decode(path: string, signal?: AbortSignal) {
  const mediaType = sniffMediaType(readFileSync(path));
  if (!videoTools || !mediaType) throw new Error('The test has no video.');
  const frames: Picture[] = [];
  const file = { path, fileName: 'cine', mediaType };
  const video = await decodeVideo(videoTools, file, async (frame) => void frames.push(frame), signal);
  return { video, frames };
}

describe.skipIf(!videoTools)('videos (skipped where ffmpeg is not installed)', () => {
  it.each([
    ['cine.mp4', 'libx264', 'video/mp4'],
    ['cine.mov', 'mjpeg', 'video/quicktime'],
    ['cine.avi', 'mjpeg', 'video/x-msvideo'],
  ])('%s are decoded frame by frame, as ffmpeg shows them', async (name, codec, mediaType) => {
    const path = makeVideo(temporaryFolder(), name, { frames: 7, codec });
    expect(sniffMediaType(readFileSync(path))).toBe(mediaType);
    const { video, frames } = await decode(path);
    expect(video).toMatchObject({ ...videoSize, frameCount: 7, pixelAspectRatio: 1, grey: false, warnings: [] });
    expect(video.frameDurationsMs?.map(Math.round)).toEqual(Array.from({ length: 7 }, () => 100));
    expect(Buffer.concat(frames.map((frame) => frame.pixels)).equals(rawFrames(path))).toBe(true);
  });

  it('without colour have one channel', async () => {
    const path = makeVideo(temporaryFolder(), 'grey.mp4', { frames: 3, codec: 'libx264', grey: true });
    const { video, frames } = await decode(path);
    expect(video.grey).toBe(true);
    expect(frames.map((frame) => frame.channels)).toEqual([1, 1, 1]);
    const colored = rawFrames(path);
    expect([...frames[1].pixels.subarray(0, 40)]).toEqual(
      Array.from({ length: 40 }, (_, index) => colored[(videoSize.width * videoSize.height + index) * 3]),
    );
  });

  it('that are cut or no video at all are refused by name', async () => {
    const folder = temporaryFolder();
    const path = makeVideo(folder, 'cut.mp4', { frames: 20, codec: 'libx264' });
    truncateSync(path, 900);
    await expect(decode(path)).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('cine') });
    const empty = join(folder, 'empty.mp4');
    writeFileSync(empty, Buffer.concat([Buffer.from([0, 0, 0, 16]), Buffer.from('ftypisom0000')]));
    const error = await decode(empty).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'bad-input' });
    expect(String(error)).not.toContain(folder);
  });

  it('stop when they are cancelled', async () => {
    const path = makeVideo(temporaryFolder(), 'long.mp4', { frames: 200, codec: 'libx264' });
    const controller = new AbortController();
    const decoded = videoTools
      ? decodeVideo(
          videoTools,
          { path, fileName: 'long.mp4', mediaType: 'video/mp4' },
          async () => controller.abort(),
          controller.signal,
        )
      : null;
    await expect(decoded).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('looking for ffmpeg', () => {
  it('names a place that the settings give and that does not hold it', async () => {
    const folder = temporaryFolder();
    await expect(findVideoTools(folder)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(folder),
    });
  });
});
