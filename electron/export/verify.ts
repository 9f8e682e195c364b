// Owns the check of an export: every mask is read from the files and compared with the annotation that it was written from.
import { AppError } from '../common/errors.ts';
import { masksEqual } from '../common/mask.ts';
import { annotationKey, annotationMask, labelFinder } from './annotation-set.ts';
import type { AnnotationSet } from './annotation-set.ts';
import type { ReadAnnotation } from './export-format.ts';

/**
 * Throws AppError('corrupt') for a mask that is missing, differs, or is there without an annotation, naming `folder` and how to find the frame.
 * Whether a structure is absent or merely without a pixel is not compared: not every format tells these apart.
 */
export async function compareWithFiles(
  set: AnnotationSet,
  found: AsyncIterable<ReadAnnotation>,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const labelOf = labelFinder(set.labels);
  const waiting = new Map(
    set.annotations.map((annotation) => {
      const { sopInstanceUID, frameNumber } = annotation.frame;
      return [annotationKey(sopInstanceUID, frameNumber, labelOf(annotation.labelId).name), annotation];
    }),
  );
  for await (const read of found) {
    signal?.throwIfAborted();
    const key = annotationKey(read.sopInstanceUID, read.frameNumber, read.label);
    const annotation = waiting.get(key);
    const place = `"${read.label}" in frame ${read.frameNumber} of ${read.sopInstanceUID}`;
    if (!annotation) {
      throw new AppError('corrupt', `${folder} holds a mask of ${place} that was not exported, or holds it twice.`);
    }
    if (!masksEqual(annotationMask(annotation), read.mask)) {
      throw new AppError('corrupt', `The mask of ${place} reads back from ${folder} other than it was written.`);
    }
    waiting.delete(key);
  }
  const [missing] = waiting.values();
  if (missing) {
    const { sopInstanceUID, frameNumber } = missing.frame;
    throw new AppError(
      'corrupt',
      `${waiting.size} masks are missing in ${folder}; the first is that of "${labelOf(missing.labelId).name}" in frame ${frameNumber} of ${sopInstanceUID}.`,
    );
  }
}
