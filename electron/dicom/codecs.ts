// Owns the decompression of one frame into plain samples. The codecs (WebAssembly, 4 MB) are loaded when the first frame needs them.
import type { Context, NativeCodecs } from 'dcmjs-codecs';
import { inflateRawSync } from 'node:zlib';
import { readJpeg2000Header, readJpegHeader, type Jpeg2000Header, type JpegHeader } from './code-stream.ts';
import { nativeFrameBytes, unpackBits } from './frame-bytes.ts';
import { plainView } from './part10.ts';
import type { Photometric, PixelFormat } from './pixel-format.ts';
import { decodeRunLength } from './run-length.ts';
import { checkStream } from './stream-header.ts';

/** Plain samples of one frame. */
export interface Samples {
  /** 8-bit samples, or 16-bit ones in little-endian order. */
  readonly bytes: Uint8Array;
  /** What the samples are once decoded; decoders of JPEG 2000 undo its colour transformation by themselves. */
  readonly photometric: Photometric;
  readonly planar: boolean;
}

/** A stream that is whole, and of a kind that is not decoded: what kind, in words. */
export class UnsupportedStream extends Error {}

/** Decodes one encapsulated frame. Throws Error that says what is wrong with the stream, UnsupportedStream where nothing is. */
export async function decodeSamples(encoded: Uint8Array, format: PixelFormat): Promise<Samples> {
  const { coding, rows, columns, samplesPerPixel, bitsAllocated } = format;
  switch (coding) {
    case 'native':
      return { bytes: encoded, photometric: format.photometric, planar: format.planar };
    case 'plain':
    case 'deflated':
      return { bytes: readPlain(encoded, format), photometric: format.photometric, planar: format.planar };
    case 'rle': {
      const bytes = decodeRunLength(encoded, rows * columns, samplesPerPixel, bitsAllocated / 8);
      return { bytes, photometric: format.photometric, planar: false };
    }
    case 'jpeg': {
      const header = readJpegHeader(encoded);
      checkStream(header, format);
      if (!header.complete) throw new Error('the JPEG stream ends early');
      return {
        bytes: await decode('decodeJpeg', encoded, format, header.precision),
        photometric: jpegColors(header, format),
        planar: false,
      };
    }
    case 'jpeg-ls': {
      const header = readJpegHeader(encoded);
      checkStream(header, format);
      if (!header.complete) throw new Error('the JPEG-LS stream ends early');
      const bytes = await decode('decodeJpegLs', encoded, format, header.precision);
      return { bytes, photometric: format.photometric, planar: header.separateScans };
    }
    case 'jpeg-2000':
    case 'htj2k': {
      const header = readJpeg2000Header(encoded);
      checkStream(header, format);
      refuseWrongDecoding(header, format);
      const decoder = coding === 'htj2k' ? 'decodeHtJpeg2000' : 'decodeJpeg2000';
      const bytes = await decode(decoder, encoded, format, header.precision);
      return { bytes, photometric: waveletColors(header.componentTransform, format), planar: false };
    }
    case 'jpeg-xl': {
      const bytes = await decode('decodeJpegXl', encoded, format, format.bitsAllocated);
      return { bytes, photometric: samplesPerPixel === 3 ? 'RGB' : format.photometric, planar: false };
    }
  }
}

/** One uncompressed frame out of its fragments. */
function readPlain(encoded: Uint8Array, format: PixelFormat): Uint8Array {
  const pixels = format.rows * format.columns;
  const expected = format.packed ? Math.ceil(pixels / 8) : nativeFrameBytes(format);
  // One byte more may pad the frame to an even length.
  const bytes = format.coding === 'deflated' ? inflate(encoded, expected + 1) : encoded;
  if (bytes.length < expected) throw new Error(`the frame has ${bytes.length} bytes, ${expected} are expected`);
  return format.packed ? unpackBits(bytes, 0, pixels) : bytes.subarray(0, expected);
}

function inflate(encoded: Uint8Array, limit: number): Uint8Array {
  try {
    return plainView(inflateRawSync(encoded, { maxOutputLength: limit }));
  } catch (cause) {
    throw new Error('the deflated frame cannot be read', { cause });
  }
}

