// Owns compressed pixels for tests: run-length by an encoder of its own, the others by the codec library's encoders, which share no code with
// what reads headers and places frames here.
import codecLibrary from 'dcmjs-codecs';

const { Context, NativeCodecs } = codecLibrary;

export interface PixelShape {
  readonly columns: number;
  readonly rows: number;
  readonly samplesPerPixel: 1 | 3;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly signed?: boolean;
  /** RGB, or what a grey image is: what the encoder is told, on which its own transformation of colours depends. */
  readonly photometric?: string;
}

export type Encoder = 'encodeJpeg' | 'encodeJpegLs' | 'encodeJpeg2000' | 'encodeHtJpeg2000' | 'encodeJpegXl';

export interface EncoderSettings {
  readonly lossy?: boolean;
  readonly quality?: number;
  readonly predictor?: number;
  readonly allowedLossyError?: number;
  readonly rate?: number;
}

/** Call once before `encode`. */
export function startEncoders(): Promise<void> {
  return NativeCodecs.initializeAsync();
}

/** Samples of 8 bits, or of 16 in little-endian order, pixel by pixel. */
export function encode(
  encoder: Encoder,
  samples: Uint8Array,
  shape: PixelShape,
  settings: EncoderSettings = {},
): Uint8Array {
  const context = new Context({
    width: shape.columns,
    height: shape.rows,
    bitsAllocated: shape.bitsAllocated,
    bitsStored: shape.bitsStored,
    samplesPerPixel: shape.samplesPerPixel,
    pixelRepresentation: shape.signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: shape.photometric ?? (shape.samplesPerPixel === 1 ? 'MONOCHROME2' : 'RGB'),
    decodedBuffer: samples,
  });
  const encoded = NativeCodecs[encoder](context, { lossy: false, ...settings }).getEncodedBuffer();
  if (!encoded) throw new Error(`${encoder} gave nothing`);
  return encoded.slice();
}

/** PS3.5 annex G, with literal packets only but for runs of equal bytes. */
export function runLength(planes: readonly Uint8Array[]): Uint8Array {
  const segments = planes.map(packBits);
  const header = Buffer.alloc(64);
  header.writeUInt32LE(segments.length, 0);
  let offset = 64;
  segments.forEach((segment, index) => {
    header.writeUInt32LE(offset, 4 + index * 4);
    offset += segment.length;
  });
  return new Uint8Array(Buffer.concat([header, ...segments]));
}

function packBits(plane: Uint8Array): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < plane.length;) {
    let run = 1;
    while (run < 128 && at + run < plane.length && plane[at + run] === plane[at]) run += 1;
    if (run > 2) bytes.push(257 - run, plane[at]);
    else bytes.push(run - 1, ...plane.subarray(at, at + run));
    at += run;
  }
  if (bytes.length % 2 === 1) bytes.push(128);
  return Uint8Array.from(bytes);
}

/** The byte planes of interleaved samples: of each sample in turn, its high byte first. */
export function bytePlanes(samples: Uint8Array, { samplesPerPixel, bitsAllocated }: PixelShape): Uint8Array[] {
  const bytesPerSample = bitsAllocated / 8;
  const stride = samplesPerPixel * bytesPerSample;
  return Array.from({ length: stride }, (_, plane) => {
    const sample = Math.floor(plane / bytesPerSample);
    const byte = bytesPerSample - 1 - (plane % bytesPerSample);
    return samples.filter((_value, index) => index % stride === sample * bytesPerSample + byte);
  });
}

/** Little-endian 16-bit words. */
export function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  values.forEach((value, index) => new DataView(bytes.buffer).setUint16(index * 2, value & 0xffff, true));
  return bytes;
}
