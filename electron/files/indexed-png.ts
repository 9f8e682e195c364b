// Owns PNG with a palette whose indices mean something: label maps. The image library would put its own order into the palette, so the few chunks
// that are needed are written and read here (PNG, third edition, https://www.w3.org/TR/png-3/).
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { AppError } from '../common/errors.ts';
import { mostPixels } from '../common/picture.ts';

export interface IndexedPicture {
  readonly width: number;
  readonly height: number;
  /** Row-major, one index a pixel. */
  readonly indices: Uint8Array;
  /** Red, green, blue of each index. */
  readonly palette: readonly (readonly [number, number, number])[];
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const indexedColor = 3;

/** 8 bits an index, no filter: what label maps compress best with. */
export function encodeIndexedPng({ width, height, indices, palette }: IndexedPicture): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, indexedColor, 0, 0, 0], 8);
  const lines = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row += 1) {
    lines.set(indices.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  }
  return new Uint8Array(
    Buffer.concat([
      signature,
      chunk('IHDR', header),
      chunk('PLTE', Uint8Array.from(palette.flat())),
      chunk('IDAT', deflateSync(lines, { level: 9 })),
      chunk('IEND', new Uint8Array()),
    ]),
  );
}

/** Whether bytes are a PNG with a palette. */
export function isIndexedPng(bytes: Uint8Array): boolean {
  return signature.every((byte, index) => bytes[index] === byte) && bytes[25] === indexedColor;
}

/**
 * The indices of a PNG with a palette of 1, 2, 4 or 8 bits. Throws AppError('bad-input') for a damaged file or one without a palette,
 * AppError('unsupported') for an interlaced one; both name the file.
 */
export function decodeIndexedPng(bytes: Uint8Array, fileName: string): IndexedPicture {
  if (!isIndexedPng(bytes)) {
    throw new AppError('bad-input', `${fileName}: expected a PNG with a palette, whose indices are labels.`);
  }
  const chunks = readChunks(bytes, fileName);
  const header = Buffer.from(chunks.get('IHDR')?.[0] ?? []);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const bits = header[8];
  if (header[12] !== 0) throw new AppError('unsupported', `${fileName} is interlaced; save it without.`);
  if (![1, 2, 4, 8].includes(bits) || width < 1 || height < 1 || width * height > mostPixels) {
    throw new AppError('bad-input', `${fileName} is damaged: ${width}×${height} pixels of ${bits} bits.`);
  }
  const rowBytes = Math.ceil((width * bits) / 8);
  const lines = inflate(Buffer.concat(chunks.get('IDAT') ?? []), (rowBytes + 1) * height, fileName);
  const colors = chunks.get('PLTE')?.[0] ?? new Uint8Array();
  return {
    width,
    height,
    indices: unpack(unfilter(lines, rowBytes, height, fileName), width, height, bits, rowBytes),
    palette: Array.from({ length: Math.floor(colors.length / 3) }, (_, index) => {
      const [red, green, blue] = colors.subarray(3 * index);
      return [red, green, blue] as const;
    }),
  };
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

function readChunks(bytes: Uint8Array, fileName: string): Map<string, Uint8Array[]> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = new Map<string, Uint8Array[]>();
  for (let at = signature.length; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at);
    const end = at + 8 + length;
    if (end + 4 > file.length || crc32(file.subarray(at + 4, end)) !== file.readUInt32BE(end)) break;
    const type = file.toString('latin1', at + 4, at + 8);
    chunks.set(type, [...(chunks.get(type) ?? []), file.subarray(at + 8, end)]);
    if (type === 'IEND') return chunks;
    at = end + 4;
  }
  throw new AppError(
    'bad-input',
    `${fileName} is damaged or incomplete: a part of the PNG does not match its checksum.`,
  );
}

function inflate(data: Uint8Array, expected: number, fileName: string): Uint8Array {
  try {
    const lines = inflateSync(data, { maxOutputLength: expected });
    if (lines.length === expected) return lines;
  } catch (cause) {
    throw new AppError('bad-input', `${fileName} is damaged: its pixels cannot be decompressed.`, { cause });
  }
  throw new AppError('bad-input', `${fileName} is damaged: it has fewer pixels than its header says.`);
}

/** Undoes the filter of each line (PNG 9.2); with a palette the unit is a byte. */
function unfilter(lines: Uint8Array, rowBytes: number, height: number, fileName: string): Uint8Array {
  const rows = new Uint8Array(rowBytes * height);
  for (let row = 0; row < height; row += 1) {
    const filter = lines[row * (rowBytes + 1)];
    if (filter > 4)
      throw new AppError('bad-input', `${fileName} is damaged: line ${row + 1} has the filter ${filter}.`);
    for (let i = 0; i < rowBytes; i += 1) {
      const at = row * rowBytes + i;
      const left = i > 0 ? rows[at - 1] : 0;
      const above = row > 0 ? rows[at - rowBytes] : 0;
      const corner = i > 0 && row > 0 ? rows[at - rowBytes - 1] : 0;
      const predicted = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter];
      rows[at] = lines[row * (rowBytes + 1) + 1 + i] + predicted;
    }
  }
  return rows;
}

function paeth(left: number, above: number, corner: number): number {
  const estimate = left + above - corner;
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((value) => Math.abs(estimate - value));
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/** The first pixel lies in the high bits. */
function unpack(rows: Uint8Array, width: number, height: number, bits: number, rowBytes: number): Uint8Array {
  if (bits === 8) return rows;
  const indices = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const bit = column * bits;
      const byte = rows[row * rowBytes + (bit >> 3)];
      indices[row * width + column] = (byte >> (8 - bits - (bit & 7))) & (2 ** bits - 1);
    }
  }
  return indices;
}
