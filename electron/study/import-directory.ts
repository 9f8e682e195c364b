// Owns the files that a DICOMDIR lists: the disc's own account of what it holds, against which what is there is compared.
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { openDicomDirectory } from './dicom-reader.ts';

export interface ListedFiles {
  /** Paths of the listed images, in the order of the directory. */
  readonly present: readonly string[];
  /** Where listed images should be and are not. */
  readonly missing: readonly string[];
  readonly warnings: readonly string[];
}

/** Whether a file could be a DICOMDIR by its name, which the standard fixes (PS3.10 section 8.6). */
export function isDirectoryName(path: string): boolean {
  return basename(path).toUpperCase() === 'DICOMDIR';
}

/** The images that a DICOMDIR lists, or null where the file is none. Throws AppError naming the file where it cannot be read. */
export async function listDirectory(path: string): Promise<ListedFiles | null> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new AppError('bad-input', `${path} cannot be read.`, { cause });
  });
  const directory = await openDicomDirectory(bytes, path);
  if (!directory) return null;
  const present: string[] = [];
  const missing: string[] = [];
  const names = new FolderNames();
  // Reports and presentation states are listed too; they are no images.
  for (const record of directory.records.filter(({ recordType }) => recordType === 'IMAGE')) {
    const found = await names.resolve(dirname(path), record.path);
    if (found) present.push(found);
    else missing.push(join(dirname(path), ...record.path));
  }
  return { present, missing, warnings: directory.warnings.map((warning) => `${path}: ${warning}`) };
}

/** Finds names as copies of discs have them: letter case may have changed, and ISO 9660's version (";1") may be gone or have stayed. */
class FolderNames {
  readonly #names = new Map<string, Promise<ReadonlyMap<string, string>>>();

  async resolve(folder: string, parts: readonly string[]): Promise<string | null> {
    let place = folder;
    for (const part of parts) {
      const name = (await this.#read(place)).get(fold(part));
      if (name === undefined) return null;
      place = join(place, name);
    }
    return place;
  }

  #read(folder: string): Promise<ReadonlyMap<string, string>> {
    const known = this.#names.get(folder);
    if (known) return known;
    const names = readdir(folder).then(
      (entries) => new Map(entries.map((entry) => [fold(entry), entry])),
      () => new Map<string, string>(),
    );
    this.#names.set(folder, names);
    return names;
  }
}

function fold(name: string): string {
  return name.toUpperCase().replace(/(;1|\.)$/, '');
}
