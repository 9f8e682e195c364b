// Owns reading parts of files that are named by the SHA-256 of their content: verified as a whole once, with a checksum kept of each part, so
// that what is read later is known to be what was verified, and the file need not lie in memory.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { AppError } from '../common/errors.ts';
import { requireHash, toReadError } from './hashed-file.ts';

/** A verified file. */
export interface FileParts {
  readonly path: string;
  readonly size: number;
  /** CRC-32 of each part of `partBytes`; the last part is what remains. */
  readonly checksums: Uint32Array;
}

/** Small beside a frame, so that little is read in vain at its ends. */
const partBytes = 128 * 1024;

/**
 * Verifies a file and keeps its first bytes, as many as `start` holds. Throws AppError('corrupt') when its content no longer has the hash,
 * 'not-found' when it is gone, 'storage' when it cannot be read.
 */
export async function verifyParts(path: string, hash: string, start: Uint8Array): Promise<FileParts> {
  const found = createHash('sha256');
  const checksums: number[] = [];
  let size = 0;
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw toReadError(path, cause);
  });
  try {
    const part = new Uint8Array(partBytes);
    for (;;) {
      const length = await fill(handle, part, size);
      if (length === 0) break;
      const bytes = part.subarray(0, length);
      found.update(bytes);
      checksums.push(crc32(bytes));
      if (size < start.length) start.set(bytes.subarray(0, start.length - size), size);
      size += length;
    }
  } catch (cause) {
    throw toReadError(path, cause);
  } finally {
    await handle.close();
  }
  requireHash(path, hash, found.digest('hex'));
  return { path, size, checksums: Uint32Array.from(checksums) };
}

/**
 * The bytes from `offset` on, in memory of their own. Throws AppError('corrupt') where they are not what was verified, 'not-found' and
 * 'storage' as verifyParts does.
 */
export async function readParts({ path, size, checksums }: FileParts, offset: number, length: number) {
  const first = Math.floor(offset / partBytes);
  const end = Math.min(size, Math.ceil((offset + length) / partBytes) * partBytes);
  const bytes = new Uint8Array(Math.max(0, end - first * partBytes));
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw toReadError(path, cause);
  });
  let read: number;
  try {
    read = await fill(handle, bytes, first * partBytes);
  } catch (cause) {
    throw toReadError(path, cause);
  } finally {
    await handle.close();
  }
  for (let start = 0, part = first; start < bytes.length; start += partBytes, part += 1) {
    if (read < bytes.length || crc32(bytes.subarray(start, start + partBytes)) !== checksums[part]) {
      throw new AppError('corrupt', `${path} was changed or damaged since it was opened.`);
    }
  }
  return bytes.subarray(offset - first * partBytes, offset - first * partBytes + length);
}

/** Reads until the array is full or the file ends; how many bytes there were. */
async function fill(handle: Awaited<ReturnType<typeof open>>, bytes: Uint8Array, position: number): Promise<number> {
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, position + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}
