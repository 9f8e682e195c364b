// Owns where the bytes of each frame lie: cut out of native pixel data, or put together from the fragments of encapsulated data
// (PS3.5 annex A.4). What a file promises and does not hold is found here, before anything is shown.
import { AppError } from '../common/errors.ts';
import type { DataSet } from './data-set.ts';
import type { PixelFormat } from './pixel-format.ts';

/** The bytes of frame 0, 1, ... as stored: raw samples of a native file, one compressed stream of an encapsulated one. */
export type FrameBytes = (index: number) => Uint8Array;

/** Throws AppError('bad-input') that names the file and counts what is missing when the pixel data end early. */
export function locateFrames(dataSet: DataSet, format: PixelFormat, fileName: string): FrameBytes {
  const fragments = dataSet.fragments('PixelData');
  const found = fragments ? 'encapsulated' : 'plain';
  if ((format.coding === 'native') === (fragments !== null)) {
    throw new AppError(
      'bad-input',
      `${fileName}: its pixel data are ${found}, which its transfer syntax ${format.transferSyntaxUID} does not allow.`,
    );
  }
  return fragments
    ? locateEncapsulated(fragments, format, fileName)
    : locateNative(dataSet.binary('PixelData') ?? new Uint8Array(0), format, fileName);
}

/** Bytes of one native frame. YBR_FULL_422 has two luminance and one pair of chroma samples for two pixels. */
export function nativeFrameBytes(format: PixelFormat): number {
  const { rows, columns, samplesPerPixel, bitsAllocated } = format;
  if (isSubsampled(format)) return rows * Math.ceil(columns / 2) * 4;
  return rows * columns * samplesPerPixel * (bitsAllocated / 8);
}

export function isSubsampled(format: PixelFormat): boolean {
  return (
    format.coding === 'native' &&
    format.bitsAllocated === 8 &&
    (format.photometric === 'YBR_FULL_422' || format.photometric === 'YBR_PARTIAL_422')
  );
}

/** YBR_FULL_422 stands on files whose chroma was never subsampled; their length tells. */
export function settleSubsampling(dataSet: DataSet, format: PixelFormat, warnings: string[]): PixelFormat {
  const full = format.rows * format.columns * 3 * format.frameCount;
  if (!isSubsampled(format) || (dataSet.binary('PixelData')?.length ?? 0) < full) return format;
  warnings.push(
    `Photometric Interpretation is ${format.photometric}, but the chroma is not subsampled; it was read as YBR_FULL.`,
  );
  return { ...format, photometric: 'YBR_FULL' };
}

function locateNative(data: Uint8Array, format: PixelFormat, fileName: string): FrameBytes {
  const frameBytes = nativeFrameBytes(format);
  const expected = frameBytes * format.frameCount;
  if (data.length < expected) {
    throw new AppError(
      'bad-input',
      `${fileName} is cut short: ${format.frameCount} frames of ${format.columns}×${format.rows} pixels need ${expected} bytes of pixel data, the file has ${data.length}.`,
    );
  }
  return (index) => data.subarray(index * frameBytes, (index + 1) * frameBytes);
}

function locateEncapsulated(fragments: readonly Uint8Array[], format: PixelFormat, fileName: string): FrameBytes {
  const frames = groupFragments(
    fragments.filter((fragment) => fragment.length > 0),
    format.frameCount,
  );
  if (frames.length < format.frameCount) {
    throw new AppError(
      'bad-input',
      `${fileName} is cut short: its header promises ${format.frameCount} frames, its pixel data hold ${frames.length}.`,
    );
  }
  return (index) => join(frames[index]);
}

/** One list of fragments for each frame. Where there are more fragments than frames, a frame begins where a stream does. */
function groupFragments(fragments: readonly Uint8Array[], frameCount: number): Uint8Array[][] {
  if (fragments.length <= frameCount) return fragments.map((fragment) => [fragment]);
  if (frameCount === 1) return [[...fragments]];
  const frames: Uint8Array[][] = [];
  for (const fragment of fragments) {
    if (frames.length === 0 || startsStream(fragment)) frames.push([fragment]);
    else frames[frames.length - 1].push(fragment);
  }
  return frames;
}

/** Start of image (JPEG, JPEG-LS), start of a JPEG 2000 codestream, or one of the two forms of JPEG XL and JP2. */
function startsStream(bytes: Uint8Array): boolean {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff) return (second === 0xd8 && third === 0xff) || second === 0x4f || second === 0x0a;
  return first === 0 && second === 0 && third === 0 && fourth === 0x0c;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0] : new Uint8Array(Buffer.concat(parts));
}
