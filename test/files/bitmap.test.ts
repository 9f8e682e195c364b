import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../electron/files/image.ts';
import { bitmapHeader } from './sample-pictures.ts';

describe('bitmaps', () => {
  it('of 8 bits with a grey palette are one channel, bottom row last in the file order', async () => {
    const palette = Buffer.alloc(256 * 4);
    for (let i = 0; i < 256; i += 1) palette.set([255 - i, 255 - i, 255 - i, 0], i * 4);
    const rows = Buffer.of(1, 2, 3, 0, 10, 20, 30, 0);
    const header = bitmapHeader({ width: 3, height: 2, bitsPerPixel: 8, dataBytes: 8, tableBytes: 1024 });
    expect(await decodeImage(Buffer.concat([header, palette, rows]), 'g.bmp')).toEqual({
      width: 3,
      height: 2,
      channels: 1,
      pixels: Uint8Array.of(245, 235, 225, 254, 253, 252),
    });
  });

  it('of 4 and 1 bits take their colours from a short palette', async () => {
    const palette = Buffer.of(0, 0, 0, 0, 0, 0, 255, 0);
    for (const [bitsPerPixel, row] of [
      [4, [0x01, 0x10, 0, 0]],
      [1, [0b01100000, 0, 0, 0]],
    ] as const) {
      const header = bitmapHeader({
        width: 4,
        height: -1,
        bitsPerPixel,
        dataBytes: 4,
        tableBytes: 8,
        paletteEntries: 2,
      });
      const picture = await decodeImage(Buffer.concat([header, palette, Buffer.from(row)]), 'p.bmp');
      expect([...picture.pixels]).toEqual([0, 0, 0, 255, 0, 0, 255, 0, 0, 0, 0, 0]);
    }
  });

  it('of 32 and 16 bits follow their colour masks', async () => {
    const plain = bitmapHeader({ width: 1, height: 1, bitsPerPixel: 32, dataBytes: 4 });
    expect([...(await decodeImage(Buffer.concat([plain, Buffer.of(30, 20, 10, 0)]), 'a.bmp')).pixels]).toEqual([
      10, 20, 30,
    ]);
    const masks = Buffer.alloc(12);
    masks.writeUInt32LE(0xf800, 0);
    masks.writeUInt32LE(0x07e0, 4);
    masks.writeUInt32LE(0x001f, 8);
    const header = bitmapHeader({
      width: 2,
      height: 1,
      bitsPerPixel: 16,
      dataBytes: 4,
      compression: 3,
      tableBytes: 12,
    });
    const pixels = Buffer.alloc(4);
    pixels.writeUInt16LE(0xf800, 0);
    pixels.writeUInt16LE(0x07ff, 2);
    expect([...(await decodeImage(Buffer.concat([header, masks, pixels]), 'b.bmp')).pixels]).toEqual([
      255, 0, 0, 0, 255, 255,
    ]);
    const high = bitmapHeader({
      width: 1,
      height: 1,
      bitsPerPixel: 32,
      dataBytes: 4,
      compression: 3,
      tableBytes: 12,
    });
    masks.writeUInt32LE(0xff000000, 0);
    masks.writeUInt32LE(0x00ff0000, 4);
    masks.writeUInt32LE(0x0000ff00, 8);
    expect([...(await decodeImage(Buffer.concat([high, masks, Buffer.of(0, 30, 20, 240)]), 'c.bmp')).pixels]).toEqual([
      240, 20, 30,
    ]);
  });

  it('that are compressed or cut are refused by name', async () => {
    const packed = bitmapHeader({ width: 4, height: 4, bitsPerPixel: 8, dataBytes: 64, compression: 1 });
    await expect(decodeImage(Buffer.concat([packed, Buffer.alloc(64)]), 'rle.bmp')).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('rle.bmp'),
    });
    const cut = bitmapHeader({ width: 100, height: 100, bitsPerPixel: 24, dataBytes: 30_000 });
    await expect(decodeImage(Buffer.concat([cut, Buffer.alloc(9)]), 'cut.bmp')).rejects.toThrow(
      /cut\.bmp is cut short: .* 30054 bytes, the file has 63/,
    );
  });
});
