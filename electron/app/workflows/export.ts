// Owns the way from the store's annotations to files that others read: which format, which folder, how far it is.
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { ExportPreview, ExportResult, ParsedCommandInput } from '../../common/api.ts';
import { AppError } from '../../common/errors.ts';
import { groupKeys } from '../../export/annotation-set.ts';
import type { AnnotationSet } from '../../export/annotation-set.ts';
import { onnxFormat, onnxLosses } from '../../export/onnx.ts';
import { describeLosses, findExportFormat, runExport } from '../../export/registry.ts';
import type { ExportOptions } from '../../export/registry.ts';
import type { AppContext } from '../context.ts';
import { readKnownSplits } from '../training-splits.ts';
import { collectAnnotations } from './collect-annotations.ts';
import { exportNetworks } from './export-network.ts';
import { findModelFolders } from './export-probabilities.ts';

/** What is exported as what, and where; what is left out is as in the contract. */
export type ExportOrder = Pick<ParsedCommandInput<'export:run'>, 'format'> & Partial<ParsedCommandInput<'export:run'>>;

/**
 * Exports the latest annotations that were chosen, and reads them back. Without a folder, into one of its own in the workspace's exports/.
 * Throws AppError('unsupported') for an unknown format, 'conflict' while another export runs, and what runExport throws.
 */
export async function exportAnnotations(
  context: AppContext,
  input: ExportOrder,
  options: Pick<ExportOptions, 'signal' | 'onProgress'> = {},
): Promise<ExportResult> {
  const format = input.format === onnxFormat.id ? onnxFormat : findExportFormat(input.format);
  if (context.exporting) throw new AppError('conflict', 'Another export is running. Wait for it or cancel it.');
  const controller = new AbortController();
  context.exporting = controller;
  const signal = options.signal ? AbortSignal.any([options.signal, controller.signal]) : controller.signal;
  const report = progressReporter(context, format.id);
  try {
    const folder =
      input.folder === null || input.folder === undefined ? ownFolder(context, format.id) : wholePath(input.folder);
    const result = await (format === onnxFormat
      ? exportNetworks(context, input.labelIds ?? null, folder, signal)
      : runExport(format.id, await collect(context, input), folder, {
          version: context.version,
          images: input.images ?? true,
          originals: input.originals ?? false,
          signal,
          onProgress(done, total, phase) {
            report(done, total, phase);
            options.onProgress?.(done, total, phase);
          },
        }));
    context.exportFolders.add(result.folder);
    return result;
  } finally {
    context.exporting = null;
  }
}

/** What an export of these would hold and lose. Throws AppError('unsupported') for an unknown format. */
export async function previewExport(
  context: AppContext,
  input: ParsedCommandInput<'export:preview'>,
): Promise<ExportPreview> {
  if (input.format === onnxFormat.id) return { annotations: 0, frames: 0, studies: 0, lost: [...onnxLosses] };
  const set = await collect(context, input);
  return {
    annotations: set.annotations.length,
    frames: new Set(set.annotations.map(({ frame }) => frame)).size,
    studies: new Set(set.annotations.map(({ frame }) => frame.studyInstanceUID)).size,
    lost: describeLosses(input.format, set),
  };
}

/** What is exported, with a way to the network's probabilities where the format holds any. */
async function collect(context: AppContext, input: ExportOrder): Promise<AnnotationSet> {
  const models = findExportFormat(input.format).asksNetwork ? await findModelFolders(context) : null;
  const set = collectAnnotations(context, input, models);
  return { ...set, knownSplits: await readKnownSplits(context.store.folder, groupKeys(set)) };
}

/** Stops the running export, if there is one. */
export function cancelExport(context: AppContext): void {
  context.exporting?.abort();
}

/**
 * Shows a folder that this session has exported to. Throws AppError('unauthorized') for any other, 'not-found' for one that is gone, 'unsupported'
 * where nothing opens folders.
 */
export async function openExport({ exportFolders, openFolder }: AppContext, folder: string): Promise<void> {
  if (!exportFolders.has(folder)) {
    throw new AppError(
      'unauthorized',
      `${folder} is opened from the file manager: nothing was exported to it since SonoSync was started.`,
    );
  }
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) throw new AppError('not-found', `${folder} is no longer there.`);
  if (!openFolder) throw new AppError('unsupported', `Nothing here opens folders. The export is in ${folder}.`);
  await openFolder(folder);
}

/** Tells the interface at most ten times a second, and of the first and last of each phase. */
function progressReporter({ events }: AppContext, format: string): NonNullable<ExportOptions['onProgress']> {
  let last = 0;
  return (done, total, phase) => {
    const now = performance.now();
    if (done > 0 && done < total && now - last < 100) return;
    last = now;
    events.emit('export:progressed', { format, phase, done, total });
  };
}

/** Throws AppError('bad-input') for a part of a path: it would be looked for wherever the application was started. */
function wholePath(folder: string): string {
  if (isAbsolute(folder)) return folder;
  throw new AppError(
    'bad-input',
    `Name the folder by its whole path, as in ${join(homedir(), 'exports')}; found "${folder}".`,
  );
}

/** exports/2031-05-17T09-30-00-coco: sorts by time, and no two of one second and format are one. */
function ownFolder({ store }: AppContext, format: string): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return join(store.folder, 'exports', `${time}-${format}`);
}
