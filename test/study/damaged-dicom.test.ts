import { describe, expect, it } from 'vitest';
import { damagedCine } from '../support/damaged-cine.ts';
import { openStore } from '../support/workspaces.ts';

describe('a cine whose last frames are damaged', () => {
  it('is imported up to them, with a warning for each', async () => {
    const store = openStore();
    const file = await damagedCine('cut.dcm', 4, [3, 4]);
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
    const many = Array.from({ length: 12 }, (_, index) => index + 2);
    const { skipped } = await store.importFiles([
      await damagedCine('first.dcm', 2, [1]),
      await damagedCine('many.dcm', 13, many),
    ]);
    expect(skipped.map(({ path, code }) => [path, code])).toEqual([
      ['first.dcm', 'bad-input'],
      ['many.dcm', 'bad-input'],
    ]);
    expect(store.listFrameRecords()).toEqual([]);
  });
});
