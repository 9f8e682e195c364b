// Owns what an export starts from: annotations with their frames, as records that hold no decoded pixels. Pictures and masks are decoded one at
// a time, so that memory stays flat whatever the number of frames.
import { createHash } from 'node:crypto';
import type { Classification } from '../common/classification.ts';
import { decodeMask } from '../common/mask.ts';
import type { BinaryMask } from '../common/mask.ts';
import type { SegmentCode } from '../common/codes.ts';
import type { ImagePoint } from '../common/geometry.ts';
import type { Picture } from '../common/picture.ts';
import type { ObjectType, Position, Prompts } from '../common/prompts.ts';
import type {
  MeasurementKind,
  MediaType,
  ReviewState,
  SegmentAlgorithmType,
  UltrasoundRegion,
} from '../common/study.ts';
import { fileNameOf, makeUnique } from './file-names.ts';
import type { KnownSplits } from './splits.ts';

export interface ExportLabel {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly position: Position;
  readonly type: ObjectType;
  /** What it is in coded terms; null where only position and type say it. */
  readonly code: SegmentCode | null;
}

export interface ExportFrame {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  /** From 1, as in DICOM. */
  readonly frameNumber: number;
  /** Frames of its instance. */
  readonly frameCount: number;
  readonly width: number;
  readonly height: number;
  /** Pixel height over width; 1 where the file does not say. */
  readonly pixelAspectRatio: number;
  readonly regions: readonly UltrasoundRegion[];
  /** The store's pseudonym of the patient; it stays inside, exports number the patients instead. */
  readonly patientKey: string | null;
  readonly simulated: boolean;
  /** Name of the file that was imported, or null where it may name a person (DICOM). */
  readonly fileName: string | null;
  /** SHA-256 of the original file. */
  readonly objectHash: string;
  readonly mediaType: MediaType;
  picture(): Promise<Picture>;
  /** The file that was imported, byte by byte. */
  original(): Promise<Uint8Array>;
}

/** The network that proposed what an annotation began with: SHA-256 of the model and of the label's adapter, where one was at work. */
export interface ExportAlgorithm {
  readonly modelId: string;
  readonly modelHash: string;
  readonly adapterHash: string | null;
}

/** What the network says again of a frame that it proposed for. */
export interface ProposalProbabilities {
  /** Of every pixel of the frame, row by row, in 255ths; from 128 up it is in the mask. */
  readonly values: Uint8Array;
  /** Intersection over union of that mask and the proposal as it was. */
  readonly iou: number;
}

/** The proposal that an annotation began with. */
export interface ExportProposal {
  /** Its mask is the annotation's: nobody has corrected a pixel. */
  readonly isUnchanged: boolean;
  /** Asks the network that made it; null where that is not installed here, or the format does not want to know. */
  readonly probabilities: ((signal?: AbortSignal) => Promise<ProposalProbabilities>) | null;
}

export interface ExportAnnotation {
  readonly revisionId: string;
  /** The revisions before it, the first first: what tells a newer state of an annotation from one that went another way. */
  readonly ancestorIds: readonly string[];
  readonly trackingUID: string;
  readonly labelId: string;
  readonly frame: ExportFrame;
  readonly reviewState: ReviewState;
  readonly segmentAlgorithmType: SegmentAlgorithmType;
  readonly prompts: Prompts;
  /** Null where it began with an empty canvas or an import. */
  readonly algorithm: ExportAlgorithm | null;
  /** Null likewise. */
  readonly proposal: ExportProposal | null;
  /** What that network said of its class; null where it said nothing. */
  readonly classification: Classification | null;
  /** Who saved it. */
  readonly reader: string;
  /** Run-length bytes of common/mask.ts at the size of the frame; an absent structure has an empty mask. */
  readonly mask: Uint8Array;
  readonly createdAt: string;
}

/** What was measured by hand in a frame, and stands. */
export interface ExportMeasurement {
  /** Of its revision. */
  readonly id: string;
  readonly trackingUID: string;
  readonly labelId: string | null;
  readonly frame: ExportFrame;
  readonly kind: MeasurementKind;
  readonly points: readonly ImagePoint[];
  readonly reader: string;
  readonly createdAt: string;
}

