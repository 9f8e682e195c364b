// Owns objects/: the original files, and the decoded frames of videos, each named by its SHA-256, written once and never changed.
import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { writeFileAtomic, writeHashedFileAtomic } from '../files/atomic-write.ts';
import { readHashedFile, verifyHashedFile } from '../files/hashed-file.ts';
import { isObjectNamed } from './instances.ts';
import { unfinishedFolder } from './workspace.ts';
import type { Workspace } from './workspace.ts';

/** The path of an original: two-character folders keep each of them small. */
export function objectPath(workspace: Workspace, hash: string): string {
  return join(workspace.folder, 'objects', hash.slice(0, 2), hash);
}

/** Keeps an original, durable before it returns. An object that is there already, whole, is left as it is. */
export async function saveObject(workspace: Workspace, hash: string, bytes: Uint8Array): Promise<void> {
  const path = objectPath(workspace, hash);
  const size = await stat(path).then(
    (found) => found.size,
    () => null,
  );
  if (size === bytes.length) return;
  await makeFolder(dirname(path));
  await writeFileAtomic(path, bytes, await makeUnfinished(workspace));
}

/** The bytes of an original. Throws AppError('corrupt') when they no longer have their hash, AppError('not-found') when the file is gone. */
export async function loadObject(workspace: Workspace, hash: string): Promise<Uint8Array> {
  return readHashedFile(objectPath(workspace, hash), hash);
}

/** Keeps what `produce` writes, durable before it returns; nothing of it where that fails. Returns its hash and what `produce` returned. */
export async function writeObject<T>(
  workspace: Workspace,
  produce: (write: (bytes: Uint8Array) => Promise<void>) => Promise<T>,
): Promise<{ readonly hash: string; readonly value: T }> {
  const pathOf = async (hash: string): Promise<string> => {
    const path = objectPath(workspace, hash);
    await makeFolder(dirname(path));
    return path;
  };
  return writeHashedFileAtomic(await makeUnfinished(workspace), pathOf, produce);
}

/**
 * Takes back those objects that no record names, where what was to name them has failed. It throws nothing: that failure is what the reader
 * is told.
 */
export async function discardUnnamed(workspace: Workspace, ...hashes: readonly string[]): Promise<void> {
  for (const hash of hashes) {
    try {
      if (!isObjectNamed(workspace, hash)) await rm(objectPath(workspace, hash), { force: true });
    } catch {
      // On a disk that fails it stays, and is taken up again when the same file is imported.
    }
  }
}

/** The path of an object too large for memory, verified. Throws as loadObject does. */
export async function verifyObject(workspace: Workspace, hash: string): Promise<string> {
  const path = objectPath(workspace, hash);
  await verifyHashedFile(path, hash);
  return path;
}

/** For what is not an object yet: a process that is killed leaves nothing of it among the objects, where nobody would look for it. */
export async function makeUnfinished(workspace: Workspace): Promise<string> {
  const folder = unfinishedFolder(workspace);
  await makeFolder(folder);
  return folder;
}

/** Makes a folder of the workspace. Throws AppError('storage') naming it. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw new AppError('storage', `Cannot make the folder ${path}: the disk is full or read-only.`, { cause });
  });
}
