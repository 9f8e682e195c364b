// Owns files that came one by one, laid out as the folder that they were, for readers that look at folders.
import { copyFile, link, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { AppError } from '../../common/errors.ts';

/** A file by its name, or its path inside a chosen folder; on the disk already, or as bytes. */
export type NamedFile = { readonly name: string } & ({ readonly path: string } | { readonly bytes: Uint8Array });

/** Runs `work` with a folder that holds the files, which is gone afterwards. Throws AppError('bad-input') for a name that leads out of it. */
export async function withFolderOf<T>(files: readonly NamedFile[], work: (folder: string) => Promise<T>): Promise<T> {
  const temporary = await mkdtemp(join(tmpdir(), 'sonosync-annotations-'));
  try {
    for (const file of files) {
      const path = resolve(temporary, ...file.name.split(/[\\/]/));
      if (!path.startsWith(temporary + sep))
        throw new AppError('bad-input', `${file.name} lies outside its own folder.`);
      await mkdir(dirname(path), { recursive: true });
      if ('bytes' in file) await writeFile(path, file.bytes);
      // Another disk takes no links.
      else await link(file.path, path).catch(() => copyFile(file.path, path));
    }
    // A browser gives the chosen folder's name as the first part of every path.
    const roots = new Set(files.map(({ name }) => name.split(/[\\/]/)[0]));
    const isNested = roots.size === 1 && files.every(({ name }) => /[\\/]/.test(name));
    return await work(isNested ? join(temporary, ...roots) : temporary);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