/** At most one annotation of each (frame, label); every labelId is among the labels. */
export interface AnnotationSet {
  readonly labels: readonly ExportLabel[];
  readonly annotations: readonly ExportAnnotation[];
  /** Also in frames without an annotation; a frame with both is one record. Of labels among the labels. */
  readonly measurements?: readonly ExportMeasurement[];
  /** Of groups whose split is settled, by their keys. */
  readonly knownSplits?: KnownSplits;
}

/** A frame with what is annotated in it, under the name that its files have in every format. */
export interface AnnotatedFrame {
  /** Unique in the export, without extension. */
  readonly name: string;
  /** "patient-1", or "study-2" where the patient is unknown: the unit that splits keep together. */
  readonly group: string;
  /** What the group is told by in the store; never written. */
  readonly groupKey: string;
  readonly frame: ExportFrame;
  readonly annotations: readonly ExportAnnotation[];
}

export function annotationMask(annotation: ExportAnnotation): BinaryMask {
  return decodeMask(annotation.mask, annotation.frame.width, annotation.frame.height);
}

/** Identifies an annotation in files: no ids of the store, so that every reader finds it from what the format says. */
export function annotationKey(sopInstanceUID: string, frameNumber: number, labelName: string): string {
  return JSON.stringify([sopInstanceUID, frameNumber, labelName]);
}

/** Looks labels up by id. A label that is missing is a fault of the caller. */
export function labelFinder(labels: readonly ExportLabel[]): (labelId: string) => ExportLabel {
  const byId = new Map(labels.map((label) => [label.id, label]));
  return (labelId) => {
    const label = byId.get(labelId);
    if (!label) throw new Error(`The annotation set has no label with the id ${labelId}.`);
    return label;
  };
}

/** The labels that have an annotation, in the order of the set. */
export function usedLabels({ labels, annotations }: AnnotationSet): ExportLabel[] {
  const used = new Set(annotations.map((annotation) => annotation.labelId));
  return labels.filter((label) => used.has(label.id));
}

/** Annotations by frame, in the order in which the frames first occur. */
export function groupByFrame(annotations: readonly ExportAnnotation[]): AnnotatedFrame[] {
  const byFrame = new Map<string, ExportAnnotation[]>();
  for (const annotation of annotations) {
    const { sopInstanceUID, frameNumber } = annotation.frame;
    const key = `${sopInstanceUID}/${frameNumber}`;
    byFrame.set(key, [...(byFrame.get(key) ?? []), annotation]);
  }
  const members = [...byFrame.values()];
  const names = makeUnique(members.map(([{ frame }]) => nameFrame(frame)));
  const groups = nameGroups(members.map(([{ frame }]) => frame));
  return members.map((list, index) => ({
    name: names[index],
    group: groups[index],
    groupKey: groupKeyOf(list[0].frame),
    frame: list[0].frame,
    annotations: list,
  }));
}

/** Of the groups that splits keep together, each once. */
export function groupKeys({ annotations }: AnnotationSet): string[] {
  return [...new Set(annotations.map(({ frame }) => groupKeyOf(frame)))];
}

/** The original file's name where it may be told, else the start of a hash of the SOPInstanceUID; frames of a cine are numbered. */
function nameFrame({ fileName, sopInstanceUID, frameNumber, frameCount }: ExportFrame): string {
  const stem = fileName === null ? '' : fileNameOf(fileName.replace(/\.[a-z0-9]{1,5}$/i, ''), '');
  const name = stem || createHash('sha256').update(sopInstanceUID).digest('hex').slice(0, 12);
  return frameCount > 1 ? `${name}-f${String(frameNumber).padStart(String(frameCount).length, '0')}` : name;
}

/** "patient-1", "study-2": numbered as they occur, since a hash of a patient's number could be found out by trying all numbers. */
function nameGroups(frames: readonly ExportFrame[]): string[] {
  const names = new Map<string, string>();
  return frames.map((frame) => {
    const key = groupKeyOf(frame);
    const name = names.get(key) ?? `${frame.patientKey === null ? 'study' : 'patient'}-${names.size + 1}`;
    names.set(key, name);
    return name;
  });
}

/** The group that splits keep together: the patient, or the study of one who is not known. */
export function groupKeyOf({
  patientKey,
  studyInstanceUID,
}: Pick<ExportFrame, 'patientKey' | 'studyInstanceUID'>): string {
  return patientKey === null ? `study/${studyInstanceUID}` : `patient/${patientKey}`;
}
