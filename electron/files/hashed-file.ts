// Owns reading files that are named by the SHA-256 of their content, and so can be verified.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../common/errors.ts';

/** As much as one read asks for: no more is hashed at a stretch. */
const partBytes = 8 * 1024 * 1024;

/**
 * Reads a file that is named by its hash, into memory of `allocate`'s choice, and verifies it.
 * Throws AppError('corrupt') when its content no longer has the hash, 'not-found' when it is gone, 'storage' when it cannot be read.
 */
export async function readHashedFile(
  path: string,
  hash: string,
  allocate: (size: number) => Uint8Array = (size) => new Uint8Array(size),
): Promise<Uint8Array> {
  const { bytes, found } = await readWhole(path, allocate).catch((cause: unknown) => {
    throw toReadError(path, cause);
  });
  requireHash(path, hash, found);
  return bytes;
}

/** Verifies a file that is named by its hash without keeping it in memory. Throws as readHashedFile does. */
export async function verifyHashedFile(path: string, hash: string): Promise<void> {
  const found = createHash('sha256');
  await pipeline(createReadStream(path), found).catch((cause: unknown) => {
    throw toReadError(path, cause);
  });
  requireHash(path, hash, found.digest('hex'));
}

/** What a failure to read a file of the workspace is to the reader: that it is gone, or that it cannot be read. */
export function toReadError(path: string, cause: unknown): AppError {
  const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  return missing
    ? new AppError('not-found', `${path} is missing from the workspace.`, { cause })
    : new AppError('storage', `Cannot read ${path}.`, { cause });
}

/** Throws AppError('corrupt') where a content does not have its hash. */
export function requireHash(path: string, expected: string, found: string): void {
  if (found === expected) return;
  throw new AppError('corrupt', `${path} was changed or damaged: expected SHA-256 ${expected}, found ${found}.`);
}

async function readWhole(path: string, allocate: (size: number) => Uint8Array) {
  const handle = await open(path, 'r');
  try {
    const bytes = allocate((await handle.stat()).size);
    const hash = createHash('sha256');
    let length = 0;
    for (;;) {
      const count = await readPart(handle, bytes, length);
      if (count === 0) break;
      hash.update(bytes.subarray(length, length + count));
      length += count;
    }
    return { bytes: bytes.subarray(0, length), found: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}

async function readPart(handle: FileHandle, bytes: Uint8Array, offset: number): Promise<number> {
  const length = Math.min(partBytes, bytes.length - offset);
  if (length === 0) return 0;
  return (await handle.read(bytes, offset, length, offset)).bytesRead;
}
