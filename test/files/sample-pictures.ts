// Owns small pictures in every format that is read: the upper half red, the lower half blue.
import sharp from 'sharp';

const width = 48;
const height = 32;

export const sampleSize = { width, height };

export async function samplePictures() {
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i += 1) pixels[i * 3 + (i < (width * height) / 2 ? 0 : 2)] = 255;
  const source = () => sharp(pixels, { raw: { width, height, channels: 3 } });
  return {
    'image/png': await source().png().toBuffer(),
    'image/jpeg': await source().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(),
    'image/webp': await source().webp({ quality: 95 }).toBuffer(),
    'image/tiff': await source().tiff({ compression: 'lzw' }).toBuffer(),
    'image/bmp': bitmap24(pixels),
  } as const;
}

/** Rows from the bottom up, blue first, each filled to four bytes. */
function bitmap24(pixels: Uint8Array): Buffer {
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const file = bitmapHeader({ width, height, bitsPerPixel: 24, dataBytes: rowBytes * height });
  const rows = Buffer.alloc(rowBytes * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = ((height - 1 - y) * width + x) * 3;
      rows.set([pixels[from + 2], pixels[from + 1], pixels[from]], y * rowBytes + x * 3);
    }
  }
  return Buffer.concat([file, rows]);
}

export interface BitmapShape {
  readonly width: number;
  /** Negative for rows from the top down. */
  readonly height: number;
  readonly bitsPerPixel: number;
  readonly dataBytes: number;
  readonly compression?: number;
  /** Palette or colour masks, between header and pixels. */
  readonly tableBytes?: number;
  readonly paletteEntries?: number;
}

export function bitmapHeader(shape: BitmapShape): Buffer {
  const header = Buffer.alloc(54);
  const offset = 54 + (shape.tableBytes ?? 0);
  header.write('BM', 'latin1');
  header.writeUInt32LE(offset + shape.dataBytes, 2);
  header.writeUInt32LE(offset, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(shape.width, 18);
  header.writeInt32LE(shape.height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(shape.bitsPerPixel, 28);
  header.writeUInt32LE(shape.compression ?? 0, 30);
  header.writeUInt32LE(shape.paletteEntries ?? 0, 46);
  return header;
}
