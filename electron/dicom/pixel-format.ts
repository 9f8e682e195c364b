// Owns the Image Pixel module (PS3.3 C.7.6.3): what the stored samples are, checked before any of them is touched.
import { AppError } from '../common/errors.ts';
import type { DataSet } from './data-set.ts';
import type { Keyword } from './dictionary.ts';
import { pixelCodingOf, type PixelCoding } from './transfer-syntaxes.ts';

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

/** Of one frame. Decoders reserve memory by what a header says; an ultrasound frame has about one million. */
const pixelLimit = 100_000_000;

export interface PixelFormat {
  readonly coding: PixelCoding;
  readonly transferSyntaxUID: string;
  readonly rows: number;
  readonly columns: number;
  readonly frameCount: number;
  readonly samplesPerPixel: 1 | 3;
  readonly photometric: Photometric;
  /** Colours one plane after the other, not pixel by pixel. */
  readonly planar: boolean;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly signed: boolean;
}

/**
 * Reads and checks the module; small faults go to `warnings`.
 * Throws AppError('bad-input') for a value that is missing or impossible, AppError('unsupported') for a coding without decoder.
 */
export function readPixelFormat(
  dataSet: DataSet,
  transferSyntaxUID: string,
  fileName: string,
  warnings: string[],
): PixelFormat {
  const coding = pixelCodingOf(transferSyntaxUID);
  if (coding === null) {
    throw new AppError(
      'unsupported',
      `${fileName}: transfer syntax ${transferSyntaxUID} is not read; expected uncompressed, RLE, JPEG, JPEG-LS, JPEG 2000 or JPEG XL pixels.`,
    );
  }
  if (!dataSet.has('PixelData')) {
    throw new AppError('bad-input', `${fileName} has no pixel data: it ends before them or is no image.`);
  }
  const rows = size(dataSet, 'Rows', fileName);
  const columns = size(dataSet, 'Columns', fileName);
  if (rows * columns > pixelLimit) {
    throw new AppError(
      'bad-input',
      `${fileName} has frames of ${columns}×${rows} pixels; up to ${pixelLimit / 1e6} million are read.`,
    );
  }
  const samplesPerPixel = oneOf(dataSet, 'SamplesPerPixel', [1, 3], 1, fileName);
  const bitsAllocated = oneOf(dataSet, 'BitsAllocated', [8, 16], null, fileName);
  let bitsStored = dataSet.number('BitsStored') ?? bitsAllocated;
  if (!Number.isInteger(bitsStored) || bitsStored < 1 || bitsStored > bitsAllocated) {
    warnings.push(`Bits Stored is ${bitsStored} of ${bitsAllocated} allocated; all allocated bits were read.`);
    bitsStored = bitsAllocated;
  }
  return {
    coding,
    transferSyntaxUID,
    rows,
    columns,
    frameCount: readFrameCount(dataSet, fileName),
    samplesPerPixel,
    photometric: readPhotometric(dataSet, coding, samplesPerPixel, fileName, warnings),
    planar: samplesPerPixel === 3 && dataSet.number('PlanarConfiguration') === 1,
    bitsAllocated,
    bitsStored,
    signed: dataSet.number('PixelRepresentation') === 1,
  };
}

function oneOf<T extends number>(
  dataSet: DataSet,
  keyword: Keyword,
  values: readonly T[],
  fallback: T | null,
  fileName: string,
): T {
  const found = dataSet.number(keyword) ?? fallback;
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

function readFrameCount(dataSet: DataSet, fileName: string): number {
  const value = dataSet.number('NumberOfFrames') ?? 1;
  if (Number.isInteger(value) && value >= 1) return value;
  throw new AppError('bad-input', `${fileName}: expected NumberOfFrames to be a whole number from 1, found ${value}.`);
}

function readPhotometric(
  dataSet: DataSet,
  coding: PixelCoding,
  samplesPerPixel: 1 | 3,
  fileName: string,
  warnings: string[],
): Photometric {
  const text = dataSet.text('PhotometricInterpretation')?.toUpperCase().replaceAll(/\s+/g, ' ') ?? null;
  const found = photometrics.find((candidate) => candidate === text);
  if (text !== null && found === undefined) {
    throw new AppError(
      'unsupported',
      `${fileName}: expected PhotometricInterpretation to be one of ${photometrics.join(', ')}, found ${text.slice(0, 20)}.`,
    );
  }
  const isGrey = found === 'MONOCHROME1' || found === 'MONOCHROME2' || found === 'PALETTE COLOR';
  if (found !== undefined && isGrey === (samplesPerPixel === 1)) return found;
  const assumed = assumePhotometric(dataSet, coding, samplesPerPixel);
  const reason =
    found === undefined ? 'is missing' : `is ${found}, which does not go with ${samplesPerPixel} samples a pixel`;
  warnings.push(`Photometric Interpretation ${reason}; the pixels were read as ${assumed}.`);
  return assumed;
}

function assumePhotometric(dataSet: DataSet, coding: PixelCoding, samplesPerPixel: 1 | 3): Photometric {
  // Baseline JPEG stores luminance and chroma unless it says otherwise; nothing else does by itself.
  if (samplesPerPixel === 3) return coding === 'jpeg' ? 'YBR_FULL' : 'RGB';
  return dataSet.has('RedPaletteColorLookupTableDescriptor') ? 'PALETTE COLOR' : 'MONOCHROME2';
}
