import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createMask, masksEqual } from '../../electron/common/mask.ts';
import type { Picture } from '../../electron/common/picture.ts';
import { decodeImage, encodeMaskPng, encodePng, encodeThumbnail } from '../../electron/files/image.ts';
import { decodeMaskPng } from '../../electron/files/mask-image.ts';
import { sniffMediaType } from '../../electron/files/media-type.ts';
import { samplePictures, sampleSize } from './sample-pictures.ts';

function gradient(width: number, height: number, channels: 1 | 3): Picture {
  const pixels = Uint8Array.from({ length: width * height * channels }, (_, index) => (index * 7) % 256);
  return { width, height, channels, pixels };
}

/** A PNG written by hand: any colour type and bit depth, rows without filter. */
function rawPng(
  width: number,
  height: number,
  bitDepth: number,
  colorType: number,
  rows: Uint8Array,
  extra: Buffer[] = [],
) {
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const frame = Buffer.alloc(body.length + 8);
    frame.writeUInt32BE(data.length, 0);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc32(body), body.length + 4);
    return frame;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = bitDepth;
  header[9] = colorType;
  const rowBytes = rows.length / height;
  const filtered = Buffer.concat(
    Array.from({ length: height }, (_, y) =>
      Buffer.concat([Buffer.of(0), rows.subarray(y * rowBytes, (y + 1) * rowBytes)]),
    ),
  );
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...extra.map((data) => chunk('PLTE', data)),
    chunk('IDAT', deflateSync(filtered)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('pictures as files', () => {
  it('survive PNG exactly, grey as one channel and colour as three', async () => {
    for (const channels of [1, 3] as const) {
      const picture = gradient(37, 23, channels);
      expect(await decodeImage(await encodePng(picture), 'a.png')).toEqual(picture);
    }
  });

  it('of WebP are one channel when they are grey, within rounding of the stored values', async () => {
    const pixels = Buffer.from(Array.from({ length: 64 * 64 }, (_, index) => 40 + (index % 64) * 2));
    const bytes = await sharp(pixels, { raw: { width: 64, height: 64, channels: 1 } })
      .webp({ quality: 95 })
      .toBuffer();
    const picture = await decodeImage(bytes, 'grey.webp');
    expect(picture.channels).toBe(1);
    expect(Math.max(...picture.pixels.map((value, index) => Math.abs(value - pixels[index])))).toBeLessThan(6);
  });

  it('are recognised by content in every format, whatever the name says', async () => {
    for (const [mediaType, bytes] of Object.entries(await samplePictures())) {
      expect(sniffMediaType(bytes)).toBe(mediaType);
      const picture = await decodeImage(bytes, 'misnamed.dcm');
      expect([picture.width, picture.height], mediaType).toEqual([sampleSize.width, sampleSize.height]);
      // Red above, blue below.
      const last = (sampleSize.width * sampleSize.height - 1) * 3;
      expect(picture.channels).toBe(3);
      for (const [at, color] of [
        [0, [255, 0, 0]],
        [last, [0, 0, 255]],
      ] as const) {
        color.forEach((value, channel) => expect(Math.abs(picture.pixels[at + channel] - value)).toBeLessThan(12));
      }
    }
  });

  it('lose half of a 16-bit sample, not its scale', async () => {
    const rows = Uint8Array.of(0x00, 0x00, 0x80, 0x7f, 0xff, 0xff, 0x12, 0x34);
    const picture = await decodeImage(rawPng(4, 1, 16, 0, rows), 'deep.png');
    expect(picture).toEqual({ width: 4, height: 1, channels: 1, pixels: Uint8Array.of(0, 0x80, 255, 0x12) });
  });

  it('are flattened on black where they are transparent, grey and colour alike', async () => {
    const grey = await decodeImage(rawPng(3, 1, 8, 4, Uint8Array.of(200, 255, 200, 0, 200, 128)), 'grey.png');
    expect(grey.channels).toBe(1);
    expect([...grey.pixels.subarray(0, 2)]).toEqual([200, 0]);
    expect(Math.abs(grey.pixels[2] - 100)).toBeLessThanOrEqual(1);
    const color = await decodeImage(rawPng(2, 1, 8, 6, Uint8Array.of(9, 8, 7, 255, 9, 8, 7, 0)), 'color.png');
    expect([...color.pixels]).toEqual([9, 8, 7, 0, 0, 0]);
  });

  it('are turned as their EXIF orientation says', async () => {
    const jpeg = (await samplePictures())['image/jpeg'];
    const upright = await decodeImage(jpeg, 'upright.jpg');
    const marked = insertOrientation(jpeg, 6);
    const turned = await decodeImage(marked, 'turned.jpg');
    expect([turned.width, turned.height]).toEqual([upright.height, upright.width]);
    // A quarter turn clockwise brings the red top to the right.
    expect(turned.pixels[(turned.width - 1) * 3]).toBeGreaterThan(240);
    expect(turned.pixels[0]).toBeLessThan(16);
  });

  it('are refused when cut, with the file named', async () => {
    // Noise, so that half of the bytes is half of the picture in every format.
    const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * 7919 + (index >> 3) * 104729) % 251);
    const whole = await encodePng({ width: 64, height: 64, channels: 3, pixels: noise });
    const files: [string, Uint8Array][] = [['noise.png', whole]];
    for (const [mediaType, bytes] of Object.entries(await samplePictures())) files.push([mediaType, bytes]);
    for (const [name, bytes] of files) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * 0.6));
      await expect(decodeImage(cut, name), name).rejects.toMatchObject({
        code: 'bad-input',
        message: expect.stringContaining(name),
      });
    }
  });

  it('are refused when they are something else, or nothing', async () => {
    const text = new TextEncoder().encode('BMI and other words, not a picture at all, however long the text goes on.');
    for (const bytes of [text, new Uint8Array(0), new Uint8Array(2000)]) {
      expect(sniffMediaType(bytes)).toBeNull();
      await expect(decodeImage(bytes, 'notes.png')).rejects.toThrow(/notes\.png: expected a PNG, JPEG, WebP, TIFF/);
    }
    const dicom = new Uint8Array(140);
    dicom.set(new TextEncoder().encode('DICM'), 128);
    await expect(decodeImage(dicom, 'a.png')).rejects.toThrow(/it is a DICOM file/);
  });

  it('shrink to thumbnails of at most 160 pixels, and small ones stay', async () => {
    const large = await decodeImage(await encodeThumbnail(gradient(640, 480, 3)), 't.jpg');
    expect([large.width, large.height]).toEqual([160, 120]);
    const small = await encodeThumbnail(gradient(20, 10, 1));
    expect(sniffMediaType(small)).toBe('image/jpeg');
    expect(await decodeImage(small, 't.jpg')).toMatchObject({ width: 20, height: 10, channels: 1 });
  });
});