/**
 * The stream's own marks win over the header, which stays behind when a file is re-compressed; but samples without loss are what the header
 * says, and some encoders mark all of them as RGB.
 */
function jpegColors({ colors, lossless }: JpegHeader, format: PixelFormat): Photometric {
  if (format.samplesPerPixel === 1) return format.photometric;
  if (colors !== null && !lossless) return colors === 'RGB' ? 'RGB' : 'YBR_FULL';
  return format.photometric === 'RGB' ? 'RGB' : 'YBR_FULL';
}

function waveletColors(componentTransform: boolean, format: PixelFormat): Photometric {
  if (format.samplesPerPixel === 1) return format.photometric;
  if (componentTransform) return 'RGB';
  return format.photometric === 'YBR_FULL' || format.photometric === 'YBR_FULL_422' ? 'YBR_FULL' : 'RGB';
}

type Decoder = 'decodeJpeg' | 'decodeJpegLs' | 'decodeJpeg2000' | 'decodeHtJpeg2000' | 'decodeJpegXl';

/** What the decoders of JPEG 2000 are known to get wrong is refused, not shown. */
function refuseWrongDecoding({ precision, signed }: Jpeg2000Header, format: PixelFormat): void {
  const { coding, samplesPerPixel } = format;
  if (samplesPerPixel === 3 && precision > 8) {
    throw new UnsupportedStream('JPEG 2000 colours of more than 8 bits are not read');
  }
  if (coding === 'htj2k' && signed && precision <= 8) {
    throw new UnsupportedStream('High-Throughput JPEG 2000 samples of 8 bits with a sign are not read');
  }
}

/** Samples as the header allocates them, from a stream of `precision` bits. */
async function decode(
  decoder: Decoder,
  encoded: Uint8Array,
  format: PixelFormat,
  precision: number,
): Promise<Uint8Array> {
  const library = await loadCodecs();
  // Of up to 8 bits decoders make bytes, also where the header allocates words.
  const bits = precision <= 8 ? 8 : format.bitsAllocated;
  const context = new library.Context({
    width: format.columns,
    height: format.rows,
    bitsAllocated: bits,
    bitsStored: Math.min(format.bitsStored, bits),
    samplesPerPixel: format.samplesPerPixel,
    pixelRepresentation: format.signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: format.photometric,
    encodedBuffer: encoded,
  });
  let decoded: Uint8Array | undefined;
  try {
    decoded = library.NativeCodecs[decoder](context, { convertColorspaceToRgb: false }).getDecodedBuffer();
  } catch (cause) {
    // A decoder that gave up half way leaves its memory in disorder: the next frame gets a fresh one.
    library.NativeCodecs.release();
    codecs = null;
    throw new Error('the stream cannot be decoded', { cause });
  }
  const expected = format.rows * format.columns * format.samplesPerPixel * (bits / 8);
  if (decoded === undefined || decoded.length < expected) {
    throw new Error(`the stream decodes to ${decoded?.length ?? 0} bytes, ${expected} are expected`);
  }
  // A copy: the codec's memory is used again for the next frame.
  const samples = decoded.slice(0, expected);
  return bits < format.bitsAllocated ? widen(samples) : samples;
}

/** Bytes as 16-bit words, the low byte first. */
function widen(samples: Uint8Array): Uint8Array {
  const wide = new Uint8Array(samples.length * 2);
  for (let i = 0; i < samples.length; i += 1) wide[i * 2] = samples[i];
  return wide;
}

interface CodecLibrary {
  readonly Context: typeof Context;
  readonly NativeCodecs: typeof NativeCodecs;
}

let codecs: Promise<CodecLibrary> | null = null;

function loadCodecs(): Promise<CodecLibrary> {
  codecs ??= startCodecs().catch((error: unknown) => {
    codecs = null;
    throw error;
  });
  return codecs;
}

async function startCodecs(): Promise<CodecLibrary> {
  const { default: library } = await import('dcmjs-codecs');
  // What decoders say of a damaged stream belongs into the message of its frame, not on standard error.
  library.log.setLevel('silent');
  await library.NativeCodecs.initializeAsync();
  return library;
}
