// Owns the list of export formats, one line each, and the run of an export: say what is lost, write, read back, compare.
import type { ExportResult, Fidelity } from '../common/api.ts';
import { AppError } from '../common/errors.ts';
import type { MediaType } from '../common/study.ts';
import { groupByFrame, labelFinder, usedLabels } from './annotation-set.ts';
import type { AnnotatedFrame, AnnotationSet } from './annotation-set.ts';
import { coco, cocoPolygons } from './coco.ts';
import type { ExportFormat } from './export-format.ts';
import { csv } from './csv.ts';
import { ExportFolder } from './export-folder.ts';
import { makeUnique } from './file-names.ts';
import { labelme } from './labelme.ts';
import { companionLosses } from './losses.ts';
import { m2us } from './m2us.ts';
import { createManifest, manifestName } from './manifest.ts';
import { nifti } from './nifti.ts';
import { onnxFormat } from './onnx.ts';
import { PictureQueue } from './picture-queue.ts';
import { pngIndexed } from './png-indexed.ts';
import { png } from './png.ts';
import { segFractional } from './seg-fractional.ts';
import { seg } from './seg.ts';
import { splitGroups } from './splits.ts';
import { sr } from './sr.ts';
import { compareWithFiles } from './verify.ts';
import { voc } from './voc.ts';
import { yolo } from './yolo.ts';

/** By what they are for, in the order in which they are offered. */
export const exportFormats: readonly ExportFormat[] = [
  seg, //
  segFractional,
  sr,
  nifti,
  csv,
  coco,
  cocoPolygons,
  yolo,
  voc,
  labelme,
  png,
  pngIndexed,
  m2us,
];

export interface ExportOptions {
  /** Of the application. */
  readonly version?: string;
  readonly signal?: AbortSignal;
  /** Frames written, of all; then annotations read back, of all. */
  readonly onProgress?: (done: number, total: number, phase: 'writing' | 'checking') => void;
  /** False for annotations without the frames' pictures. */
  readonly images?: boolean;
  /** The files that were imported, too, byte by byte. */
  readonly originals?: boolean;
}

/** Throws AppError('unsupported') naming the formats there are. */
export function findExportFormat(id: string): ExportFormat {
  const format = exportFormats.find((candidate) => candidate.id === id);
  if (format) return format;
  const known = [...exportFormats, onnxFormat].map((candidate) => candidate.id).join(', ');
  throw new AppError('unsupported', `There is no export format "${id}"; the formats are: ${known}.`);
}

/** What a format cannot carry of these annotations, in words, before anything is written. */
export function describeLosses(formatId: string, set: AnnotationSet): string[] {
  return lossesOf(findExportFormat(formatId), set);
}

/**
 * Writes annotations into a new or empty folder (in that of an earlier export, into a new subfolder) and reads every mask back. When it throws,
 * what it wrote is gone again: AppError('bad-input') without annotations, 'conflict' for a folder that is in use, 'storage', 'corrupt'; AbortError.
 */
export async function runExport(
  formatId: string,
  set: AnnotationSet,
  folder: string,
  options: ExportOptions = {},
): Promise<ExportResult> {
  const format = findExportFormat(formatId);
  if (set.annotations.length === 0) {
    throw new AppError(
      'bad-input',
      'There is nothing to export yet: accept an annotation, or mark a frame "not here".',
    );
  }
  if (options.images === false && format.needsImages) {
    throw new AppError('bad-input', `${format.title} is nothing without the frames' pictures. Export them too.`);
  }
  const losses = lossesOf(format, set);
  const target = await ExportFolder.create(folder);
  try {
    const fidelity = await writeFormat(format, set, target, losses, options);
    return {
      format: format.id,
      folder: target.path,
      files: target.files.map((file) => file.path),
      annotations: set.annotations.length,
      verified: true,
      fidelity,
    };
  } catch (error) {
    await target.discard();
    throw error;
  }
}

function lossesOf(format: ExportFormat, set: AnnotationSet): string[] {
  return [...format.describeLosses(set), ...companionLosses(set, format.carriesMeasurements === true)];
}

/** originals/<name>: each imported file once, under a name that tells nobody whose it is. */
async function writeOriginals(
  frames: readonly AnnotatedFrame[],
  folder: ExportFolder,
  signal: AbortSignal | undefined,
): Promise<void> {
  const instances = [...new Map(frames.map((annotated) => [annotated.frame.objectHash, annotated])).values()];
  const names = makeUnique(
    instances.map(({ name, frame }) => (frame.frameCount > 1 ? name.replace(/-f\d+$/, '') : name)),
  );
  for (const [index, { frame }] of instances.entries()) {
    signal?.throwIfAborted();
    const extension = extensions[frame.mediaType] ?? frame.mediaType.replace(/^.*\//, '');
    await folder.write(`originals/${names[index]}.${extension}`, await frame.original());
  }
}

/** Where it is not the second half of the media type. */
const extensions: Partial<Record<MediaType, string>> = {
  'application/dicom': 'dcm',
  'video/quicktime': 'mov',
  'video/x-msvideo': 'avi',
};

async function writeFormat(
  format: ExportFormat,
  set: AnnotationSet,
  target: ExportFolder,
  losses: readonly string[],
  { version = '0.0.0', signal, onProgress, images = true, originals = false }: ExportOptions,
): Promise<Fidelity> {
  const frames = groupByFrame(set.annotations);
  const manifest = createManifest(format.id, set, version);
  const writeManifest = (change: Partial<typeof manifest>) =>
    target.write(manifestName, `${JSON.stringify({ ...manifest, ...change }, null, 1)}\n`);
  const remarks: string[] = [];
  let begun = 0;
  const progress = {
    signal,
    advance() {
      signal?.throwIfAborted();
      onProgress?.(begun, frames.length, 'writing');
      begun += 1;
    },
  };
  await writeManifest({});
  const pictures = new PictureQueue(target, images);
  const content = {
    labels: usedLabels(set),
    frames,
    splits: splitGroups(
      frames.map(({ groupKey }) => groupKey),
      set.knownSplits,
    ),
    measurements: set.measurements ?? [],
    version,
    labelOf: labelFinder(set.labels),
    images,
    pictures,
    remark: (text: string) => void remarks.push(text),
  };
  try {
    await format.write(content, target, progress);
    await pictures.finish();
    if (originals) await writeOriginals(frames, target, signal);
  } finally {
    // Nothing may be written any more when a failed export is taken back.
    await pictures.settle();
  }
  const checked = (done: number) => onProgress?.(done, set.annotations.length, 'checking');
  checked(0);
  await target.checkFiles(signal);
  const { minIoU, meanIoU, inexact } = await compareWithFiles(set, format, target.path, signal, checked);
  const fidelity = { minIoU, meanIoU, lost: [...losses, ...remarks, ...inexact] };
  const files = target.files.filter((file) => file.path !== manifestName);
  await writeManifest({ state: 'complete', verified: true, fidelity, files });
  return fidelity;
}
