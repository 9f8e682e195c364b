// Owns objects/: the original files, each named by its SHA-256, written once and never changed.
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { contentHash } from './identifiers.ts';
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

/** Reads a file that is named by its hash, and verifies it. */
export async function readHashedFile(path: string, hash: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw missing
      ? new AppError('not-found', `${path} is missing from the workspace.`, { cause })
      : new AppError('storage', `Cannot read ${path}.`, { cause });
  });
  const found = contentHash(bytes);
  if (found !== hash) {
    throw new AppError('corrupt', `${path} was changed or damaged: expected SHA-256 ${hash}, found ${found}.`);
  }
  return bytes;
}

/** Makes a folder of the workspace. Throws AppError('storage') naming it. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw new AppError('storage', `Cannot make the folder ${path}: the disk is full or read-only.`, { cause });
  });
}
