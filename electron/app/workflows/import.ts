// Owns import as the hosts ask for it: dropped bytes or paths go to the store, and the interface hears of the new studies.
import { AppError } from '../../common/errors.ts';
import type { ImportOptions } from '../../study/import.ts';
import type { ImportResult } from '../../study/import-log.ts';
import type { NamedBytes } from '../../study/store.ts';
import type { AppContext } from '../context.ts';

/** Files that cannot be read are listed in the result; the others are imported. */
export async function importFiles(context: AppContext, files: readonly NamedBytes[]): Promise<ImportResult> {
  if (files.length === 0) throw new AppError('bad-input', 'There is no file to import.');
  return announce(context, await context.store.importFiles(files));
}

/** Throws AppError('not-found') for a missing path, before anything is imported. */
export async function importPaths(
  context: AppContext,
  paths: readonly string[],
  options?: ImportOptions,
): Promise<ImportResult> {
  return announce(context, await context.store.importPaths(paths, options));
}

function announce(context: AppContext, result: ImportResult): ImportResult {
  if (result.studyIds.length > 0) context.events.emit('study:imported', { studyIds: [...result.studyIds] });
  return result;
}
