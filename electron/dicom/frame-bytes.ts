// Owns where the bytes of each frame lie: cut out of native pixel data, or put together from the fragments of encapsulated data
// (PS3.5 annex A.4). What a file promises and does not hold is found here, before anything is shown.
import { AppError } from '../common/errors.ts';
import { mostFrames } from '../common/picture.ts';
import type { DataSet } from './data-set.ts';
import type { Encapsulated, Report } from './elements.ts';
import { basicOffsets, groupFragments } from './fragments.ts';
import type { PixelFormat } from './pixel-format.ts';
import { isUncompressed } from './transfer-syntaxes.ts';

export interface LocatedFrames {
  /** How many frames are whole: those that the header promises, or fewer where the file ends before them. */
  readonly count: number;
  /** The bytes of frame 0, 1, ... as stored: raw samples of a native file, one compressed stream of an encapsulated one. */
  bytes(index: number): Uint8Array;
}

/**
 * Frames that the file ends in or before are left out, and that is reported; a missing Number of Frames is told from the pixel data.
 * Throws AppError('bad-input') that names the file where not even one frame is whole.
 */
export function locateFrames(dataSet: DataSet, format: PixelFormat, fileName: string, report: Report): LocatedFrames {
  const encapsulated = dataSet.encapsulated('PixelData');
  const found = encapsulated ? 'encapsulated' : 'plain';
  if ((format.coding === 'native') === (encapsulated !== null)) {
    throw new AppError(
      'bad-input',
      `${fileName}: its pixel data are ${found}, which its transfer syntax ${format.transferSyntaxUID} does not allow.`,
    );
  }
  return encapsulated
    ? locateEncapsulated(encapsulated, dataSet, format, fileName, report)
    : locateNative(dataSet.binary('PixelData') ?? new Uint8Array(0), format, fileName, report);
}

/** Bytes of one native frame. YBR_FULL_422 has two luminance and one pair of chroma samples for two pixels. */
export function nativeFrameBytes(format: PixelFormat): number {
  const { rows, columns, samplesPerPixel, bitsAllocated } = format;
  if (isSubsampled(format)) return rows * Math.ceil(columns / 2) * 4;
  return rows * columns * samplesPerPixel * (bitsAllocated / 8);
}

export function isSubsampled(format: PixelFormat): boolean {
  return (
    isUncompressed(format.coding) &&
    format.bitsAllocated === 8 &&
    (format.photometric === 'YBR_FULL_422' || format.photometric === 'YBR_PARTIAL_422')
  );
}

/** YBR_FULL_422 stands on files whose chroma was never subsampled; their length tells. */
export function settleSubsampling(dataSet: DataSet, format: PixelFormat, report: Report): PixelFormat {
  const full = format.rows * format.columns * 3 * (format.statedFrameCount ?? 1);
  if (format.coding !== 'native' || !isSubsampled(format)) return format;
  if ((dataSet.binary('PixelData')?.length ?? 0) < full) return format;
  report(
    `Photometric Interpretation is ${format.photometric}, but the chroma is not subsampled; it was read as YBR_FULL.`,
  );
  return { ...format, photometric: 'YBR_FULL' };
}

function locateNative(data: Uint8Array, format: PixelFormat, fileName: string, report: Report): LocatedFrames {
  // Single bits follow each other without a gap, also from frame to frame (PS3.5 section 8.1.1).
  const frameBits = format.packed ? format.rows * format.columns : nativeFrameBytes(format) * 8;
  const whole = Math.floor((data.length * 8) / frameBits);
  if (whole === 0) {
    throw new AppError(
      'bad-input',
      `${fileName} is cut short: a frame of ${format.columns}×${format.rows} pixels needs ${Math.ceil(frameBits / 8)} bytes of pixel data, the file has ${data.length}.`,
    );
  }
  // One byte more may pad the value to an even length.
  const isMultiple = data.length - Math.ceil((whole * frameBits) / 8) <= 1;
  const count = countFrames(format.statedFrameCount ?? (isMultiple ? whole : 1), whole, format, report);
  if (format.packed) return { count, bytes: (index) => unpackBits(data, index * frameBits, frameBits) };
  return { count, bytes: (index) => data.subarray((index * frameBits) / 8, ((index + 1) * frameBits) / 8) };
}

function locateEncapsulated(
  { offsetTable, fragments }: Encapsulated,
  dataSet: DataSet,
  format: PixelFormat,
  fileName: string,
  report: Report,
): LocatedFrames {
  const tables = [dataSet.numbers('ExtendedOffsetTable'), basicOffsets(offsetTable)];
  const frames = groupFragments(fragments, tables, format.statedFrameCount, format.coding, report);
  if (frames.length === 0) {
    throw new AppError('bad-input', `${fileName} is cut short: its pixel data hold not one whole frame.`);
  }
  const count = countFrames(format.statedFrameCount ?? frames.length, frames.length, format, report);
  return { count, bytes: (index) => join(frames[index]) };
}

/** Throws AppError('bad-input') for more frames than anybody records. */
function countFrames(promised: number, whole: number, format: PixelFormat, report: Report): number {
  const count = Math.min(promised, whole);
  if (count > mostFrames) {
    throw new AppError('bad-input', `The pixel data hold ${count} frames; up to ${mostFrames} are read.`);
  }
  if (promised > whole) {
    report(`The pixel data are cut short: the header promises ${promised} frames, ${whole} are whole and were read.`);
    return count;
  }
  if (format.statedFrameCount === null && promised > 1) {
    report(`Number of Frames is missing; the pixel data hold ${promised} frames.`);
  }
  return count;
}

/** Bits from the least significant one of each byte, as bytes of 0 and 1. */
export function unpackBits(data: Uint8Array, start: number, count: number): Uint8Array {
  const samples = new Uint8Array(count);
  for (let i = 0; i < count; i += 1) samples[i] = (data[Math.floor((start + i) / 8)] >> ((start + i) & 7)) & 1;
  return samples;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0] : new Uint8Array(Buffer.concat(parts));
}
