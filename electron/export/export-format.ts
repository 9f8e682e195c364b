// Owns what an export format is: what it says of itself, what it loses, and a writer and a reader that are each other's inverse.
import type { BinaryMask } from '../common/mask.ts';
import type { AnnotatedFrame, AnnotationSet, ExportLabel } from './annotation-set.ts';
import type { ExportFolder } from './export-folder.ts';

export interface ExportFormat {
  readonly id: string;
  readonly title: string;
  /** One or two sentences for the person who chooses. */
  readonly description: string;
  /** The intersection over union that each mask has at least when it is read back: 1 where the format is exact. */
  readonly leastIoU: number;
  /** What the format cannot carry of these annotations, in words; empty where nothing is lost. */
  describeLosses(set: AnnotationSet): string[];
  write(content: ExportContent, folder: ExportFolder, progress: ExportProgress): Promise<void>;
  /**
   * The annotations that the files in a folder hold, read from the files alone; one whose mask is empty may be missing.
   * Throws AppError that names a damaged file.
   */
  read(folder: string): AsyncIterable<ReadAnnotation>;
}

/** An annotation set, arranged for writing. */
export interface ExportContent {
  readonly labels: readonly ExportLabel[];
  readonly frames: readonly AnnotatedFrame[];
  /** Of the application, for files that name what wrote them. */
  readonly version: string;
  readonly labelOf: (labelId: string) => ExportLabel;
}

export interface ExportProgress {
  /** Called when a frame begins; throws AbortError once cancelled. */
  advance(): void;
}

/** An annotation as it comes back from files. */
export interface ReadAnnotation {
  readonly sopInstanceUID: string;
  readonly frameNumber: number;
  readonly label: string;
  readonly absent: boolean;
  readonly mask: BinaryMask;
}
