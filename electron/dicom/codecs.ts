// Owns the decompression of one frame into plain samples. The codecs (WebAssembly, 4 MB) are loaded when the first frame needs them.
import type { Context, NativeCodecs } from 'dcmjs-codecs';
import { hasComponentTransform, readJpegHeader } from './code-stream.ts';
import type { Photometric, PixelFormat } from './pixel-format.ts';
import { decodeRunLength } from './run-length.ts';

/** Plain samples of one frame. */
export interface Samples {
  /** 8-bit samples, or 16-bit ones in little-endian order. */
  readonly bytes: Uint8Array;
  /** What the samples are once decoded; decoders of JPEG 2000 undo its colour transformation by themselves. */
  readonly photometric: Photometric;
  readonly planar: boolean;
}

/** Decodes one encapsulated frame. Throws Error that says what is wrong with the stream. */
export async function decodeSamples(encoded: Uint8Array, format: PixelFormat): Promise<Samples> {
  const { coding, rows, columns, samplesPerPixel, bitsAllocated } = format;
  switch (coding) {
    case 'native':
      return { bytes: encoded, photometric: format.photometric, planar: format.planar };
    case 'rle': {
      const bytes = decodeRunLength(encoded, rows * columns, samplesPerPixel, bitsAllocated / 8);
      return { bytes, photometric: format.photometric, planar: false };
    }
    case 'jpeg': {
      const header = readJpegHeader(encoded);
      if (!header.complete) throw new Error('the JPEG stream ends early');
      return {
        bytes: await decode('decodeJpeg', encoded, format),
        photometric: jpegColors(header.colors, format),
        planar: false,
      };
    }
    case 'jpeg-ls': {
      const header = readJpegHeader(encoded);
      if (!header.complete) throw new Error('the JPEG-LS stream ends early');
      const bytes = await decode('decodeJpegLs', encoded, format);
      return { bytes, photometric: format.photometric, planar: header.separateScans };
    }
    case 'jpeg-2000':
    case 'htj2k': {
      const bytes = await decode(coding === 'htj2k' ? 'decodeHtJpeg2000' : 'decodeJpeg2000', encoded, format);
      return { bytes, photometric: waveletColors(encoded, format), planar: false };
    }
    case 'jpeg-xl': {
      const bytes = await decode('decodeJpegXl', encoded, format);
      return { bytes, photometric: samplesPerPixel === 3 ? 'RGB' : format.photometric, planar: false };
    }
  }
}

/** The stream's own marks win over the header, which stays behind when a file is re-compressed. */
function jpegColors(colors: 'RGB' | 'YBR' | null, format: PixelFormat): Photometric {
  if (format.samplesPerPixel === 1) return format.photometric;
  if (colors !== null) return colors === 'RGB' ? 'RGB' : 'YBR_FULL';
  return format.photometric === 'RGB' ? 'RGB' : 'YBR_FULL';
}

function waveletColors(encoded: Uint8Array, format: PixelFormat): Photometric {
  if (format.samplesPerPixel === 1) return format.photometric;
  if (hasComponentTransform(encoded)) return 'RGB';
  return format.photometric === 'YBR_FULL' || format.photometric === 'YBR_FULL_422' ? 'YBR_FULL' : 'RGB';
}

type Decoder = 'decodeJpeg' | 'decodeJpegLs' | 'decodeJpeg2000' | 'decodeHtJpeg2000' | 'decodeJpegXl';

async function decode(decoder: Decoder, encoded: Uint8Array, format: PixelFormat): Promise<Uint8Array> {
  const library = await loadCodecs();
  const context = new library.Context({
    width: format.columns,
    height: format.rows,
    bitsAllocated: format.bitsAllocated,
    bitsStored: format.bitsStored,
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
  const expected = format.rows * format.columns * format.samplesPerPixel * (format.bitsAllocated / 8);
  if (decoded === undefined || decoded.length < expected) {
    throw new Error(`the stream decodes to ${decoded?.length ?? 0} bytes, ${expected} are expected`);
  }
  // A copy: the codec's memory is used again for the next frame.
  return decoded.slice(0, expected);
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
  await library.NativeCodecs.initializeAsync();
  return library;
}
