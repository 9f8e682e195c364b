// Owns reading the items of a Segment Sequence (PS3.3 C.8.20.2): what each segment is, and, in ours, which frames were reviewed for it.
import type { SegmentCode } from '../../common/codes.ts';
import { AppError } from '../../common/errors.ts';
import { segmentAlgorithmTypes } from '../../common/study.ts';
import type { SegmentAlgorithmType } from '../../common/study.ts';
import { readCode } from '../coded-concepts.ts';
import type { DataSet } from '../data-set.ts';
import { privateCreator } from '../write/private-elements.ts';

export interface SourceFrame {
  readonly sopInstanceUID: string;
  /** From 1. */
  readonly frameNumber: number;
}

/** What SonoSync says of a reviewed frame in its private elements; `absent` is a frame without a mask. */
export interface ReviewedFrame {
  readonly frame: SourceFrame;
  /** The imported frame where a converted image stands for it, else the same frame. */
  readonly origin: SourceFrame;
  readonly reviewState: string;
  readonly trackingUID: string | null;
  readonly revisionId: string | null;
  readonly segmentAlgorithmType: SegmentAlgorithmType | null;
}

export interface ReadSegment {
  readonly segmentNumber: number;
  readonly label: string;
  /** What it is in coded terms; null where the file lacks them. */
  readonly code: SegmentCode | null;
  readonly trackingUID: string | null;
  readonly segmentAlgorithmType: SegmentAlgorithmType | null;
  /** Empty for another program's segmentation. */
  readonly reviewed: readonly ReviewedFrame[];
}

export function readSegment(item: DataSet, fileName: string): ReadSegment {
  const segmentNumber = item.number('SegmentNumber');
  if (segmentNumber === null) throw damaged(fileName, 'a segment without a number');
  const ours = item.text('SonoSyncCreator') === privateCreator;
  const name = ours ? item.longText('SonoSyncLabelName') : null;
  return {
    segmentNumber,
    label: name ?? item.text('SegmentLabel') ?? `Segment ${segmentNumber}`,
    code: readSegmentCode(item),
    trackingUID: item.text('TrackingUID'),
    segmentAlgorithmType: readAlgorithmType(item),
    reviewed: ours ? item.items('SonoSyncAnnotationSequence').map((entry) => readReviewed(entry, fileName)) : [],
  };
}

function readSegmentCode(item: DataSet): SegmentCode | null {
  const category = readCode(item, 'SegmentedPropertyCategoryCodeSequence');
  const type = readCode(item, 'SegmentedPropertyTypeCodeSequence');
  return category && type && { category, type, anatomicRegion: readCode(item, 'AnatomicRegionSequence') };
}

function readReviewed(item: DataSet, fileName: string): ReviewedFrame {
  const frame = toSourceFrame(item.text('ReferencedSOPInstanceUID'), item.number('ReferencedFrameNumber'), fileName);
  const origin = item.text('SonoSyncOriginSOPInstanceUID');
  return {
    frame,
    origin: origin === null ? frame : toSourceFrame(origin, item.number('SonoSyncOriginFrameNumber'), fileName),
    reviewState: item.text('SonoSyncReviewState') ?? '',
    trackingUID: item.text('TrackingUID'),
    revisionId: item.longText('SonoSyncRevisionID'),
    segmentAlgorithmType: readAlgorithmType(item),
  };
}

function readAlgorithmType(item: DataSet): SegmentAlgorithmType | null {
  const text = item.text('SegmentAlgorithmType');
  return segmentAlgorithmTypes.find((known) => known === text) ?? null;
}

/** An image of one frame is referred to without a frame number. */
export function toSourceFrame(sopInstanceUID: string | null, frameNumber: number | null, place: string): SourceFrame {
  if (sopInstanceUID === null) throw damaged(place, 'a reference without a SOP Instance UID');
  return { sopInstanceUID, frameNumber: frameNumber ?? 1 };
}

export function damaged(place: string, what: string): AppError {
  return new AppError('bad-input', `${place} is not a segmentation that can be read: it has ${what}.`);
}
