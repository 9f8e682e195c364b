// Owns the reading of Windows bitmaps, which the image library does not carry: uncompressed, 1 to 32 bits a pixel.
// Source: the BITMAPINFOHEADER family, https://learn.microsoft.com/windows/win32/gdi/bitmap-storage
import { AppError } from '../common/errors.ts';
import { mostPixels, type Picture } from '../common/picture.ts';

const uncompressed = 0;
const bitFields = 3;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bitsPerPixel: number;
  readonly compression: number;
  readonly pixelOffset: number;
  readonly paletteOffset: number;
  readonly paletteEntryBytes: 3 | 4;
  readonly paletteEntries: number;
}

/** A colour as displayed: red, green, blue. */
type Color = readonly [number, number, number];

/**
 * Decodes a bitmap; one with a grey palette yields 1 channel. Alpha is not read: most writers leave it 0.
 * Throws AppError('bad-input') for a cut file, AppError('unsupported') for run-length or embedded compression.
 */
export function decodeBitmap(bytes: Uint8Array, fileName: string): Picture {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(data, fileName);
  const rowBytes = Math.ceil((header.width * header.bitsPerPixel) / 32) * 4;
  const expected = header.pixelOffset + rowBytes * header.height;
  if (bytes.length < expected) {
    throw new AppError(
      'bad-input',
      `${fileName} is cut short: its bitmap header promises ${expected} bytes, the file has ${bytes.length}.`,
    );
  }
  const palette = header.bitsPerPixel <= 8 ? readPalette(data, header, fileName) : null;
  const colorAt = palette ? paletteReader(data, header, palette) : directReader(data, header, fileName);
  const channels = palette?.every(([red, green, blue]) => red === green && green === blue) ? 1 : 3;
  const pixels = new Uint8Array(header.width * header.height * channels);
  let target = 0;
  for (let row = 0; row < header.height; row += 1) {
    const start = header.pixelOffset + rowBytes * (header.topDown ? row : header.height - 1 - row);
    for (let column = 0; column < header.width; column += 1) {
      const color = colorAt(start, column);
      for (let channel = 0; channel < channels; channel += 1) pixels[target++] = color[channel];
    }
  }
  return { width: header.width, height: header.height, channels, pixels };
}

function readHeader(data: DataView, fileName: string): Header {
  const size = data.byteLength >= 18 ? data.getUint32(14, true) : 0;
  if (size < 12 || data.byteLength < 14 + size) {
    throw new AppError('bad-input', `${fileName} is cut short: it ends inside its bitmap header.`);
  }
  const old = size === 12;
  const width = old ? data.getUint16(18, true) : data.getInt32(18, true);
  const signedHeight = old ? data.getUint16(20, true) : data.getInt32(22, true);
  const bitsPerPixel = data.getUint16(old ? 24 : 28, true);
  const compression = old ? uncompressed : data.getUint32(30, true);
  const height = Math.abs(signedHeight);
  if (width < 1 || height < 1 || width * height > mostPixels) {
    throw new AppError('bad-input', `${fileName}: a bitmap of ${width}×${height} pixels cannot be read.`);
  }
  if (![1, 4, 8, 16, 24, 32].includes(bitsPerPixel) || ![uncompressed, bitFields].includes(compression)) {
    throw new AppError(
      'unsupported',
      `${fileName} is a bitmap of ${bitsPerPixel} bits a pixel with compression ${compression}; expected an uncompressed one. Save it as PNG.`,
    );
  }
  const usedColors = old ? 0 : data.getUint32(46, true);
  return {
    width,
    height,
    topDown: signedHeight < 0,
    bitsPerPixel,
    compression,
    pixelOffset: data.getUint32(10, true),
    paletteOffset: 14 + size,
    paletteEntryBytes: old ? 3 : 4,
    paletteEntries: usedColors === 0 ? 2 ** Math.min(bitsPerPixel, 8) : usedColors,
  };
}

function readPalette(data: DataView, header: Header, fileName: string): Color[] {
  const { paletteOffset, paletteEntryBytes, paletteEntries } = header;
  if (paletteEntries > 256 || paletteOffset + paletteEntries * paletteEntryBytes > data.byteLength) {
    throw new AppError(
      'bad-input',
      `${fileName}: the bitmap's palette of ${paletteEntries} colours does not fit the file.`,
    );
  }
  return Array.from({ length: paletteEntries }, (_, index): Color => {
    const at = paletteOffset + index * paletteEntryBytes;
    return [data.getUint8(at + 2), data.getUint8(at + 1), data.getUint8(at)];
  });
}

function paletteReader(data: DataView, header: Header, palette: readonly Color[]) {
  const bits = header.bitsPerPixel;
  const black: Color = [0, 0, 0];
  return (rowStart: number, column: number): Color => {
    const bit = column * bits;
    const byte = data.getUint8(rowStart + (bit >> 3));
    return palette[(byte >> (8 - bits - (bit & 7))) & (2 ** bits - 1)] ?? black;
  };
}

function directReader(data: DataView, header: Header, fileName: string) {
  if (header.bitsPerPixel === 24) {
    return (rowStart: number, column: number): Color => {
      const at = rowStart + column * 3;
      return [data.getUint8(at + 2), data.getUint8(at + 1), data.getUint8(at)];
    };
  }
  const wide = header.bitsPerPixel === 32;
  const masks = colorMasks(data, header, wide, fileName);
  return (rowStart: number, column: number): Color => {
    const value = wide ? data.getUint32(rowStart + column * 4, true) : data.getUint16(rowStart + column * 2, true);
    return [extract(value, masks[0]), extract(value, masks[1]), extract(value, masks[2])];
  };
}

function colorMasks(data: DataView, header: Header, wide: boolean, fileName: string): Color {
  // The masks stand at byte 54 in every header that has them: after a 40-byte header or inside a longer one.
  if (header.compression !== bitFields) return wide ? [0xff0000, 0xff00, 0xff] : [0x7c00, 0x03e0, 0x001f];
  const masks: Color = [data.getUint32(54, true), data.getUint32(58, true), data.getUint32(62, true)];
  if (masks.includes(0)) throw new AppError('bad-input', `${fileName}: the bitmap's colour masks are empty.`);
  return masks;
}

/** The bits of `value` under `mask`, scaled to 0..255. */
function extract(value: number, mask: number): number {
  const shift = 31 - Math.clz32(mask & -mask);
  const largest = mask >>> shift;
  return Math.round((((value & mask) >>> shift) * 255) / largest);
}
