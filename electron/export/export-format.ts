// Owns what an export format is: what it says of itself, what it loses, and a writer and a reader that are each other's inverse.
import type { ExportPurpose } from '../common/api.ts';
import type { ImagePoint } from '../common/geometry.ts';
import type { BinaryMask } from '../common/mask.ts';
import type { ObjectType, Position } from '../common/prompts.ts';
import type { MeasurementKind } from '../common/study.ts';
import type { AnnotatedFrame, AnnotationSet, ExportLabel, ExportMeasurement } from './annotation-set.ts';
import type { ExportFolder } from './export-folder.ts';
import type { PictureQueue } from './picture-queue.ts';
import type { SplitName } from './splits.ts';

export interface ExportFormat {
  readonly id: string;
  readonly purpose: ExportPurpose;
  readonly title: string;
  /** One or two sentences for the person who chooses. */
  readonly description: string;
  /** What was measured by hand goes along. */
  readonly carriesMeasurements?: true;
  /** The format is nothing without the frames' pictures. */
  readonly needsImages?: true;
  /** It holds what the network said of every pixel, which is asked for while it is written. */
  readonly asksNetwork?: true;
  /** The intersection over union that each mask has at least when it is read back: 1 where the format is exact. */
  readonly leastIoU: number;
  /** What the format cannot carry of these annotations, in words; empty where nothing is lost. */
  describeLosses(set: AnnotationSet): string[];
  write(content: ExportContent, folder: ExportFolder, progress: ExportProgress): Promise<void>;
  /**
   * The annotations that the files in a folder hold, read from the files alone; one whose mask is empty may be missing.
   * Throws AppError that names a damaged file.
   */
  read(folder: string, remark?: Remark): AsyncIterable<ReadAnnotation>;
  /** What was measured by hand, for formats that carry it. */
  readMeasurements?(folder: string): AsyncIterable<ReadMeasurement>;
}

/** Told, in words, of what a reader finds in files and has no place for, or what a writer could not keep. */
export type Remark = (text: string) => void;

/** An annotation set, arranged for writing. */
export interface ExportContent {
  readonly labels: readonly ExportLabel[];
  readonly frames: readonly AnnotatedFrame[];
  /** By the keys of the frames' groups, for formats that have splits. */
  readonly splits: ReadonlyMap<string, SplitName>;
  /** Made by hand, in these frames or in others. */
  readonly measurements: readonly ExportMeasurement[];
  /** Of the application, for files that name what wrote them. */
  readonly version: string;
  readonly labelOf: (labelId: string) => ExportLabel;
  /** False where only annotations are wanted: then no file of a picture is written. */
  readonly images: boolean;
  /** Writes the frames' pictures while the format goes on; nothing where only annotations are wanted. */
  readonly pictures: PictureQueue;
  /** Told what was lost and could not be known before. */
  readonly remark: Remark;
}

export interface ExportProgress {
  /** Called when a frame begins; throws AbortError once cancelled. */
  advance(): void;
  readonly signal?: AbortSignal | undefined;
}

/** A measurement by hand as it comes back from files. */
export interface ReadMeasurement {
  readonly sopInstanceUID: string;
  readonly frameNumber: number;
  /** The name of the label that it belongs to, or null. */
  readonly label: string | null;
  readonly kind: MeasurementKind;
  readonly points: readonly ImagePoint[];
  readonly trackingUID: string;
  /** Null where the files do not say whose it is. */
  readonly reader: string | null;
}

/** An annotation as it comes back from files: those of an export, or of another program. */
export interface ReadAnnotation {
  /** The name of its frame's files, without folder and extension. */
  readonly frame: string;
  /** The file of the frame's picture, as the files name it; null where they name none. */
  readonly image: string | null;
  /** Null where the files know nothing of DICOM: then name and picture tell which frame it is. */
  readonly sopInstanceUID: string | null;
  /** From 1; 1 where the files do not say. */
  readonly frameNumber: number;
  readonly label: string;
  /** Position and Object of the label, where the files say. */
  readonly prompts: { readonly position: Position; readonly type: ObjectType } | null;
  readonly absent: boolean;
  readonly mask: BinaryMask;
  /** Which annotation and which state of it this is, where the files say. */
  readonly trackingUID: string | null;
  readonly revisionId: string | null;
}
