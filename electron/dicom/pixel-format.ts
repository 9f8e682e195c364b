// Owns the Image Pixel module (PS3.3 C.7.6.3): what the stored samples are, checked before any of them is touched.
import { AppError } from '../common/errors.ts';
import type { DataSet } from './data-set.ts';
import type { Keyword } from './dictionary.ts';
import { readStreamHeader, type StreamHeader } from './stream-header.ts';
import { isUncompressed, pixelCodingOf, type PixelCoding } from './transfer-syntaxes.ts';
import type { Report } from './elements.ts';

export const photometrics = [
  'MONOCHROME1',
  'MONOCHROME2',
  'PALETTE COLOR',
  'RGB',
  'YBR_FULL',
  'YBR_FULL_422',
  'YBR_PARTIAL_422',
  'YBR_RCT',
  'YBR_ICT',
] as const;
export type Photometric = (typeof photometrics)[number];

/** Of one frame, decoded. Decoders reserve memory by what a header says, several times as much; an ultrasound frame has about 2 MB. */
const frameBytesLimit = 72 * 1024 * 1024;

export interface PixelFormat {
  readonly coding: PixelCoding;
  readonly transferSyntaxUID: string;
  readonly rows: number;
  readonly columns: number;
  /** Number of Frames; null where the file does not say. */
  readonly statedFrameCount: number | null;
  readonly samplesPerPixel: 1 | 3;
  readonly photometric: Photometric;
  /** Colours one plane after the other, not pixel by pixel. */
  readonly planar: boolean;
  /** Uncompressed samples of a single bit, which are unpacked to bytes before anything else is done with them. */
  readonly packed: boolean;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  /** Bits below the stored ones: 0 but in files that keep their samples at the upper end of a word. */
  readonly lowBits: number;
  readonly signed: boolean;
}

/**
 * Reads and checks the module; small faults go to `report`.
 * Throws AppError('bad-input') for a value that is missing or impossible, AppError('unsupported') for a coding without decoder.
 */
export function readPixelFormat(
  dataSet: DataSet,
  transferSyntaxUID: string,
  fileName: string,
  report: Report,
): PixelFormat {
  const coding = pixelCodingOf(transferSyntaxUID);
  if (coding === null) {
    throw new AppError(
      'unsupported',
      `${fileName}: transfer syntax ${plain(transferSyntaxUID, /^[0-9.]{1,64}$/)} is not read; expected uncompressed, RLE, JPEG, JPEG-LS, JPEG 2000 or JPEG XL pixels.`,
    );
  }
  if (!dataSet.has('PixelData')) {
    throw new AppError('bad-input', `${fileName} has no pixel data: it ends before them or is no image.`);
  }
  const rows = size(dataSet, 'Rows', fileName);
  const columns = size(dataSet, 'Columns', fileName);
  const stream = readFirstStream(dataSet, coding);
  const samplesPerPixel = readSamplesPerPixel(dataSet, stream, fileName, report);
  const bits = readBitsAllocated(dataSet, stream, coding, fileName, report);
  const bitsAllocated = bits === 1 ? 8 : bits;
  const frameBytes = rows * columns * samplesPerPixel * (bitsAllocated / 8);
  if (frameBytes > frameBytesLimit) {
    throw new AppError(
      'bad-input',
      `${fileName} has frames of ${columns}×${rows} pixels, ${Math.round(frameBytes / 2 ** 20)} MB each; up to ${frameBytesLimit / 2 ** 20} MB are read.`,
    );
  }
  let bitsStored = dataSet.number('BitsStored') ?? bits;
  if (!Number.isInteger(bitsStored) || bitsStored < 1 || bitsStored > bits) {
    report(`Bits Stored is ${bitsStored} of ${bits} allocated; all allocated bits were read.`);
    bitsStored = bits;
  }
  return {
    coding,
    transferSyntaxUID,
    rows,
    columns,
    statedFrameCount: readFrameCount(dataSet, report),
    samplesPerPixel,
    photometric: readPhotometric(dataSet, coding, samplesPerPixel, fileName, report),
    planar: samplesPerPixel === 3 && dataSet.number('PlanarConfiguration') === 1,
    packed: bits === 1,
    bitsAllocated,
    bitsStored,
    lowBits: readLowBits(dataSet, coding, bits, bitsStored, report),
    signed: bits > 1 && dataSet.number('PixelRepresentation') === 1,
  };
}

/** A value as a message may repeat it: of a damaged file it could be anything. */
function plain(text: string, expected: RegExp): string {
  return expected.test(text) ? text : 'that cannot be read';
}

/** What the first compressed frame says of itself; null where it says nothing or cannot be read. */
function readFirstStream(dataSet: DataSet, coding: PixelCoding): StreamHeader | null {
  const first = dataSet.encapsulated('PixelData')?.fragments.find(({ bytes }) => bytes.length > 0);
  if (!first) return null;
  try {
    return readStreamHeader(first.bytes, coding);
  } catch {
    // Where it matters, decoding the frame says what is wrong.
    return null;
  }
}

