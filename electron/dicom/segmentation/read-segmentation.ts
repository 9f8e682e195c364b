// Owns reading segmentations (PS3.3 A.51): ours and other programs', BINARY, FRACTIONAL and LABELMAP. Each frame is led back to the source
// frame that it lies on, which it names itself; where only positions in space tell that, it is refused.
import { AppError } from '../../common/errors.ts';
import type { BinaryMask } from '../../common/mask.ts';
import { mostPixels } from '../../common/picture.ts';
import type { DataSet } from '../data-set.ts';
import { parsePart10 } from '../part10.ts';
import { unpackMask } from './bits.ts';
import { damaged, readSegment, toSourceFrame } from './read-segment.ts';
import type { ReadSegment, SourceFrame } from './read-segment.ts';
import { segmentationStorage } from './segmentation.ts';
import { locateStoredFrames } from './stored-frames.ts';
import type { StoredFrames } from './stored-frames.ts';

const labelmapStorage = '1.2.840.10008.5.1.4.1.1.66.7';

export interface SegmentFrame {
  readonly segmentNumber: number;
  readonly source: SourceFrame;
  /** The segment's pixels; of FRACTIONAL ones those of at least half the greatest value. */
  readonly mask: () => Promise<BinaryMask>;
  /** From 0 to 1, row by row; 0 and 1 alone unless FRACTIONAL. */
  readonly probabilities: () => Promise<Float32Array>;
}

export interface ReadSegmentation {
  readonly sopInstanceUID: string;
  readonly studyInstanceUID: string | null;
  readonly segmentationType: 'BINARY' | 'FRACTIONAL' | 'LABELMAP';
  readonly width: number;
  readonly height: number;
  readonly segments: readonly ReadSegment[];
  readonly frames: readonly SegmentFrame[];
}

/** Whether a DICOM file is a segmentation, by its SOP class. Throws AppError('bad-input') for what is damaged or no DICOM file. */
export function isSegmentationFile(bytes: Uint8Array, fileName: string): boolean {
  return isSegmentation(parsePart10(bytes, fileName).dataSet);
}

function isSegmentation(dataSet: DataSet): boolean {
  return [segmentationStorage, labelmapStorage].includes(dataSet.text('SOPClassUID') ?? '');
}

/**
 * Reads a segmentation. Throws AppError('bad-input') for a file that is none or contradicts itself, AppError('unsupported') for pixels in a form
 * that is not read and for frames that do not name their source; messages name the file.
 */
export async function readSegmentation(bytes: Uint8Array, fileName: string): Promise<ReadSegmentation> {
  const { dataSet, transferSyntaxUID } = parsePart10(bytes, fileName);
  if (!isSegmentation(dataSet)) throw new AppError('bad-input', `${fileName} is not a DICOM segmentation.`);
  const format = readFormat(dataSet, transferSyntaxUID, fileName);
  const segments = dataSet.items('SegmentSequence').map((item) => readSegment(item, fileName));
  const shared = dataSet.items('SharedFunctionalGroupsSequence')[0] ?? null;
  // Frames that were cut out of a file leave the groups of the others behind.
  const groups = dataSet.items('PerFrameFunctionalGroupsSequence').slice(0, format.frameCount);
  if (groups.length < format.frameCount) {
    throw damaged(fileName, `${format.frameCount} frames and functional groups for ${groups.length}`);
  }
  const frames: SegmentFrame[] = [];
  for (const [index, group] of groups.entries()) {
    const source = readSource(group, shared, `${fileName}: frame ${index + 1}`);
    const numbers =
      format.type === 'LABELMAP'
        ? await segmentsIn(format, index, segments)
        : [readSegmentNumber(group, shared, `${fileName}: frame ${index + 1}`)];
    frames.push(...numbers.map((segmentNumber) => frameOf(format, index, segmentNumber, source)));
  }
  for (const { segmentNumber } of frames) {
    if (!segments.some((segment) => segment.segmentNumber === segmentNumber)) {
      throw damaged(fileName, `a frame of segment ${segmentNumber}, which it does not describe`);
    }
  }
  return {
    sopInstanceUID: dataSet.text('SOPInstanceUID') ?? '',
    studyInstanceUID: dataSet.text('StudyInstanceUID'),
    segmentationType: format.type,
    width: format.width,
    height: format.height,
    segments,
    frames,
  };
}

interface Format {
  readonly type: ReadSegmentation['segmentationType'];
  readonly width: number;
  readonly height: number;
  readonly frameCount: number;
  readonly bits: number;
  /** The value that stands for certainty in FRACTIONAL frames. */
  readonly greatest: number;
  readonly stored: StoredFrames;
}

