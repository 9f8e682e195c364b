import { describe, expect, it } from 'vitest';
import { imageElements, writeDicom } from '../dicom/write-dicom.ts';
import { openStore } from '../support/workspaces.ts';

const [columns, rows, frameCount] = [64, 48, 60];

/** Every pixel of a frame has its number as level. */
function cine(): Uint8Array {
  const pixels = Uint8Array.from(
    { length: columns * rows * frameCount },
    (_, index) => 1 + Math.floor(index / (columns * rows)),
  );
  return writeDicom(
    imageElements(
      ['00280008', 'IS', String(frameCount)],
      ['00280010', 'US', rows],
      ['00280011', 'US', columns],
      ['7FE00010', 'OW', pixels],
    ),
  );
}

describe('the frames of a cine', () => {
  it('are each their own, played forward and back, jumped to, and asked for all at once', async () => {
    const store = openStore();
    await store.importFiles([{ name: 'cine.dcm', bytes: cine() }]);
    const frames = store.listFrameRecords();
    expect(frames).toHaveLength(frameCount);
    const levelOf = async (frameNumber: number) => {
      const picture = await store.framePicture(frames[frameNumber - 1].id);
      expect(picture).toMatchObject({ width: columns, height: rows, channels: 1 });
      expect(new Set(picture.pixels).size).toBe(1);
      return picture.pixels[0];
    };
    const forward = Array.from({ length: 20 }, (_, index) => index + 1);
    const walk = [...forward, 60, 59, 58, 57, 30, 31, 33, 35, 34, 1, 2, 60];
    for (const frameNumber of walk) expect(await levelOf(frameNumber)).toBe(frameNumber);
    const all = Array.from({ length: frameCount }, (_, index) => frameCount - index);
    expect(await Promise.all(all.map(levelOf))).toEqual(all);
  });
});
