// Owns the reading of annotations from any folder: an export of ours by its record, the files of other programs by what they look like.
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { findInstancesFiles } from './coco-file.ts';
import type { ExportFormat, ReadAnnotation, Remark } from './export-format.ts';
import { findManifest, listFiles, readText } from './folder-files.ts';
import type { ExportManifest } from './manifest.ts';
import { exportFormats, findExportFormat } from './registry.ts';
import { readSegmentations } from './seg.ts';

export interface FoundAnnotations {
  readonly format: Pick<ExportFormat, 'id' | 'title'>;
  /** The record of an export of ours; null for files of another program. */
  readonly manifest: ExportManifest | null;
  read(remark: Remark): AsyncIterable<ReadAnnotation>;
}

/**
 * What annotations a folder holds. Throws AppError('not-found') for a missing folder, 'corrupt' for a damaged record or an export that was cut off,
 * 'unsupported' where nothing in it is known, naming the formats that are.
 */
export async function findAnnotations(folder: string): Promise<FoundAnnotations> {
  const files = await listFiles(folder);
  const manifest = await findManifest(folder);
  if (manifest) {
    if (manifest.state !== 'complete') {
      throw new AppError('corrupt', `${folder} is an export that was cut off before it was complete. Export again.`);
    }
    const format = findExportFormat(manifest.format);
    return { format, manifest, read: (remark) => format.read(folder, remark) };
  }
  for (const { id, isThere, read } of recognizers) {
    if (!(await isThere(folder, files))) continue;
    const format = findExportFormat(id);
    return { format, manifest: null, read: (remark) => (read ? read(folder, remark) : format.read(folder, remark)) };
  }
  const titles = exportFormats.map(({ title }) => title).join(', ');
  throw new AppError('unsupported', `${folder} holds no annotations that are known here; known are: ${titles}.`);
}

interface Recognizer {
  readonly id: string;
  readonly isThere: (folder: string, files: readonly string[]) => boolean | Promise<boolean>;
  /** Where files of other programs lie otherwise than ours. */
  readonly read?: (folder: string, remark: Remark) => AsyncIterable<ReadAnnotation>;
}

const has = (pattern: RegExp) => (_folder: string, files: readonly string[]) =>
  files.some((file) => pattern.test(file));

/** From the most telling to the least. */
const recognizers: readonly Recognizer[] = [
  { id: 'm2us', isThere: has(/^segmentation\/[^/]+\/masks\//) },
  { id: 'coco', isThere: async (folder) => (await findInstancesFiles(folder)).length > 0 },
  { id: 'labelme', isThere: hasLabelMe },
  { id: 'voc', isThere: has(/(^|\/)(Annotations\/[^/]+\.xml|SegmentationClass\/[^/]+\.png)$/) },
  { id: 'nifti', isThere: has(/\.nii(\.gz)?$/) },
  { id: 'csv', isThere: has(/(^|\/)masks\.csv$/) },
  { id: 'yolo', isThere: has(/(^|\/)labels\/(.*\/)?[^/]+\.txt$/) },
  {
    id: 'png-indexed',
    isThere: async (folder, files) =>
      files.includes('index.json') && (await readText(folder, 'index.json')).includes('"label-maps"'),
  },
  { id: 'png', isThere: has(/(^|\/)masks?\/|[-_]mask\.png$/i) },
  { id: 'seg', isThere: has(/\.dcm$/i), read: readSegmentations },
];

async function hasLabelMe(folder: string, files: readonly string[]): Promise<boolean> {
  for (const file of files.filter((each) => each.endsWith('.json'))) {
    const text = await readText(folder, file).catch(() => '');
    if (text.includes('"shapes"') && text.includes('"imageHeight"')) return true;
  }
  return false;
}

/** The path of a picture that a reader named, below the folder, or null where it is not there. */
export function findPicture(folder: string, files: readonly string[], image: string): string | null {
  const wanted = image.replaceAll('\\', '/').replace(/^(\.\.?\/)+/, '');
  const name = wanted.replace(/^.*\//, '');
  const found =
    files.find((file) => file === wanted) ??
    files.find((file) => file.endsWith(`/${wanted}`)) ??
    files.find((file) => file === name || file.endsWith(`/${name}`));
  return found === undefined ? null : join(folder, ...found.split('/'));
}
