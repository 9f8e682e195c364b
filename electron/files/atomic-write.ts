// Owns how a file is written: whole or not at all. A reader, or the next start after a crash, sees the old file or the new one.
import { createHash, randomBytes } from 'node:crypto';
import { open, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../common/errors.ts';

/**
 * Writes `bytes` to `path`, replacing what is there. The bytes go to a temporary file in the same folder, or in another one of the same
 * disk, are flushed to the disk and renamed over the target; then the folder is flushed, so that the name survives a power cut too. A
 * failure leaves the old file as it was and no temporary file. Throws AppError('not-found') for a missing folder, else AppError('storage');
 * both name the file.
 */
export async function writeFileAtomic(
  path: string,
  bytes: Uint8Array,
  temporaryFolder: string = dirname(path),
): Promise<void> {
  // A short name of its own: the target's name may be as long as the file system allows.
  const temporary = join(temporaryFolder, `.sonosync-${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeAndFlush(temporary, bytes);
    await renamePatiently(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw toWriteError(error, path);
  }
  try {
    await flushFolder(dirname(path));
  } catch (error) {
    throw toWriteError(error, path);
  }
}

/**
 * Writes a file whose name is only known when its last byte is: `produce` hands over the bytes in order, `pathOf` says where a file of this
 * SHA-256 belongs. The temporary file lies in `folder`, on the same disk. A failure leaves nothing. Throws as writeFileAtomic does.
 */
export async function writeHashedFileAtomic<T>(
  folder: string,
  pathOf: (hash: string) => Promise<string>,
  produce: (write: (bytes: Uint8Array) => Promise<void>) => Promise<T>,
): Promise<{ readonly hash: string; readonly value: T }> {
  const temporary = join(folder, `.sonosync-${randomBytes(8).toString('hex')}.tmp`);
  try {
    const hash = createHash('sha256');
    const handle = await open(temporary, 'wx');
    let value: T;
    try {
      value = await produce(async (bytes) => {
        hash.update(bytes);
        await handle.writeFile(bytes);
      });
      await handle.sync();
    } finally {
      await handle.close();
    }
    const digest = hash.digest('hex');
    const path = await pathOf(digest);
    await renamePatiently(temporary, path);
    await flushFolder(dirname(path));
    return { hash: digest, value };
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw toWriteError(error, temporary);
  }
}

/**
 * Writes a file that is not there yet and does not wait for the disk: for many files that count as written only together, after each was
 * given to flushFile and their folders to flushFolder. Throws as writeFileAtomic does; a failure may leave a part of the file.
 */
export async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes, { flag: 'wx' });
  } catch (error) {
    throw toWriteError(error, path);
  }
}

/** Waits until a file is on the disk, and returns what is in it. */
export async function flushFile(path: string): Promise<Uint8Array> {
  // Windows flushes only what is open for writing.
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

async function writeAndFlush(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** On Windows a virus scanner or an indexer may hold the target for a moment. */
async function renamePatiently(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(from, to);
    } catch (error) {
      const held = process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(errorCode(error));
      if (!held || attempt === 8) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5 * 2 ** attempt));
    }
  }
}

/** Windows cannot open a folder for this, and some network file systems refuse it: there the rename alone has to do. */
export async function flushFolder(folder: string): Promise<void> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP'].includes(errorCode(error))) throw error;
  } finally {
    await handle?.close();
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const storageReasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: "the user's disk quota is used up",
  EFBIG: 'the file is larger than the system allows',
  EROFS: 'the disk is read-only',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EIO: 'the disk reports a fault',
  EISDIR: 'a folder of that name is in the way',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many files are open',
  EBUSY: 'another program holds the file',
};

function toWriteError(error: unknown, path: string): unknown {
  const code = errorCode(error);
  // What was to be written could not be made: that is said already, and is no fault of the disk.
  if (code === '' || error instanceof AppError) return error;
  if (code === 'ENOENT') {
    return new AppError(
      'not-found',
      `${basename(path)} cannot be written: the folder ${dirname(path)} does not exist.`,
      { cause: error },
    );
  }
  const reason = storageReasons[code] ?? `the system answers ${code}`;
  return new AppError('storage', `${path} cannot be written: ${reason}.`, { cause: error });
}
