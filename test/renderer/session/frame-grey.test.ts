import { describe, expect, it } from 'vitest';
import { decodeImage, encodePng } from '../../../electron/files/image.ts';
import { GreyPicture } from '../../../renderer/editor/grey/grey-picture.ts';
import { FrameGrey } from '../../../renderer/session/frame-grey.ts';
import { openApp } from '../../support/apps.ts';
import { cineFile } from '../../support/cine-file.ts';

describe('the brightness of a frame', () => {
  it('is that of the very samples that its PNG has, in grey and in colour, fetched once', async () => {
    const pixels = Uint8Array.from({ length: 3 * 32 * 24 }, (_, index) => (index * 37) % 256);
    const png = await encodePng({ width: 32, height: 24, channels: 3, pixels });
    const app = await openApp();
    await app.send('study:import', { files: [cineFile({ frames: 2 }), { name: 'colours/colours.png', bytes: png }] });
    const frames = app.context.store.listFrameRecords();
    expect(frames).toHaveLength(3);
    let asked = 0;
    const grey = new FrameGrey({
      send: (name, input) => {
        asked += 1;
        return app.send(name, input);
      },
    });
    for (const { id, width, height } of frames) {
      expect(grey.peek(id)).toBeNull();
      const [picture] = await Promise.all([grey.load(id), grey.load(id)]);
      const seen = await decodeImage((await app.send('frame:pixels', { frameId: id })).png, 'frame.png');
      expect(picture).toMatchObject({ width, height });
      expect(picture.data).toEqual(GreyPicture.fromPicture(seen).data);
      expect(grey.peek(id)).toBe(picture);
    }
    expect(asked).toBe(frames.length);
  });
});
