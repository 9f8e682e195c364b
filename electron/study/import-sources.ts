// Owns where imported bytes come from: files that were named, folders that are searched, bytes that were dropped.
import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../common/errors.ts';
import { isDirectoryName, listDirectory } from './import-directory.ts';
import { UnwantedFileError } from './import-log.ts';
import type { ImportLog } from './import-log.ts';
import type { StagedFile } from './staging.ts';

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
  return { name, ...placeOf(name), read: () => Promise.resolve(bytes) };
}

/** Files inside a dropped folder were not chosen one by one. */
function placeOf(name: string): Pick<ImportSource, 'fileName' | 'folder' | 'chosen'> {
  const cut = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'));
  const folder = cut > 0 ? name.slice(0, cut) : null;
  return { fileName: name.slice(cut + 1), folder, chosen: folder === null };
}

/**
 * Leaves out of a dropped folder what a search of it leaves out: hidden files, and the masks beside M2-US images.
 */
export function withoutHidden(sources: readonly ImportSource[]): ImportSource[] {
  const withImages = new Set(
    sources.flatMap(({ folder }) => (/(^|[/\\])imgs$/.test(folder ?? '') ? [parentOf(folder)] : [])),
  );
  return sources.filter(({ name, folder }) => {
    const isMask = /(^|[/\\])masks$/.test(folder ?? '') && withImages.has(parentOf(folder));
    return !isMask && !(folder !== null && /(^|[/\\])\.[^/\\]/.test(name));
  });
}

function parentOf(folder: string | null): string {
  return (folder ?? '').replace(/[/\\]?[^/\\]*$/, '');
}

/** A file that was laid aside under a name of its own, as sourceFromBytes. */
export function sourceFromStaged({ name, path }: StagedFile): ImportSource {
  return { ...sourceFromFile(path, true), ...placeOf(name), name };
}

/**
 * The files that paths stand for; folders are searched to any depth, hidden files and the masks beside M2-US images left out. A DICOMDIR
 * stands for the images that it lists. What is not there or cannot be read, a path or a file that a DICOMDIR lists, goes to `log`.
 */
export async function sourcesFromPaths(paths: readonly string[], log: ImportLog): Promise<ImportSource[]> {
  const sources = new Map<string, ImportSource>();
  for (const path of paths) {
    const absolute = resolve(path);
    const found = await stat(absolute).catch((cause: unknown) => {
      log.fail(path, new AppError('not-found', `${path} does not exist or cannot be read.`, { cause }));
    });
    if (!found) continue;
    const chosen = !found.isDirectory();
    for (const file of chosen ? await listChosen(absolute, log) : await listFolder(absolute, log)) {
      if (!sources.has(file) || chosen) sources.set(file, sourceFromFile(file, chosen));
    }
  }
  return [...sources.values()];
}

async function listChosen(file: string, log: ImportLog): Promise<readonly string[]> {
  if (!isDirectoryName(file)) return [file];
  return (await tryDirectory(file, log)) ?? [file];
}

/** The images that a DICOMDIR lists; null where it is none or cannot be read, which then is said when its turn comes. */
async function tryDirectory(file: string, log: ImportLog): Promise<readonly string[] | null> {
  const listed = await listDirectory(file).catch(() => null);
  if (!listed) return null;
  for (const warning of listed.warnings) log.warn(warning);
  for (const missing of listed.missing) {
    log.fail(missing, new AppError('not-found', `${missing} is listed in ${file} and is not there.`));
  }
  return listed.present;
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

async function listFolder(folder: string, log: ImportLog): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    log.fail(folder, new AppError('bad-input', `The folder ${folder} cannot be read.`, { cause }));
    return [];
  }
  if (entries.some((entry) => entry.name === 'workspace.sqlite')) {
    log.fail(folder, new UnwantedFileError(`${folder} is a workspace of SonoSync; what it keeps is left alone.`));
    return [];
  }
  const hasImages = entries.some((entry) => entry.isDirectory() && entry.name === 'imgs');
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || (hasImages && entry.name === 'masks')) continue;
    if (entry.isDirectory()) files.push(...(await listFolder(path, log)));
    // A link is followed to a file, not to a folder, which could lead in a circle.
    else if (entry.isFile() || (await isLinkToFile(path))) files.push(path);
    // The search finds what a DICOMDIR lists by itself; what it lists and is not there is said.
    if (isDirectoryName(entry.name)) await tryDirectory(path, log);
  }
  return files;
}

async function isLinkToFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
