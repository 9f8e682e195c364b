// Owns objects/: the original files, and the decoded frames of videos, each named by its SHA-256, written once and never changed.
import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { writeFileAtomic, writeHashedFileAtomic } from '../files/atomic-write.ts';
import { readHashedFile, verifyHashedFile } from '../files/hashed-file.ts';
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
  await writeFileAtomic(path, bytes);
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
  return writeHashedFileAtomic(join(workspace.folder, 'objects'), pathOf, produce);
}

/** Takes back an object that no record names yet. */
export async function discardObject(workspace: Workspace, hash: string): Promise<void> {
  const path = objectPath(workspace, hash);
  await rm(path, { force: true });
}

/** The path of an object too large for memory, verified. Throws as loadObject does. */
export async function verifyObject(workspace: Workspace, hash: string): Promise<string> {
  const path = objectPath(workspace, hash);
  await verifyHashedFile(path, hash);
  return path;
}

/** Makes a folder of the workspace. Throws AppError('storage') naming it. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw new AppError('storage', `Cannot make the folder ${path}: the disk is full or read-only.`, { cause });
  });
}
