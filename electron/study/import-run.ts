// Owns one import from its start to its report: bytes that were dropped, or paths, among which M2-US data roots are told apart.
import { isAbortError } from '../common/errors.ts';
import { importSources } from './import.ts';
import type { ImportOptions } from './import.ts';
import { ImportLog } from './import-log.ts';
import type { ImportResult } from './import-log.ts';
import { findM2us, importM2us } from './import-m2us.ts';
import { sourceFromBytes, sourceFromStaged, sourcesFromPaths, withoutHidden } from './import-sources.ts';
import type { StagedFile } from './staging.ts';
import type { Workspace } from './workspace.ts';

export interface NamedBytes {
  /** A file name, or a path inside a dropped folder. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What is to be imported, in one go, so that the files of one folder become one study. */
export interface ImportInput {
  /** Files and folders of this machine. */
  readonly paths?: readonly string[];
  readonly files?: readonly NamedBytes[];
  readonly staged?: readonly StagedFile[];
}

/** What cannot be read, a path that does not exist too, is listed in the result, and what was finished of a cancelled import. */
export async function runImport(
  workspace: Workspace,
  { paths = [], files = [], staged = [] }: ImportInput,
  options: ImportOptions = {},
): Promise<ImportResult> {
  return report(async (log) => {
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
    const dropped = [...files.map((file) => sourceFromBytes(file.name, file.bytes)), ...staged.map(sourceFromStaged)];
    const sources = [...(await sourcesFromPaths(plainPaths, log)), ...withoutHidden(dropped)];
    await importSources(workspace, sources, options, log);
  });
}

async function report(work: (log: ImportLog) => Promise<void>): Promise<ImportResult> {
  const log = new ImportLog();
  try {
    await work(log);
    return log.result(false);
  } catch (error) {
    if (isAbortError(error)) return log.result(true);
    throw error;
  }
}
