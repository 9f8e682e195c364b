// Owns the finding of files by name in the folders of a data set, where an image and its mask may differ in extension.
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../common/errors.ts';

/** The names in a folder, found by full name or by name without extension (masks are PNG where images are not). */
export interface FolderNames {
  find(file: string): string | null;
}

export async function readNames(folder: string): Promise<FolderNames> {
  const entries = await listFolder(folder);
  if (entries === null) throw new AppError('bad-input', `The folder ${folder} is missing.`);
  const names = new Set(entries.filter((entry) => !entry.isFolder).map((entry) => entry.name));
  const byStem = new Map<string, string>();
  for (const name of names) {
    const stem = stemOf(name);
    if (!byStem.has(stem) || name.endsWith('.png')) byStem.set(stem, name);
  }
  return {
    find: (file) => (names.has(file) ? file : (byStem.get(stemOf(file)) ?? null)),
  };
}

/** A file's name without its folders and without the extension of a picture; other dots belong to the name. */
export function stemOf(path: string): string {
  return basename(path).replace(/\.(png|jpe?g|webp|tiff?|bmp)$/i, '');
}

/** What a folder holds, or null where there is none; links are followed. */
export async function listFolder(folder: string): Promise<{ name: string; isFolder: boolean }[] | null> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return await Promise.all(
      entries.map(async (entry) => ({
        name: entry.name,
        isFolder: entry.isSymbolicLink()
          ? (await stat(join(folder, entry.name)).catch(() => null))?.isDirectory() === true
          : entry.isDirectory(),
      })),
    );
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return null;
    throw new AppError('bad-input', `The folder ${folder} cannot be read.`, { cause });
  }
}
