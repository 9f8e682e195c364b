import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeIndexedPng, encodeIndexedPng, isIndexedPng } from '../../electron/files/indexed-png.ts';
import { thrownBy } from '../support/workspaces.ts';

const palette = Array.from({ length: 256 }, (_, i) => [i, 255 - i, (i * 7) % 256] as const);
const indices = Uint8Array.from({ length: 19 * 11 }, (_, i) => (i * 31) % 256);
const written = encodeIndexedPng({ width: 19, height: 11, indices, palette });

describe('a PNG with a palette', () => {
  it('keeps its indices and colours', () => {
    expect(decodeIndexedPng(written, 'a.png')).toEqual({ width: 19, height: 11, indices, palette });
  });

  it('is what another library sees', async () => {
    const { data, info } = await sharp(written).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([19, 11, 3]);
    expect([...data]).toEqual([...indices].flatMap((index) => [...palette[index]]));
  });

  it.each([1, 2, 4, 8] as const)('of %i bits from another library reads to the same colours', async (bits) => {
    const grey = Uint8Array.from({ length: 19 * 11 }, (_, i) => ((i * 5 + (i >> 3)) % 2 ** Math.min(bits, 4)) * 16);
    const other = await sharp(grey, { raw: { width: 19, height: 11, channels: 1 } })
      .png({ palette: true, colours: 2 ** bits, dither: 0 })
      .toBuffer();
    expect(isIndexedPng(other)).toBe(true);
    const read = decodeIndexedPng(other, 'b.png');
    const { data } = await sharp(other).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    expect([...read.indices].flatMap((index) => [...read.palette[index]])).toEqual([...data]);
  });

  it('is refused when it has no palette, is cut or damaged', async () => {
    const plain = await sharp(indices, { raw: { width: 19, height: 11, channels: 1 } })
      .png()
      .toBuffer();
    expect(await thrownBy(() => decodeIndexedPng(plain, 'p.png'))).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('p.png'),
    });
    const damaged = written.slice();
    damaged[damaged.length - 20] ^= 1;
    for (const bytes of [written.slice(0, -15), damaged]) {
      expect(await thrownBy(() => decodeIndexedPng(bytes, 'd.png'))).toMatchObject({
        code: 'bad-input',
        message: expect.stringContaining('d.png'),
      });
    }
  });

  it('is refused when it is larger than any picture', () => {
    const indices = new Uint8Array();
    const large = encodeIndexedPng({ width: 0, height: 0, indices, palette });
    const bytes = Buffer.from(large);
    bytes.writeUInt32BE(60_000, 16);
    bytes.writeUInt32BE(60_000, 20);
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    expect(() => decodeIndexedPng(bytes, 'l.png')).toThrow('60000×60000');
  });
});
