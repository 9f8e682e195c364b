// Owns the stored pixels of a segmentation's frames: out of plain pixel data, where frames of single bits follow each other without a gap, or out
// of fragments, where each frame begins with a byte of its own (PS3.5 sections 8.1.1 and A.4) and may be compressed.
import { inflateRawSync } from 'node:zlib';
import { AppError } from '../../common/errors.ts';
import type { DataSet } from '../data-set.ts';
import type { Encapsulated } from '../elements.ts';
import { basicOffsets, groupFragments } from '../fragments.ts';
import { decodeRunLength } from '../run-length.ts';
import { pixelCodingOf } from '../transfer-syntaxes.ts';
import type { PixelCoding } from '../transfer-syntaxes.ts';
import { frameDecoder } from './compressed-frames.ts';

export interface StoredFrame {
  readonly bytes: Uint8Array;
  /** Index of its first pixel in them, counted in pixels. */
  readonly start: number;
}

export interface Layout {
  readonly frameCount: number;
  readonly width: number;
  readonly height: number;
  /** 1, 8 or 16. */
  readonly bits: number;
  readonly isLabelmap: boolean;
}

/** From 0. Throws AppError('bad-input') for a frame that is damaged. */
export type StoredFrames = (index: number) => Promise<StoredFrame>;

/** The stored pixels by frame. Throws AppError('bad-input') where they are too few, 'unsupported' for another coding; both name the file. */
export function locateStoredFrames(
  dataSet: DataSet,
  transferSyntaxUID: string,
  layout: Layout,
  fileName: string,
): StoredFrames {
  const coding = pixelCodingOf(transferSyntaxUID);
  const encapsulated = dataSet.encapsulated('PixelData');
  if (encapsulated) {
    if (coding === null || coding === 'native') {
      throw new AppError('unsupported', `${fileName}: expected segments in a form that is read here, found another.`);
    }
    const decode = decoderOf(coding, transferSyntaxUID, layout, fileName);
    return locateFragments(encapsulated, coding, decode, layout, fileName);
  }
  const bytes = dataSet.binary('PixelData') ?? new Uint8Array(0);
  const size = layout.width * layout.height;
  requireBytes(bytes, layout.frameCount * size, layout, fileName);
  return async (index) => ({ bytes, start: index * size });
}

type Decode = (encoded: Uint8Array, place: string) => Uint8Array | Promise<Uint8Array>;

function locateFragments(
  { offsetTable, fragments }: Encapsulated,
  coding: PixelCoding,
  decode: Decode,
  layout: Layout,
  fileName: string,
): StoredFrames {
  const frames = groupFragments(fragments, [basicOffsets(offsetTable)], layout.frameCount, coding, () => {});
  if (frames.length < layout.frameCount) {
    throw new AppError(
      'bad-input',
      `${fileName} is cut short: ${frames.length} of ${layout.frameCount} frames are there.`,
    );
  }
  return async (index) => {
    const place = `${fileName}: frame ${index + 1}`;
    const bytes = await decode(new Uint8Array(Buffer.concat(frames[index])), place);
    requireBytes(bytes, layout.width * layout.height, layout, place);
    return { bytes, start: 0 };
  };
}

function decoderOf(coding: PixelCoding, transferSyntaxUID: string, layout: Layout, fileName: string): Decode {
  // Single bits are packed before they are coded.
  const bytes = Math.ceil((layout.width * layout.height * layout.bits) / 8);
  const pixels = layout.bits === 1 ? bytes : layout.width * layout.height;
  switch (coding) {
    case 'native':
    case 'plain':
      return (encoded) => encoded;
    case 'deflated':
      // One byte more may pad the frame to an even length.
      return (encoded, place) => reading(place, () => inflateRawSync(encoded, { maxOutputLength: bytes + 1 }));
    case 'rle':
      return (encoded, place) => reading(place, () => decodeRunLength(encoded, pixels, 1, Math.ceil(layout.bits / 8)));
    case 'jpeg':
    case 'jpeg-ls':
    case 'jpeg-2000':
    case 'htj2k':
    case 'jpeg-xl':
      return frameDecoder(coding, transferSyntaxUID, layout, fileName);
  }
}

function reading(place: string, read: () => Uint8Array): Uint8Array {
  try {
    return read();
  } catch (cause) {
    throw new AppError('bad-input', `${place} cannot be decompressed.`, { cause });
  }
}

function requireBytes(bytes: Uint8Array, pixels: number, { bits }: Layout, place: string): void {
  const needed = Math.ceil((pixels * bits) / 8);
  if (bytes.length >= needed) return;
  throw new AppError('bad-input', `${place} has ${bytes.length} bytes of pixel data where ${needed} are needed.`);
}
