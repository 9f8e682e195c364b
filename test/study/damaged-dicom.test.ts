import { beforeAll, describe, expect, it } from 'vitest';
import { encode, startEncoders } from '../dicom/encode-pixels.ts';
import { imageElements, writeDicom } from '../dicom/write-dicom.ts';
import { openStore } from '../support/workspaces.ts';

beforeAll(startEncoders);

const shape = { columns: 4, rows: 2, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8 } as const;
const whole = () => encode('encodeJpegLs', Uint8Array.of(0, 10, 20, 30, 200, 210, 220, 255), shape);
const damaged = () => whole().fill(0, 30);

function cine(fragments: readonly Uint8Array[]): Uint8Array {
  return writeDicom(
    imageElements(
      ['00280008', 'IS', String(fragments.length)],
      ['00181063', 'DS', '40'],
      ['7FE00010', 'OB', { fragments }],
    ),
    'jpegLs',
  );
}

describe('a cine whose last frames are damaged', () => {
  it('is imported up to them, with a warning for each', async () => {
    const store = openStore();
    const file = { name: 'cut.dcm', bytes: cine([whole(), whole(), damaged(), damaged()]) };
    const { skipped, frameCount, warnings } = await store.importFiles([file]);
    expect({ skipped, frameCount }).toEqual({ skipped: [], frameCount: 2 });
    expect(warnings.filter((warning) => warning.includes('It was left out.'))).toEqual([
      expect.stringContaining('cut.dcm: frame 4 is damaged or incomplete'),
      expect.stringContaining('cut.dcm: frame 3 is damaged or incomplete'),
    ]);
    const frames = store.listFrameRecords();
    const { instance } = store.frameContext(frames[1].id);
    expect(instance).toMatchObject({ frameCount: 2, frameDurationsMs: [40, 40] });
    expect((await store.framePicture(frames[1].id)).pixels[7]).toBe(255);
  });

  it('is refused by name where its first frame is damaged too, or where many are', async () => {
    const store = openStore();
    const files = [
      { name: 'first.dcm', bytes: cine([damaged(), whole()]) },
      { name: 'many.dcm', bytes: cine([whole(), ...Array.from({ length: 12 }, damaged)]) },
    ];
    const { skipped } = await store.importFiles(files);
    expect(skipped.map(({ path, code }) => [path, code])).toEqual([
      ['first.dcm', 'bad-input'],
      ['many.dcm', 'bad-input'],
    ]);
    expect(store.listFrameRecords()).toEqual([]);
  });
});
