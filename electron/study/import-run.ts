// Owns one import from its start to its report: bytes that were dropped, or paths, among which M2-US data roots are told apart.
import { importSources } from './import.ts';
import type { ImportOptions } from './import.ts';
import { ImportLog } from './import-log.ts';
import type { ImportResult } from './import-log.ts';
import { findM2us, importM2us } from './import-m2us.ts';
import { sourceFromBytes, sourcesFromPaths } from './import-sources.ts';
import type { Workspace } from './workspace.ts';

export interface NamedBytes {
  /** A file name, or a path inside a dropped folder. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export async function importFiles(
  workspace: Workspace,
  files: readonly NamedBytes[],
  options: ImportOptions = {},
): Promise<ImportResult> {
  const log = new ImportLog();
  const sources = files.map((file) => sourceFromBytes(file.name, file.bytes));
  await importSources(workspace, sources, options, log);
  return log.result();
}

/** Throws AppError('not-found') for a path that does not exist, before anything is imported. */
export async function importPaths(
  workspace: Workspace,
  paths: readonly string[],
  options: ImportOptions = {},
): Promise<ImportResult> {
  const log = new ImportLog();
  const searched = await sourcesFromPaths(paths);
  const plainPaths: string[] = [];
  for (const path of paths) {
    const place = await findM2us(path);
    if (place && options.m2usMasks) {
      await importM2us(workspace, place, options, log);
      continue;
    }
    plainPaths.push(path);
    if (place) log.warn(`${path} holds M2-US data: the images were imported, the masks beside them were not.`);
  }
  const sources = plainPaths.length === paths.length ? searched : await sourcesFromPaths(plainPaths);
  await importSources(workspace, sources, options, log);
  return log.result();
}
