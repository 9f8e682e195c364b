// Owns the records of the store: Study > Series > Instance > Frame, labels, and the immutable proposals, revisions and adapters.
// Binary fields are bytes; times are ISO 8601 in UTC.
import type { Classification } from './classification.ts';
import type { CodedConcept, SegmentCode } from './codes.ts';
import type { ImageBox, ImagePoint } from './geometry.ts';
import type { ObjectType, Position, Prompts } from './prompts.ts';

export const segmentAlgorithmTypes = ['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL'] as const;
export type SegmentAlgorithmType = (typeof segmentAlgorithmTypes)[number];

export const reviewStates = ['proposed', 'edited', 'accepted', 'absent', 'rejected'] as const;
export type ReviewState = (typeof reviewStates)[number];

/** What an original file can be. */
export const mediaTypes = [
  'application/dicom',
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/tiff',
  'image/bmp',
  'image/gif',
  'video/mp4',
  'video/quicktime',
  'video/x-msvideo',
] as const;
export type MediaType = (typeof mediaTypes)[number];

/** A calibrated part of an ultrasound image (PS3.3 C.8.5.5): bounds inclusive, in pixels; deltas in mm a pixel or null when unknown. */
export interface UltrasoundRegion {
  /** Its item in the Sequence of Ultrasound Regions, from 1. */
  readonly number: number;
  /** Codes of the standard as they stand in the file, or null: Region Spatial Format, Region Data Type, Physical Units X and Y Direction. */
  readonly spatialFormat: number | null;
  readonly dataType: number | null;
  readonly unitsX: number | null;
  readonly unitsY: number | null;
  readonly minX0: number;
  readonly minY0: number;
  readonly maxX1: number;
  readonly maxY1: number;
  readonly physicalDeltaXMm: number | null;
  readonly physicalDeltaYMm: number | null;
  readonly highPriority: boolean;
}

/** As the original has it. The store keeps it for objects that are made from the original; no title, message or log holds any of it. */
export interface Patient {
  /** Components parted by ^, as in DICOM. */
  readonly name: string | null;
  readonly id: string | null;
  /** YYYY-MM-DD. */
  readonly birthDate: string | null;
  readonly sex: string | null;
}

/** What an original says of its study; null where it does not. Dates and times (HH:MM:SS, maybe a fraction) are of the scanner's clock. */
export interface StudyFacts {
  readonly patient: Patient | null;
  readonly studyDate: string | null;
  readonly studyTime: string | null;
  readonly studyID: string | null;
  readonly accessionNumber: string | null;
  readonly studyDescription: string | null;
}

/** What an original says of its series and its scanner; null where it does not. */
export interface SeriesFacts {
  readonly modality: string | null;
  readonly seriesNumber: number | null;
  readonly seriesDescription: string | null;
  readonly protocolName: string | null;
  readonly bodyPartExamined: string | null;
  readonly laterality: string | null;
  readonly manufacturer: string | null;
  readonly manufacturerModelName: string | null;
}

/** What a DICOM original says of itself; null where it does not, and for other files. */
export interface InstanceFacts {
  readonly sopClassUID: string | null;
  readonly transferSyntaxUID: string | null;
  /** As the pixels were read: where the header is wrong about them, what they are. */
  readonly photometricInterpretation: string | null;
  readonly lossyImageCompression: boolean | null;
  readonly instanceNumber: number | null;
  readonly acquisitionDate: string | null;
  readonly acquisitionTime: string | null;
  readonly imageLaterality: string | null;
  readonly anatomicRegions: readonly CodedConcept[];
  /** The regions of each frame where they differ between frames, else null. */
  readonly frameRegions: readonly (readonly UltrasoundRegion[])[] | null;
  /** How long each frame is shown, in milliseconds, one entry a frame; null where that is unknown. */
  readonly frameDurationsMs: readonly number[] | null;
}

export interface Study extends StudyFacts {
  readonly id: string;
  readonly studyInstanceUID: string;
  readonly title: string;
  /** A pseudonym that groups studies of one patient (hash of PatientID and issuer), or null when the file does not say. */
  readonly patientKey: string | null;
  /** Suggested by what its files say; null where they say nothing. */
  readonly position: Position | null;
  readonly objectType: ObjectType | null;
  readonly simulated: boolean;
  readonly importedAt: string;
}

export interface Series extends SeriesFacts {
  readonly id: string;
  readonly studyId: string;
  readonly seriesInstanceUID: string;
}

export interface Instance extends InstanceFacts {
  readonly id: string;
  readonly seriesId: string;
  readonly sopInstanceUID: string;
  readonly fileName: string;
  /** SHA-256 of the original file, its name in objects/. */
  readonly objectHash: string;
  /** SHA-256 of the object that holds the decoded frames of a video, without loss; null where frames are read from the original. */
  readonly framesHash: string | null;
  readonly mediaType: MediaType;
  readonly width: number;
  readonly height: number;
  readonly frameCount: number;
  /** Pixel height over width; 1 where the file does not say. */
  readonly pixelAspectRatio: number;
  /** Of the image; where frames differ, of the first one. Ask `regionsOfFrame`. */
  readonly regions: readonly UltrasoundRegion[];
  /** Small faults met on reading, in words. */
  readonly warnings: readonly string[];
}

