// Owns where imported bytes come from: files that were named, folders that are searched, bytes that were dropped.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../common/errors.ts';

export interface ImportSource {
  /** How messages name the file. */
  readonly name: string;
  readonly fileName: string;
  readonly folder: string | null;
  /** Named by the user, not found in a folder: then it is an error when it is no image. */
  readonly chosen: boolean;
  read(): Promise<Uint8Array>;
}

/** Bytes with the name that a browser or a dialog gives: a file name, or a path inside a dropped folder. */
export function sourceFromBytes(name: string, bytes: Uint8Array): ImportSource {
  const cut = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'));
  return {
    name,
    fileName: name.slice(cut + 1),
    folder: cut > 0 ? name.slice(0, cut) : null,
    chosen: true,
    read: () => Promise.resolve(bytes),
  };
}

/**
 * The files that paths stand for; folders are searched to any depth, hidden files and the masks beside M2-US images left out.
 * Throws AppError('not-found') for a path that does not exist.
 */
export async function sourcesFromPaths(paths: readonly string[]): Promise<ImportSource[]> {
  const sources = new Map<string, ImportSource>();
  for (const path of paths) {
    const absolute = resolve(path);
    const found = await stat(absolute).catch((cause: unknown) => {
      throw new AppError('not-found', `${path} does not exist or cannot be read.`, { cause });
    });
    const files = found.isDirectory() ? await listFolder(absolute) : [absolute];
    for (const file of files) {
      if (!sources.has(file) || !found.isDirectory()) sources.set(file, sourceFromFile(file, !found.isDirectory()));
    }
  }
  return [...sources.values()];
}

/** A file of this machine. */
export function sourceFromFile(path: string, chosen: boolean): ImportSource {
  return {
    name: path,
    fileName: basename(path),
    folder: dirname(path),
    chosen,
    read: () =>
      readFile(path).catch((cause: unknown) => {
        throw new AppError('bad-input', `${path} cannot be read.`, { cause });
      }),
  };
}

async function listFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new AppError('bad-input', `The folder ${folder} cannot be read.`, { cause });
  });
  const hasImages = entries.some((entry) => entry.isDirectory() && entry.name === 'imgs');
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || (hasImages && entry.name === 'masks')) continue;
    if (entry.isDirectory()) files.push(...(await listFolder(path)));
    // A link is followed to a file, not to a folder, which could lead in a circle.
    else if (entry.isFile() || (await isLinkToFile(path))) files.push(path);
  }
  return files;
}

async function isLinkToFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
