import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Picture } from '../../electron/common/picture.ts';
import { FrameFileWriter } from '../../electron/files/frame-file.ts';
import { openFrameFile, openPicture } from '../../electron/files/picture-file.ts';
import { animatedGif, pagedTiff } from './animated-pictures.ts';

describe('picture files of several frames', () => {
  it('are the pages of a TIFF', async () => {
    const file = await openPicture(await pagedTiff([30, 60, 90]), 'cine.tif');
    expect(file).toMatchObject({ frameCount: 3, frameDurationsMs: null, warnings: [] });
    for (const [index, red] of [30, 60, 90].entries()) {
      const { width, height, channels, pixels } = await file.frame(index + 1);
      expect([width, height, channels, ...pixels.subarray(0, 3)]).toEqual([24, 16, 3, red, 10, 20]);
    }
    await expect(file.frame(4)).rejects.toThrow(/cine\.tif has frames 1 to 3; there is no frame 4/);
  });

  it('leave out pages of another size, and say so', async () => {
    const file = await openPicture(await pagedTiff([30, 60, 90], 1), 'scan.tif');
    expect(file.frameCount).toBe(2);
    expect(file.warnings).toEqual(['1 of 3 pages have another size than the first; they were left out of the frames.']);
    expect((await file.frame(2)).pixels[0]).toBe(90);
  });

  it('are the frames of an animated GIF, each shown as long as the file says', async () => {
    const file = await openPicture(await animatedGif([200, 40, 120], [40, 250, 0]), 'loop.gif');
    expect(file).toMatchObject({ frameCount: 3, frameDurationsMs: [40, 250, 100] });
    for (const [index, shade] of [200, 40, 120].entries()) {
      const picture = await file.frame(index + 1);
      expect([picture.channels, picture.pixels[0]]).toEqual([1, shade]);
    }
  });

  it('are refused where the file is cut, and named', async () => {
    const bytes = await pagedTiff([30, 60, 90]);
    const read = async (length: number) => {
      const file = await openPicture(bytes.subarray(0, length), 'cut.tif');
      return file.frame(file.frameCount);
    };
    for (const length of [bytes.length - 8, bytes.length - 400]) {
      await expect(read(length)).rejects.toMatchObject({
        code: 'bad-input',
        message: expect.stringContaining('cut.tif'),
      });
    }
  });
});

describe('a file of decoded frames', () => {
  it('gives back every frame exactly, grey and colour, and is a TIFF that others read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sonosync-frames-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const frames = [1, 3, 3, 1].map((channels, seed): Picture => noise(channels as 1 | 3, seed));
    const chunks: Uint8Array[] = [];
    const writer = new FrameFileWriter(async (bytes) => void chunks.push(Uint8Array.from(bytes)));
    for (const frame of frames) await writer.add(frame);
    await writer.end();
    const path = join(folder, 'frames');
    writeFileSync(path, Buffer.concat(chunks));
    const file = openFrameFile(path, 'cine.mp4', frames.length);
    // Out of order, as a reader scrubs.
    for (const index of [2, 0, 3, 1]) expect(await file.frame(index + 1)).toEqual(frames[index]);
    const metadata = await sharp(path).metadata();
    expect(metadata).toMatchObject({ format: 'tiff', pages: 4, width: 37, height: 23 });
  });
});

function noise(channels: 1 | 3, seed: number): Picture {
  const pixels = Uint8Array.from({ length: 37 * 23 * channels }, (_, index) => (index * 7919 + seed * 104_729) % 251);
  return { width: 37, height: 23, channels, pixels };
}
