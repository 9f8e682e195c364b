// Owns the decompression of segments that are compressed as pictures are (JPEG-LS, JPEG 2000 and others without loss, PS3.5 section 8.2): in a
// thread of its own, as all such streams, which a damaged one may stop.
import { fromErrorMessage, AppError } from '../../common/errors.ts';
import { DecoderThread, ThreadFailure } from '../decoder-thread.ts';
import type { PixelFormat } from '../pixel-format.ts';
import type { PixelCoding } from '../transfer-syntaxes.ts';

/** Codings of which every pixel comes back as it was, whatever their streams say; of the others it may, or may not. */
const withoutLoss: ReadonlySet<string> = new Set([
  '1.2.840.10008.1.2.4.57',
  '1.2.840.10008.1.2.4.70',
  '1.2.840.10008.1.2.4.80',
  '1.2.840.10008.1.2.4.90',
  '1.2.840.10008.1.2.4.110',
  '1.2.840.10008.1.2.4.201',
  '1.2.840.10008.1.2.4.202',
]);

/** Memory for the records of the decoder; pixels lie outside of it. */
const heapLimitMb = 256;
const limitMs = 30_000;
/** Of one frame, decoded; decoders take several times as much. */
const frameBytesLimit = 72 * 2 ** 20;

/** It ends itself when it has long been idle. */
const thread = new DecoderThread(heapLimitMb);
let turn: Promise<unknown> = Promise.resolve();

export interface CompressedLayout {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly isLabelmap: boolean;
}

/**
 * What decompresses a frame into its samples, of 8 bits, or of 16 with the low byte first. Throws AppError('unsupported') for single bits and for
 * segment numbers that were compressed with loss; the frames' own faults are AppError('bad-input') that names the place.
 */
export function frameDecoder(
  coding: PixelCoding,
  transferSyntaxUID: string,
  { width, height, bits, isLabelmap }: CompressedLayout,
  fileName: string,
): (encoded: Uint8Array, place: string) => Promise<Uint8Array> {
  if (bits !== 8 && bits !== 16) {
    throw new AppError(
      'unsupported',
      `${fileName}: segments of single bits are not read where they are compressed as pictures.`,
    );
  }
  if (isLabelmap && !withoutLoss.has(transferSyntaxUID)) {
    throw new AppError(
      'unsupported',
      `${fileName}: numbers of segments may not be compressed with loss, as these may be.`,
    );
  }
  if ((width * height * bits) / 8 > frameBytesLimit) {
    throw new AppError(
      'bad-input',
      `${fileName} has compressed frames of ${width}×${height} pixels, which is more than is read.`,
    );
  }
  const format: PixelFormat = {
    coding,
    transferSyntaxUID,
    rows: height,
    columns: width,
    statedFrameCount: null,
    samplesPerPixel: 1,
    photometric: 'MONOCHROME2',
    planar: false,
    packed: false,
    bitsAllocated: bits,
    bitsStored: bits,
    lowBits: 0,
    signed: false,
  };
  return (encoded, place) => inTurn(() => decode(encoded, format, place));
}

/** The thread does one thing at a time. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = turn.then(work);
  turn = result.catch(() => undefined);
  return result;
}

async function decode(encoded: Uint8Array, format: PixelFormat, place: string): Promise<Uint8Array> {
  try {
    const reply = await thread.run({ encoded, format, place }, limitMs);
    if (!reply.ok) throw fromErrorMessage(reply.error);
    if (!('samples' in reply)) throw new Error('The decoder answered with something else than samples.');
    return reply.samples;
  } catch (error) {
    if (!(error instanceof ThreadFailure)) throw error;
    throw new AppError('bad-input', `${place} cannot be decompressed: ${error.message}.`, { cause: error });
  }
}