describe('masks as files', () => {
  it('survive PNG', async () => {
    const mask = createMask(33, 17);
    mask.data.fill(1, 40, 220);
    expect(masksEqual(await decodeMaskPng(await encodeMaskPng(mask), 'm.png'), mask)).toBe(true);
    const empty = createMask(5, 5);
    expect(masksEqual(await decodeMaskPng(await encodeMaskPng(empty), 'm.png'), empty)).toBe(true);
  });

  it('may hold 0 and 1, one bit, soft edges, or black and one colour of a palette', async () => {
    const expected = Uint8Array.of(0, 1, 1, 0);
    const palette = Buffer.of(0, 0, 0, 128, 0, 0);
    const files: [string, Uint8Array][] = [
      ['0 and 1', rawPng(4, 1, 8, 0, Uint8Array.of(0, 1, 1, 0))],
      ['one bit', rawPng(4, 1, 1, 0, Uint8Array.of(0b01100000))],
      ['soft', rawPng(4, 1, 8, 0, Uint8Array.of(3, 250, 129, 100))],
      ['palette', rawPng(4, 1, 8, 3, Uint8Array.of(0, 1, 1, 0), [palette])],
      ['grey as colour', rawPng(2, 2, 8, 2, Uint8Array.of(2, 2, 2, 255, 255, 255, 254, 254, 254, 0, 0, 0))],
    ];
    for (const [name, bytes] of files)
      expect([...(await decodeMaskPng(bytes, name)).data], name).toEqual([...expected]);
  });

  it('are refused when they are pictures', async () => {
    const colors = rawPng(3, 1, 8, 2, Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 255, 0));
    await expect(decodeMaskPng(colors, 'photo.png')).rejects.toThrow(/photo\.png: expected a mask .* three colours/);
    const dark = rawPng(3, 1, 8, 0, Uint8Array.of(0, 20, 40));
    await expect(decodeMaskPng(dark, 'dark.png')).rejects.toThrow(/dark\.png: expected a mask of 0 and 255/);
  });
});

/** Adds an APP1 segment with the orientation tag after the start of a JPEG. */
function insertOrientation(jpeg: Uint8Array, orientation: number): Uint8Array {
  const exif = Buffer.from('ffe100224578696600004d4d002a00000008000101120003000000010000000000000000', 'hex');
  exif.writeUInt16BE(orientation, 28);
  return Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]);
}