function readFormat(dataSet: DataSet, transferSyntaxUID: string, fileName: string): Format {
  const type = dataSet.text('SegmentationType') ?? 'BINARY';
  if (type !== 'BINARY' && type !== 'FRACTIONAL' && type !== 'LABELMAP') {
    throw new AppError(
      'unsupported',
      `${fileName}: expected a BINARY, FRACTIONAL or LABELMAP segmentation, found ${type.slice(0, 16)}.`,
    );
  }
  const [width, height] = [dataSet.number('Columns') ?? 0, dataSet.number('Rows') ?? 0];
  const bits = dataSet.number('BitsAllocated') ?? 0;
  const allowed = { BINARY: [1], FRACTIONAL: [8], LABELMAP: [8, 16] }[type];
  if (width < 1 || height < 1 || width * height > mostPixels || !allowed.includes(bits)) {
    throw damaged(fileName, `frames of ${width}×${height} pixels with ${bits} bits, which do not go with ${type}`);
  }
  const frameCount = dataSet.number('NumberOfFrames') ?? 1;
  const layout = { frameCount, width, height, bits, isLabelmap: type === 'LABELMAP' };
  const stored = locateStoredFrames(dataSet, transferSyntaxUID, layout, fileName);
  const greatest = dataSet.number('MaximumFractionalValue') ?? 255;
  return { type, width, height, frameCount, bits, greatest, stored };
}

function frameOf(format: Format, index: number, segmentNumber: number, source: SourceFrame): SegmentFrame {
  const { type, width, height, greatest, stored } = format;
  const size = width * height;
  const mask = async (): Promise<BinaryMask> => {
    if (type === 'BINARY') {
      const { bytes, start } = await stored(index);
      return unpackMask(bytes, start, width, height);
    }
    const value = await sampleReader(format, index);
    const data = new Uint8Array(size);
    const isSet =
      type === 'LABELMAP' ? (at: number) => value(at) === segmentNumber : (at: number) => 2 * value(at) >= greatest;
    for (let at = 0; at < size; at += 1) data[at] = isSet(at) ? 1 : 0;
    return { width, height, data };
  };
  const probabilities = async (): Promise<Float32Array> => {
    if (type !== 'FRACTIONAL') return Float32Array.from((await mask()).data);
    const value = await sampleReader(format, index);
    return Float32Array.from({ length: size }, (_, at) => value(at) / greatest);
  };
  return { segmentNumber, source, mask, probabilities };
}

/** Of 8 or 16 bits, the low byte first. */
async function sampleReader({ bits, stored }: Format, index: number): Promise<(at: number) => number> {
  const { bytes, start } = await stored(index);
  if (bits === 16) return (at) => bytes[2 * (start + at)] + 256 * bytes[2 * (start + at) + 1];
  return (at) => bytes[start + at];
}

/** The segments that a frame of a label map shows; those that it does not are absent from it. */
async function segmentsIn(format: Format, index: number, segments: readonly ReadSegment[]): Promise<number[]> {
  const value = await sampleReader(format, index);
  const found = new Set<number>();
  for (let at = 0; at < format.width * format.height; at += 1) found.add(value(at));
  return segments.map(({ segmentNumber }) => segmentNumber).filter((number) => number > 0 && found.has(number));
}

/** Functional groups may stand with each frame or once for all. */
function readSegmentNumber(group: DataSet, shared: DataSet | null, place: string): number {
  const identification = [group, shared].flatMap((each) => each?.items('SegmentIdentificationSequence') ?? []);
  const number = identification[0]?.number('ReferencedSegmentNumber') ?? null;
  if (number === null) throw damaged(place, 'no segment number');
  return number;
}

function readSource(group: DataSet, shared: DataSet | null, place: string): SourceFrame {
  const derivations = [group, shared].flatMap((each) => each?.items('DerivationImageSequence') ?? []);
  const sources = derivations.flatMap((derivation) => derivation.items('SourceImageSequence'));
  if (sources.length !== 1) {
    throw new AppError(
      'unsupported',
      `${place} names ${sources.length} source images; expected one, since ultrasound has no positions in space to go by.`,
    );
  }
  const numbers = sources[0].numbers('ReferencedFrameNumber');
  if (numbers.length > 1) throw new AppError('unsupported', `${place} lies on ${numbers.length} frames of its source.`);
  return toSourceFrame(sources[0].text('ReferencedSOPInstanceUID'), numbers[0] ?? null, place);
}
