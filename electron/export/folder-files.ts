// Owns looking through the folder of an export, or of another program, for files and the sizes of its pictures.
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { AppError } from '../common/errors.ts';
import { readImageSize } from '../files/image.ts';
import { fileStem } from './file-names.ts';
import { manifestName, readManifest } from './manifest.ts';
import type { ExportManifest } from './manifest.ts';

export const pictureExtension = /\.(png|jpe?g|webp|tiff?|bmp)$/i;

/**
 * Every file below a folder, as sorted paths from it with forward slashes. Hidden files and folders are passed over, and so are exports of their own
 * in it. Throws AppError('not-found').
 */
export async function listFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  const walk = async (path: string): Promise<void> => {
    const entries = await readdir(join(folder, path), { withFileTypes: true }).catch((cause: unknown) => {
      throw new AppError('not-found', `${join(folder, path)} is no folder that can be read.`, { cause });
    });
    if (path !== '' && entries.some(({ name }) => name === manifestName)) return;
    for (const { name, isFolder } of entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))) {
      if (name.startsWith('.')) continue;
      if (isFolder) await walk(`${path}${name}/`);
      else files.push(`${path}${name}`);
    }
  };
  await walk('');
  return files.sort();
}

/**
 * Reads a file of a folder by its path from there. Throws AppError('not-found') that names it, 'bad-input' for a path that leads out of the
 * folder: paths are also what files say that anybody may have written.
 */
export async function readBytes(folder: string, path: string): Promise<Uint8Array> {
  const root = resolve(folder);
  const absolute = join(root, ...path.split('/'));
  if (!absolute.startsWith(join(root, sep))) {
    throw new AppError('bad-input', `${path} leads out of the folder ${folder}.`);
  }
  return readFile(absolute).catch((cause: unknown) => {
    throw new AppError('not-found', `${absolute} cannot be read.`, { cause });
  });
}

export async function readText(folder: string, path: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(folder, path));
}

/** The record of an export of ours, or null for the folder of another program. Throws AppError('corrupt') for a damaged one. */
export async function findManifest(folder: string): Promise<ExportManifest | null> {
  try {
    return await readManifest(folder);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return null;
    throw error;
  }
}

/** Width and height of frames, by the name of their files: from the record of an export, else from their pictures. */
export class FrameSizes {
  readonly #folder: string;
  readonly #known: Map<string, { readonly width: number; readonly height: number }>;

  constructor(folder: string, manifest: ExportManifest | null) {
    this.#folder = folder;
    this.#known = new Map(manifest?.frames.map((frame) => [frame.name, frame]));
  }

  /** `image` is the picture's path from the folder. Throws AppError('not-found') naming `needed` where neither tells. */
  async of(image: string | null, name: string, needed: string): Promise<{ width: number; height: number }> {
    const known = this.#known.get(name);
    if (known) return known;
    if (image === null) {
      throw new AppError(
        'not-found',
        `${needed} needs the picture "${name}" beside it to tell its size; there is none.`,
      );
    }
    const size = await readImageSize(await readBytes(this.#folder, image), join(this.#folder, image));
    this.#known.set(name, size);
    return size;
  }
}

/** Pictures by their path without extension, so that a label file finds the picture of the same name. */
export function indexPictures(files: readonly string[]): ReadonlyMap<string, string> {
  return new Map(files.filter((file) => pictureExtension.test(file)).map((file) => [stripExtension(file), file]));
}

/** "images/frame-1.png" -> "images/frame-1" */
export function stripExtension(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1) + fileStem(path);
}