function readSamplesPerPixel(dataSet: DataSet, stream: StreamHeader | null, fileName: string, report: Report): 1 | 3 {
  if (dataSet.has('SamplesPerPixel')) return oneOf(dataSet, 'SamplesPerPixel', [1, 3], fileName);
  const named = dataSet.text('PhotometricInterpretation');
  const isColor = stream ? stream.components === 3 : named !== null && /^(RGB|YBR)/i.test(named);
  report(
    `Samples per Pixel is missing; ${isColor ? 3 : 1} was told by ${stream ? 'the compressed pixels' : 'the rest of the header'}.`,
  );
  return isColor ? 3 : 1;
}

function readBitsAllocated(
  dataSet: DataSet,
  stream: StreamHeader | null,
  coding: PixelCoding,
  fileName: string,
  report: Report,
): 1 | 8 | 16 {
  if (dataSet.has('BitsAllocated') || !stream) {
    return oneOf(dataSet, 'BitsAllocated', isUncompressed(coding) ? [1, 8, 16] : [8, 16], fileName);
  }
  const bits = stream.precision > 8 ? 16 : 8;
  report(`Bits Allocated is missing; ${bits} was told by the compressed pixels.`);
  return bits;
}

function oneOf<T extends number>(dataSet: DataSet, keyword: Keyword, values: readonly T[], fileName: string): T {
  const found = dataSet.number(keyword);
  const value = values.find((candidate) => candidate === found);
  if (value !== undefined) return value;
  throw new AppError(
    'unsupported',
    `${fileName}: expected ${keyword} to be ${values.join(' or ')}, found ${found ?? 'none'}.`,
  );
}

function size(dataSet: DataSet, keyword: 'Rows' | 'Columns', fileName: string): number {
  const value = dataSet.number(keyword);
  if (value !== null && Number.isInteger(value) && value >= 1 && value <= 65_535) return value;
  throw new AppError('bad-input', `${fileName}: expected ${keyword} from 1 to 65535, found ${value ?? 'none'}.`);
}

/** By High Bit (PS3.5 section 8.1.1). Decoders of compressed samples put them at the lower end. */
function readLowBits(dataSet: DataSet, coding: PixelCoding, bits: number, bitsStored: number, report: Report): number {
  const highBit = dataSet.number('HighBit') ?? bitsStored - 1;
  const lowBits = highBit + 1 - bitsStored;
  if (lowBits === 0 || !(isUncompressed(coding) || coding === 'rle')) return 0;
  if (Number.isInteger(lowBits) && lowBits > 0 && highBit < bits) return lowBits;
  report(`High Bit is ${highBit}, which does not go with ${bitsStored} bits of ${bits}, and was not used.`);
  return 0;
}

function readFrameCount(dataSet: DataSet, report: Report): number | null {
  const value = dataSet.number('NumberOfFrames');
  if (value === null || (Number.isInteger(value) && value >= 1)) return value;
  report(`Number of Frames is ${value}, which is no count, and was not used.`);
  return null;
}

function readPhotometric(
  dataSet: DataSet,
  coding: PixelCoding,
  samplesPerPixel: 1 | 3,
  fileName: string,
  report: Report,
): Photometric {
  const text = dataSet.text('PhotometricInterpretation')?.toUpperCase().replaceAll(/\s+/g, ' ') ?? null;
  const found = photometrics.find((candidate) => candidate === text);
  if (text !== null && found === undefined) {
    throw new AppError(
      'unsupported',
      `${fileName}: expected PhotometricInterpretation to be one of ${photometrics.join(', ')}, found ${plain(text, /^[A-Z0-9_ ]{1,16}$/)}.`,
    );
  }
  const isGrey = found === 'MONOCHROME1' || found === 'MONOCHROME2' || found === 'PALETTE COLOR';
  if (found !== undefined && isGrey === (samplesPerPixel === 1)) return found;
  const assumed = assumePhotometric(dataSet, coding, samplesPerPixel);
  const reason =
    found === undefined ? 'is missing' : `is ${found}, which does not go with ${samplesPerPixel} samples a pixel`;
  report(`Photometric Interpretation ${reason}; the pixels were read as ${assumed}.`);
  return assumed;
}

function assumePhotometric(dataSet: DataSet, coding: PixelCoding, samplesPerPixel: 1 | 3): Photometric {
  // Baseline JPEG stores luminance and chroma unless it says otherwise; nothing else does by itself.
  if (samplesPerPixel === 3) return coding === 'jpeg' ? 'YBR_FULL' : 'RGB';
  return dataSet.has('RedPaletteColorLookupTableDescriptor') ? 'PALETTE COLOR' : 'MONOCHROME2';
}