/** The regions that hold for a frame, by its number from 1. */
export function regionsOfFrame(
  instance: Pick<Instance, 'regions' | 'frameRegions'>,
  frameNumber: number,
): readonly UltrasoundRegion[] {
  return instance.frameRegions?.[frameNumber - 1] ?? instance.regions;
}

export interface Frame {
  readonly id: string;
  readonly instanceId: string;
  readonly studyId: string;
  /** From 1, as in DICOM. */
  readonly frameNumber: number;
  readonly width: number;
  readonly height: number;
}

export interface Label {
  readonly id: string;
  readonly name: string;
  /** CSS colour from the colour-blind-safe set. */
  readonly color: string;
  readonly position: Position;
  readonly type: ObjectType;
  /** What it is in coded terms; null where only the prompts say it (codeOfPrompts). */
  readonly code: SegmentCode | null;
  /** Put away by the reader: it keeps its annotations and is not offered for new ones. */
  readonly hidden: boolean;
  readonly activeAdapterId: string | null;
}

export interface Proposal {
  readonly id: string;
  readonly frameId: string;
  readonly labelId: string;
  readonly prompts: Prompts;
  readonly box: ImageBox | null;
  readonly modelId: string;
  readonly modelHash: string;
  readonly adapterId: string | null;
  /** Run-length bytes of common/mask.ts. */
  readonly mask: Uint8Array;
  readonly meanProbability: number;
  /** Share of the pixels whose probability is between 0.25 and 0.75, relative to the mask: how unsure the model is. */
  readonly uncertainty: number;
  /** What the model said of the class; null where it says nothing. */
  readonly classification: Classification | null;
  /** The first of two looks: the second was still to come when it was made. */
  readonly provisional: boolean;
  /** Made while a structure was followed from the frame before, in the box that it had there: behind a mask that was carried over. */
  readonly followed: boolean;
  readonly createdAt: string;
}

export interface Revision {
  readonly id: string;
  /** Identifies one annotation, that of (frame, label), across its revisions. */
  readonly trackingUID: string;
  readonly frameId: string;
  readonly labelId: string;
  readonly parentId: string | null;
  readonly proposalId: string | null;
  readonly reviewState: ReviewState;
  readonly segmentAlgorithmType: SegmentAlgorithmType;
  /** Run-length bytes; an absent structure has an empty mask. */
  readonly mask: Uint8Array;
  /** What the reader did: 'brush', 'eraser', 'accept', 'absent', 'undo', 'redo', 'import'. */
  readonly gesture: string;
  readonly reader: string;
  readonly createdAt: string;
}

export const measurementKinds = ['length', 'ellipse', 'angle'] as const;
export type MeasurementKind = (typeof measurementKinds)[number];

/** One revision of a measurement that was made by hand. Its figures follow from its points and the regions of the frame (measurements.ts). */
export interface Measurement {
  /** Of this revision. */
  readonly id: string;
  /** Identifies the measurement across its revisions. */
  readonly trackingUID: string;
  readonly parentId: string | null;
  readonly frameId: string;
  /** The structure that it belongs to, or null. */
  readonly labelId: string | null;
  readonly kind: MeasurementKind;
  readonly points: readonly ImagePoint[];
  /** This revision took the measurement away; a later one may bring it back. */
  readonly removed: boolean;
  readonly reader: string;
  readonly createdAt: string;
}

/** An annotation from elsewhere that was not merged, since the workspace's own had changed too; it waits for a decision. */
export interface AnnotationConflict {
  readonly id: string;
  readonly frameId: string;
  readonly labelId: string;
  /** The workspace's latest revision when it came in. */
  readonly ourRevisionId: string;
  /** The revision that it is in the workspace it came from, where its files say. */
  readonly theirRevisionId: string | null;
  readonly reviewState: ReviewState;
  readonly segmentAlgorithmType: SegmentAlgorithmType;
  readonly mask: Uint8Array;
  readonly reader: string;
  /** Which files it came in, in words. */
  readonly source: string;
  readonly decision: 'ours' | 'theirs' | null;
  readonly createdAt: string;
}

/** Dice on validation, before and after synchronization. */
export interface AdapterMetrics {
  readonly validationBefore: number;
  readonly validationAfter: number;
  /** Set where validation comes from the same cine as training, so that the estimate is optimistic; in words. */
  readonly caution: string | null;
}

export interface Adapter {
  readonly id: string;
  readonly labelId: string;
  readonly modelHash: string;
  readonly prompts: Prompts;
  readonly trainRevisionIds: readonly string[];
  readonly validationRevisionIds: readonly string[];
  readonly seed: number;
  readonly settings: Readonly<Record<string, number | string | boolean>>;
  readonly metrics: AdapterMetrics;
  /** Name of the safetensors file in adapters/, its SHA-256. */
  readonly fileHash: string;
  readonly createdAt: string;
}
