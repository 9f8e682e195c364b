// Owns the records that a segmentation is made from: its sources, its segments and which segment each frame shows on which source frame.
import type { SegmentCode } from '../../common/codes.ts';
import type { SegmentAlgorithmType } from '../../common/study.ts';
import type { SourceImage } from '../write/source-image.ts';

/** The network that took part in making a segment. */
export interface SegmentAlgorithm {
  readonly name: string;
  readonly version: string;
  /** Hashes of model and adapter, in words. */
  readonly parameters: string;
}

/** What was found in one frame: the history behind a mask, or that the structure is absent, for which there is no mask. */
export interface FrameAnnotation {
  /** Index among the sources. */
  readonly source: number;
  readonly frameNumber: number;
  /** The imported frame that a converted source shows, where its identifiers differ from the source's. */
  readonly origin: { readonly sopInstanceUID: string; readonly frameNumber: number } | null;
  readonly trackingUID: string;
  readonly revisionId: string;
  readonly reviewState: string;
  readonly segmentAlgorithmType: SegmentAlgorithmType;
}

export interface Segment {
  readonly label: string;
  readonly code: SegmentCode;
  /** CSS colour, #rrggbb. */
  readonly color: string;
  readonly segmentAlgorithmType: SegmentAlgorithmType;
  /** At least one unless the segment is MANUAL. */
  readonly algorithms: readonly SegmentAlgorithm[];
  readonly trackingUID: string;
  readonly annotations: readonly FrameAnnotation[];
}

/** Segment `segmentNumber` (from 1) on a frame of a source, in the order of the pixel data. */
export interface SegmentationFrame {
  readonly segmentNumber: number;
  /** Index among the sources. */
  readonly source: number;
  readonly frameNumber: number;
}

/** One bit a pixel, or one byte: a probability from 0 to 255. */
export type SegmentationType = 'BINARY' | 'FRACTIONAL';

export interface SegmentationInput {
  readonly SOPInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SeriesNumber: number;
  readonly InstanceNumber: number;
  readonly SeriesDescription: string;
  readonly created: Date;
  /** Of the software. */
  readonly version: string;
  /** As PN; null where it was more than one person. */
  readonly ContentCreatorName: string | null;
  /** Of one study and one size. */
  readonly sources: readonly SourceImage[];
  readonly segments: readonly Segment[];
  readonly frames: readonly SegmentationFrame[];
  /** Whether any pixel belongs to two segments. */
  readonly segmentsOverlap: boolean;
  readonly segmentationType: SegmentationType;
  readonly pixelData: Uint8Array;
}
