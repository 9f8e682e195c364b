// Owns reading measurement reports (TID 1500), ours and other programs', in any of the SR document classes: each measurement group with what it
// tracks, finds, refers to and measures. What else a report says is passed over.
import type { CodedConcept } from '../../common/codes.ts';
import { AppError } from '../../common/errors.ts';
import type { ImagePoint } from '../../common/geometry.ts';
import { readCode } from '../coded-concepts.ts';
import type { DataSet } from '../data-set.ts';
import { parsePart10 } from '../part10.ts';
import { codes } from './codes.ts';

/** Enhanced, Comprehensive, Comprehensive 3D and Extensible SR. */
const reportClasses = ['22', '33', '34', '35'].map((last) => `1.2.840.10008.5.1.4.1.1.88.${last}`);

export interface FrameReference {
  readonly sopInstanceUID: string;
  /** From 1. */
  readonly frameNumber: number;
}

export interface ReadNumber {
  readonly name: CodedConcept;
  readonly value: number;
  readonly unit: CodedConcept;
}

export interface ReadGroup {
  readonly trackingIdentifier: string | null;
  readonly trackingUID: string | null;
  readonly finding: CodedConcept | null;
  /** A frame of a segmentation, which tells the segment; some writers name the segment instead or as well. */
  readonly segmentation: (FrameReference & { readonly segmentNumber: number | null }) | null;
  /** The frame that it was measured in. */
  readonly source: FrameReference | null;
  /** Said to be not there. */
  readonly absent: boolean;
  readonly numbers: readonly ReadNumber[];
  /** What was drawn, in image coordinates; null where nothing was. */
  readonly drawn: { readonly graphicType: string; readonly points: readonly ImagePoint[] } | null;
}

export interface ReadMeasurementReport {
  readonly sopInstanceUID: string;
  /** The people who observed. */
  readonly observers: readonly string[];
  readonly groups: readonly ReadGroup[];
}

/** Reads a report. Throws AppError('bad-input') that names the file where it is no report of measurements. */
export function readMeasurementReport(bytes: Uint8Array, fileName: string): ReadMeasurementReport {
  const { dataSet } = parsePart10(bytes, fileName);
  const isReport = reportClasses.includes(dataSet.text('SOPClassUID') ?? '');
  if (!isReport || !named(dataSet, codes.imagingMeasurementReport)) {
    throw new AppError('bad-input', `${fileName} is not a DICOM report of measurements (TID 1500).`);
  }
  const content = dataSet.items('ContentSequence');
  const measurements = content.filter((item) => named(item, codes.imagingMeasurements));
  const groups = measurements.flatMap((item) => item.items('ContentSequence'));
  return {
    sopInstanceUID: dataSet.text('SOPInstanceUID') ?? '',
    observers: content.map((item) => item.text('PersonName')).filter((name) => name !== null),
    groups: groups.filter((item) => named(item, codes.measurementGroup)).map(readGroup),
  };
}

function readGroup(group: DataSet): ReadGroup {
  const items = group
    .items('ContentSequence')
    .map((item) => ({ item, name: readCode(item, 'ConceptNameCodeSequence') }));
  const find = (name: CodedConcept) => items.find((each) => isCode(each.name, name))?.item ?? null;
  const numbers = items.map(({ item }) => item).filter((item) => item.text('ValueType') === 'NUM');
  const drawn =
    numbers.flatMap((item) => item.items('ContentSequence')).find((item) => item.has('GraphicData')) ?? null;
  const source =
    find(codes.sourceImageForSegmentation) ??
    find(codes.sourceOfMeasurement) ??
    drawn?.items('ContentSequence')[0] ??
    null;
  return {
    trackingIdentifier: find(codes.trackingIdentifier)?.longText('TextValue') ?? null,
    trackingUID: find(codes.trackingUniqueIdentifier)?.text('UID') ?? null,
    finding: readCode(find(codes.finding), 'ConceptCodeSequence'),
    segmentation: readSegmentReference(find(codes.referencedSegmentationFrame)),
    source: readReference(source),
    absent: isCode(readCode(find(codes.presence), 'ConceptCodeSequence'), codes.absent),
    numbers: numbers.map(readNumber).filter((number) => number !== null),
    drawn: drawn && { graphicType: drawn.text('GraphicType') ?? '', points: toPoints(drawn.numbers('GraphicData')) },
  };
}

function readNumber(item: DataSet): ReadNumber | null {
  const measured = item.items('MeasuredValueSequence')[0] ?? null;
  const name = readCode(item, 'ConceptNameCodeSequence');
  const unit = readCode(measured, 'MeasurementUnitsCodeSequence');
  const value = measured?.number('NumericValue') ?? null;
  return name && unit && value !== null ? { name, unit, value } : null;
}

function readSegmentReference(item: DataSet | null): ReadGroup['segmentation'] {
  const reference = readReference(item);
  const segmentNumber = item?.items('ReferencedSOPSequence')[0]?.number('ReferencedSegmentNumber') ?? null;
  return reference && { ...reference, segmentNumber };
}

function readReference(item: DataSet | null): FrameReference | null {
  const reference = item?.items('ReferencedSOPSequence')[0] ?? null;
  const sopInstanceUID = reference?.text('ReferencedSOPInstanceUID') ?? null;
  if (reference === null || sopInstanceUID === null) return null;
  return { sopInstanceUID, frameNumber: reference.number('ReferencedFrameNumber') ?? 1 };
}

function toPoints(values: readonly number[]): ImagePoint[] {
  return Array.from({ length: Math.floor(values.length / 2) }, (_, i) => ({ x: values[2 * i], y: values[2 * i + 1] }));
}

function named(item: DataSet, name: CodedConcept): boolean {
  return isCode(readCode(item, 'ConceptNameCodeSequence'), name);
}

function isCode(found: CodedConcept | null, expected: CodedConcept): boolean {
  return found?.codeValue === expected.codeValue && found.codingSchemeDesignator === expected.codingSchemeDesignator;
}
