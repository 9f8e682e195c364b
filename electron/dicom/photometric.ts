// Owns the way from plain samples to a picture as displayed: grey, palette and colour (PS3.3 C.7.6.3.1.2).
import type { Picture } from '../common/picture.ts';
import type { Samples } from './codecs.ts';
import { isSubsampled } from './frame-bytes.ts';
import { storedValue } from './grey-levels.ts';
import { littleEndianWords, lookUp, type Palette } from './lookup-tables.ts';
import type { PixelFormat } from './pixel-format.ts';

/** A palette or grey levels, where the pixels need one. */
export interface DisplayTables {
  readonly palette: Palette | null;
  /** Indexed by raw bits. */
  readonly greyLevels: Uint8Array | null;
}

export function toPicture(samples: Samples, format: PixelFormat, tables: DisplayTables): Picture {
  const { columns: width, rows: height } = format;
  if (tables.palette) return { width, height, ...applyPalette(readRaw(samples, format), format, tables.palette) };
  const { greyLevels } = tables;
  if (greyLevels) {
    const raw = readRaw(samples, format);
    const pixels = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i += 1) pixels[i] = greyLevels[raw[i]];
    return { width, height, channels: 1, pixels };
  }
  return { width, height, channels: 3, pixels: toRgb(samples, format) };
}

/** The samples of one plane of grey or palette indices, as raw bits. */
function readRaw(samples: Samples, format: PixelFormat): Uint8Array | Uint16Array {
  if (format.bitsAllocated === 8) return samples.bytes;
  return littleEndianWords(samples.bytes);
}

function applyPalette(raw: Uint8Array | Uint16Array, format: PixelFormat, palette: Palette) {
  const tables = palette.grey ? [palette.red] : [palette.red, palette.green, palette.blue];
  const levels = tables.map((table) =>
    Uint8Array.from({ length: 2 ** format.bitsAllocated }, (_, value) => lookUp(table, storedValue(value, format))),
  );
  const channels: 1 | 3 = palette.grey ? 1 : 3;
  const pixels = new Uint8Array(raw.length * channels);
  for (let i = 0; i < raw.length; i += 1) {
    for (let channel = 0; channel < channels; channel += 1) pixels[i * channels + channel] = levels[channel][raw[i]];
  }
  return { channels, pixels };
}

function toRgb(samples: Samples, format: PixelFormat): Uint8Array {
  const colors = isSubsampled(format)
    ? upsample(samples.bytes, format)
    : interleave(toBytes(samples.bytes, format), format, samples.planar);
  const { photometric } = samples;
  if (photometric === 'YBR_FULL' || photometric === 'YBR_FULL_422') return fromYbr(colors, 0, 1, 1);
  // Luminance 16 to 235, chroma 16 to 240 (ITU-R BT.601).
  if (photometric === 'YBR_PARTIAL_422') return fromYbr(colors, 16, 255 / 219, 255 / 224);
  return colors;
}

/** 16-bit colours by the upper 8 of their stored bits. */
function toBytes(bytes: Uint8Array, { bitsAllocated, bitsStored, lowBits }: PixelFormat): Uint8Array {
  if (bitsAllocated === 8) return bytes;
  const words = littleEndianWords(bytes);
  const shift = Math.max(bitsStored + lowBits - 8, 0);
  const upper = new Uint8Array(words.length);
  for (let i = 0; i < words.length; i += 1) upper[i] = words[i] >> shift;
  return upper;
}

function interleave(bytes: Uint8Array, { rows, columns }: PixelFormat, planar: boolean): Uint8Array {
  const count = rows * columns;
  // A copy also where nothing moves: a picture never shares memory with the file.
  if (!planar) return bytes.slice(0, count * 3);
  const pixels = new Uint8Array(count * 3);
  for (let i = 0; i < count; i += 1) {
    pixels[i * 3] = bytes[i];
    pixels[i * 3 + 1] = bytes[count + i];
    pixels[i * 3 + 2] = bytes[count * 2 + i];
  }
  return pixels;
}

/** Y1 Y2 Cb Cr for each two pixels of a row. */
function upsample(bytes: Uint8Array, { rows, columns }: PixelFormat): Uint8Array {
  const pairs = Math.ceil(columns / 2);
  const pixels = new Uint8Array(rows * columns * 3);
  let target = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const pair = (row * pairs + (column >> 1)) * 4;
      pixels[target++] = bytes[pair + (column & 1)];
      pixels[target++] = bytes[pair + 2];
      pixels[target++] = bytes[pair + 3];
    }
  }
  return pixels;
}

/** ITU-R BT.601, as PS3.3 C.7.6.3.1.2 gives it for YBR_FULL. In place. */
function fromYbr(colors: Uint8Array, black: number, lumaScale: number, chromaScale: number): Uint8Array {
  const clamped = new Uint8ClampedArray(colors.buffer, colors.byteOffset, colors.byteLength);
  for (let i = 0; i < colors.length; i += 3) {
    const luma = (colors[i] - black) * lumaScale;
    const blue = (colors[i + 1] - 128) * chromaScale;
    const red = (colors[i + 2] - 128) * chromaScale;
    clamped[i] = luma + 1.402 * red;
    clamped[i + 1] = luma - 0.344136 * blue - 0.714136 * red;
    clamped[i + 2] = luma + 1.772 * blue;
  }
  return colors;
}
