import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DicomDecoder, type DecoderOptions } from '../../electron/dicom/decoder.ts';
import { readDicom } from '../../electron/dicom/read-dicom.ts';
import { startEncoders } from './encode-pixels.ts';
import { pixelSamples } from './pixel-samples.ts';
import { imageElements, writeDicom, type TestElement } from './write-dicom.ts';

function startDecoder(options?: DecoderOptions): DicomDecoder {
  const decoder = new DicomDecoder(options);
  onTestFinished(() => decoder.close());
  return decoder;
}

function storeFile(bytes: Uint8Array): { path: string; hash: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sonosync-dicom-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'object');
  writeFileSync(path, bytes);
  return { path, hash: createHash('sha256').update(bytes).digest('hex') };
}

/** A cine whose frames differ in their first pixel. */
function cine(frames: number, columns = 4, rows = 2): Uint8Array {
  const pixels = new Uint8Array(frames * columns * rows);
  for (let index = 0; index < frames; index += 1) pixels[index * columns * rows] = index + 1;
  const size: TestElement[] = [
    ['00280008', 'IS', String(frames)],
    ['00280010', 'US', rows],
    ['00280011', 'US', columns],
  ];
  return writeDicom(imageElements(...size, ['7FE00010', 'OW', pixels]));
}

describe('the decoder', () => {
  it('gives what reading on this thread gives, from bytes and from a file of the store', async () => {
    const bytes = cine(3);
    const { frame, samples: _samples, ...header } = await readDicom(bytes, 'a.dcm');
    const decoder = startDecoder();
    for (const source of [bytes, storeFile(bytes)]) {
      const file = await decoder.open(source, 'a.dcm');
      expect(file).toMatchObject(header);
      for (const frameNumber of [1, 2, 3]) expect(await file.frame(frameNumber)).toEqual(await frame(frameNumber));
    }
  });

  it('shows files of every coding, and each frame again', async () => {
    await startEncoders();
    const decoder = startDecoder();
    for (const { name, bytes, shown, tolerance } of await pixelSamples()) {
      const file = await decoder.open(bytes, name);
      for (const frameNumber of [1, 2, 1]) {
        const { pixels } = await file.frame(frameNumber);
        const wanted = shown[frameNumber - 1];
        const worst = pixels.reduce((most, value, index) => Math.max(most, Math.abs(value - wanted[index])), 0);
        expect(worst, `${name}, frame ${frameNumber}`).toBeLessThanOrEqual(tolerance);
      }
    }
  });

  it('passes on what is wrong with a file, by its name', async () => {
    const decoder = startDecoder();
    await expect(decoder.open(Uint8Array.of(1, 2, 3), 'x.dcm')).rejects.toMatchObject({
      name: 'AppError',
      code: 'bad-input',
      message: expect.stringMatching(/^x\.dcm: expected a DICOM file/),
    });
    const file = await decoder.open(cine(2), 'cine.dcm');
    await expect(file.frame(3)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('cine.dcm'),
    });
    const stored = storeFile(cine(2));
    await expect(decoder.open({ ...stored, hash: stored.hash.replace(/^./, 'x') }, 'a')).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(stored.path),
    });
    await expect(decoder.open({ ...stored, path: `${stored.path}.gone` }, 'a')).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('answers many requests at once, over several threads and more files than it keeps parsed', async () => {
    const decoder = startDecoder({ threads: 2 });
    const files = await Promise.all(
      Array.from({ length: 6 }, (_, index) => decoder.open(cine(index + 1), `${index}.dcm`)),
    );
    const pictures = await Promise.all(
      files.flatMap((file) => Array.from({ length: file.frameCount }, (_, index) => file.frame(index + 1))),
    );
    expect(pictures.map(({ pixels }) => pixels[0])).toEqual([
      1, 1, 2, 1, 2, 3, 1, 2, 3, 4, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 6,
    ]);
  });

  it('ends a thread that is late, says which frame of which file, and goes on with a new one', async () => {
    const isLarge = (pixels: number) => pixels > 1_000_000;
    const decoder = startDecoder({ limitMs: (_, pixels) => (isLarge(pixels) ? 1 : 20_000) });
    const slow = await decoder.open(cine(2, 4000, 4000), 'slow.dcm');
    const quick = await decoder.open(cine(2), 'quick.dcm');
    const late = slow.frame(2);
    const next = quick.frame(2);
    await expect(late).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/^slow\.dcm: frame 2 cannot be decoded: it takes longer than/),
    });
    expect((await next).pixels[0]).toBe(2);
  });

  it('ends a thread that fills its memory, and goes on with a new one', async () => {
    // Items of no content take eight bytes in the file and much more as records.
    const items = new Uint8Array(8 * 600_000);
    for (let at = 0; at < items.length; at += 8) items.set([0xfe, 0xff, 0x00, 0xe0], at);
    const bomb = writeDicom(imageElements(['00186011', 'SQ', []], ['00186011', 'OB', items]));
    const patched = Buffer.from(bomb);
    patched.write('SQ', patched.indexOf(Buffer.of(0x18, 0x00, 0x11, 0x60)) + 4, 'latin1');
    const decoder = startDecoder({ limitMs: () => 60_000, heapLimitMb: 32 });
    await expect(decoder.open(patched, 'bomb.dcm')).rejects.toMatchObject({
      code: 'bad-input',
      message: 'bomb.dcm: it cannot be decoded: it takes more memory than it may.',
    });
    expect((await (await decoder.open(cine(1), 'a.dcm')).frame(1)).pixels[0]).toBe(1);
  });

  it('fails what waits when it is closed', async () => {
    const decoder = startDecoder({ threads: 1 });
    const file = await decoder.open(cine(2), 'a.dcm');
    const waiting = [file.frame(1), file.frame(2)].map((frame) => frame.catch((error: unknown) => String(error)));
    decoder.close();
    expect(await Promise.all(waiting)).toEqual([
      expect.stringContaining('a.dcm: frame 1 cannot be decoded: the decoder was closed.'),
      expect.stringContaining('a.dcm: frame 2 cannot be decoded: the decoder was closed.'),
    ]);
  });
});
