import { createHash } from 'node:crypto';
import { mkdtempSync, openSync, closeSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { DicomDecoder, type DecodedFile } from '../../electron/dicom/decoder.ts';
import { readDicom, type ParsedDicom } from '../../electron/dicom/read-dicom.ts';
import { imageElements, writeDicom, type TestElement } from './write-dicom.ts';

const [columns, rows, frames] = [1024, 768, 44];
const frameBytes = columns * rows;
const pixels = new Uint8Array(frames * frameBytes);
for (let i = 0; i < pixels.length; i += 1) pixels[i] = (i * 31 + (i >> 9)) & 255;

/** An uncompressed cine of 35 MB, with padding behind its samples. */
function cine(...changes: TestElement[]): Uint8Array {
  const size: TestElement[] = [
    ['00280008', 'IS', String(frames)],
    ['00280010', 'US', rows],
    ['00280011', 'US', columns],
  ];
  const behind: TestElement = ['FFFCFFFC', 'OB', new Uint8Array(1000)];
  return writeDicom(imageElements(...size, ['7FE00010', 'OB', pixels], behind, ...changes));
}

let bytes: Uint8Array;
let parsed: ParsedDicom;
beforeAll(async () => {
  bytes = cine();
  parsed = await readDicom(bytes, 'cine.dcm');
});

function storeFile(content: Uint8Array): { path: string; hash: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sonosync-sparse-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'object');
  writeFileSync(path, content);
  return { path, hash: createHash('sha256').update(content).digest('hex') };
}

async function openStored(content: Uint8Array): Promise<{ file: DecodedFile; path: string }> {
  const decoder = new DicomDecoder();
  onTestFinished(() => decoder.close());
  const stored = storeFile(content);
  return { file: await decoder.open(stored, 'cine.dcm'), path: stored.path };
}

describe('a long uncompressed cine of the store', () => {
  it('is not held in memory, and shows the frames and says the things that it does when it is', async () => {
    const { file } = await openStored(bytes);
    expect(file.byteLength).toBeLessThan(bytes.length / 10);
    const { frame, samples, ...header } = parsed;
    expect(samples).toEqual({ offset: expect.any(Number), length: pixels.length });
    expect(file).toMatchObject(header);
    for (const frameNumber of [1, 2, 23, frames, 1]) {
      const picture = await file.frame(frameNumber);
      const wanted = await frame(frameNumber);
      expect(picture).toMatchObject({ width: columns, height: rows, channels: 1 });
      expect(Buffer.compare(picture.pixels, wanted.pixels)).toBe(0);
    }
    await expect(file.frame(frames + 1)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('that is damaged after it was opened says so where the damage is seen, and nothing wrong is shown', async () => {
    const { file, path } = await openStored(bytes);
    await file.frame(1);
    const handle = openSync(path, 'r+');
    writeSync(handle, Uint8Array.of(1, 2, 3, 4), 0, 4, parsed.samples!.offset + 22 * frameBytes + 5);
    closeSync(handle);
    await expect(file.frame(23)).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining(path) });
    expect((await file.frame(2)).pixels[0]).toBe(pixels[frameBytes]);
    truncateSync(path, bytes.length / 2);
    await expect(file.frame(frames)).rejects.toMatchObject({ code: 'corrupt' });
    rmSync(path);
    await expect(file.frame(2)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is refused when its content is not what its name says', async () => {
    const decoder = new DicomDecoder();
    onTestFinished(() => decoder.close());
    const stored = storeFile(bytes);
    const renamed = { ...stored, hash: stored.hash.replace(/^./, 'x') };
    await expect(decoder.open(renamed, 'cine.dcm')).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('is held whole where it cannot be read in parts, with the same outcome', async () => {
    // A UID that is missing is made of all the bytes.
    const unnamed = cine(['00080018', 'UI', '']);
    const { file } = await openStored(unnamed);
    expect(file.byteLength).toBe(unnamed.length);
    expect(file.sopInstanceUID).toBe((await readDicom(unnamed, 'cine.dcm')).sopInstanceUID);
    // Cut short in its samples: what is whole is shown.
    const short = bytes.slice(0, bytes.length - 2 * frameBytes);
    const whole = await readDicom(short, 'cine.dcm').catch((error: unknown) => error);
    const cut = await openStored(short).then(
      ({ file: opened }) => opened,
      (error: unknown) => error,
    );
    if (whole instanceof Error) expect(cut).toMatchObject({ message: whole.message });
    else expect(cut).toMatchObject({ frameCount: (whole as ParsedDicom).frameCount });
  });
});
