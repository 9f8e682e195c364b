// Owns the check of an export: every mask is read from the files and compared with the annotation that it was written from.
import { AppError } from '../common/errors.ts';
import { countMaskPixels, maskIoU } from '../common/mask.ts';
import type { BinaryMask } from '../common/mask.ts';
import { annotationKey, annotationMask, groupByFrame, labelFinder } from './annotation-set.ts';
import type { AnnotationSet, ExportAnnotation } from './annotation-set.ts';
import type { ExportFormat } from './export-format.ts';

export interface Agreement {
  /** Intersection over union of the worst mask, and of all on average; 1 where there is none. */
  readonly minIoU: number;
  readonly meanIoU: number;
  /** Every mask below 1, with its frame, label and IoU, in words; the worst first. */
  readonly inexact: readonly string[];
}

/**
 * Reads a folder with the format's reader and compares it with what was to be written. Throws AppError('corrupt') for a mask that is missing, below
 * the format's least IoU, or there without an annotation, naming `folder` and how to find the frame.
 * Whether a structure is absent or merely without a pixel is not compared: not every format tells these apart, and some write neither.
 */
export async function compareWithFiles(
  set: AnnotationSet,
  format: Pick<ExportFormat, 'leastIoU' | 'read'>,
  folder: string,
  signal?: AbortSignal,
  onCompared?: (done: number) => void,
): Promise<Agreement> {
  const labelOf = labelFinder(set.labels);
  const frames = groupByFrame(set.annotations);
  const frameNamed = new Map(frames.map(({ name, frame }) => [name, frame]));
  const waiting = new Map(
    set.annotations.map((annotation) => {
      const { sopInstanceUID, frameNumber } = annotation.frame;
      return [annotationKey(sopInstanceUID, frameNumber, labelOf(annotation.labelId).name), annotation];
    }),
  );
  let sum = 0;
  const inexact: { readonly iou: number; readonly place: string }[] = [];
  for await (const read of format.read(folder)) {
    signal?.throwIfAborted();
    // Files that know nothing of DICOM tell a frame by the name of its files.
    const named = read.sopInstanceUID === null ? frameNamed.get(read.frame) : undefined;
    const sopInstanceUID = read.sopInstanceUID ?? named?.sopInstanceUID ?? read.frame;
    const frameNumber = named?.frameNumber ?? read.frameNumber;
    const key = annotationKey(sopInstanceUID, frameNumber, read.label);
    const annotation = waiting.get(key);
    const place = `"${read.label}" in frame ${frameNumber} of ${sopInstanceUID}`;
    if (!annotation) {
      throw new AppError('corrupt', `${folder} holds a mask of ${place} that was not exported, or holds it twice.`);
    }
    const iou = agreement(annotationMask(annotation), read.mask);
    if (iou < format.leastIoU) {
      throw new AppError(
        'corrupt',
        `The mask of ${place} reads back from ${folder} other than it was written: its IoU is ${iou.toFixed(4)}, the format promises ${format.leastIoU}.`,
      );
    }
    sum += iou;
    if (iou < 1) inexact.push({ iou, place });
    waiting.delete(key);
    onCompared?.(set.annotations.length - waiting.size);
  }
  const missing = [...waiting.values()].filter((annotation) => countMaskPixels(annotationMask(annotation)) > 0);
  if (missing.length > 0) throw missingMasks(missing, folder, (annotation) => labelOf(annotation.labelId).name);
  inexact.sort((a, b) => a.iou - b.iou);
  const count = set.annotations.length;
  return {
    minIoU: inexact[0]?.iou ?? 1,
    // An annotation without a pixel that the format leaves out is as empty when it is read.
    meanIoU: count === 0 ? 1 : (sum + waiting.size) / count,
    inexact: inexact.map(({ iou, place }) => `The mask of ${place} reads back with an IoU of ${iou.toFixed(4)}.`),
  };
}

/** Masks of another size agree in nothing. */
function agreement(written: BinaryMask, read: BinaryMask): number {
  // Equal bytes, as they mostly are, are found far sooner than pixels are counted.
  if (written.width === read.width && Buffer.compare(written.data, read.data) === 0) return 1;
  return written.width === read.width && written.height === read.height ? maskIoU(written, read) : 0;
}

function missingMasks(
  missing: readonly ExportAnnotation[],
  folder: string,
  nameOf: (annotation: ExportAnnotation) => string,
): AppError {
  const { sopInstanceUID, frameNumber } = missing[0].frame;
  return new AppError(
    'corrupt',
    `${missing.length} masks are missing in ${folder}; the first is that of "${nameOf(missing[0])}" in frame ${frameNumber} of ${sopInstanceUID}.`,
  );
}
