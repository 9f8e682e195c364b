// Owns the folder that an export is written into: never over anything that is there, whole files only, and nothing left of an export that failed.
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { flushFile, flushFolder, writeFileAtomic, writeNewFile } from '../files/atomic-write.ts';
import { manifestName, readManifest } from './manifest.ts';
import type { ExportedFile } from './manifest.ts';

/** What systems put into folders by themselves. */
const systemFiles = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/** So many files are flushed and read back at a time: the disk has more to put in order. */
const filesInFlight = 8;

export class ExportFolder {
  readonly path: string;
  readonly #files = new Map<string, ExportedFile>();
  /** Folders made for this export, in the order of their making. */
  readonly #made: string[] = [];
  /** Folders that are known to be there. */
  readonly #ready = new Set<string>();

  #making: Promise<void> = Promise.resolve();

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Takes a new or empty folder. In the folder of an earlier export a subfolder export-2, export-3 … is made.
   * Throws AppError('conflict') for a folder that holds anything else, AppError('storage') where it cannot be made.
   */
  static async create(target: string): Promise<ExportFolder> {
    const entries = await listEntries(target);
    if (entries !== null && entries.length === 0) return new ExportFolder(target);
    if (entries === null) {
      const folder = new ExportFolder(target);
      await folder.#make(target);
      return folder;
    }
    if (!entries.includes(manifestName)) {
      throw new AppError(
        'conflict',
        `${target} is not empty and holds no earlier export of SonoSync. Choose a new or empty folder; nothing was written.`,
      );
    }
    await readManifest(target);
    let number = 2;
    while (entries.includes(`export-${number}`)) number += 1;
    const folder = new ExportFolder(join(target, `export-${number}`));
    await folder.#make(folder.path);
    return folder;
  }

  /** Paths from the folder with forward slashes, sorted. */
  get files(): readonly ExportedFile[] {
    return [...this.#files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Writes a new file, or the record of the export again; `path` is relative, with forward slashes. It is on the disk after checkFiles. */
  async write(path: string, content: Uint8Array | string): Promise<void> {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const absolute = join(this.path, ...path.split('/'));
    await this.#make(dirname(absolute));
    // Known before it is written, so that a part of it is taken back too.
    this.#files.set(path, { path, bytes: bytes.length, sha256: hash(bytes) });
    // Without the record nothing here is an export, so it is the one file that has to be whole at every moment.
    await (path === manifestName ? writeFileAtomic(absolute, bytes) : writeNewFile(absolute, bytes));
  }

  /** Waits until every file is on the disk and reads it again. Throws AppError('corrupt') naming the first that is not what was written. */
  async checkFiles(signal?: AbortSignal): Promise<void> {
    const files = this.files;
    let next = 0;
    const work = async () => {
      while (next < files.length) {
        signal?.throwIfAborted();
        const file = files[next++];
        const absolute = join(this.path, ...file.path.split('/'));
        const bytes = await flushFile(absolute).catch((cause: unknown) => {
          throw new AppError('storage', `${absolute} was written and cannot be read back.`, { cause });
        });
        if (hash(bytes) !== file.sha256) {
          throw new AppError('corrupt', `${absolute} reads back other than it was written. The disk may be failing.`);
        }
      }
    };
    const outcomes = await Promise.allSettled(Array.from({ length: filesInFlight }, work));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    for (const folder of this.#ready) await flushFolder(folder);
  }

  /** Takes back what this export wrote; what others put there stays. */
  async discard(): Promise<void> {
    const remove = (path: string) => rm(path, { force: true }).catch(() => undefined);
    for (const { path } of this.#files.values()) await remove(join(this.path, ...path.split('/')));
    for (const folder of this.#made.toReversed()) await rmdir(folder).catch(() => undefined);
  }

  /** One at a time, since several files of a new folder may be on their way. */
  async #make(folder: string): Promise<void> {
    if (this.#ready.has(folder)) return;
    const made = this.#making.then(() => this.#makeNow(folder));
    this.#making = made.catch(() => undefined);
    await made;
  }

  async #makeNow(folder: string): Promise<void> {
    if (this.#ready.has(folder)) return;
    const missing: string[] = [];
    try {
      for (let parent = folder; (await listEntries(parent)) === null; parent = dirname(parent)) missing.unshift(parent);
      for (const path of missing) {
        await mkdir(path);
        this.#made.push(path);
      }
      this.#ready.add(folder);
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new AppError('storage', `The folder ${folder} cannot be made: ${reasonOf(cause)}.`, { cause });
    }
  }
}

/** The names in a folder, or null where there is none. Throws AppError('bad-input') for a file of that name. */
async function listEntries(folder: string): Promise<string[] | null> {
  try {
    return (await readdir(folder)).filter((name) => !systemFiles.has(name));
  } catch (cause) {
    const code = reasonOf(cause);
    if (code === 'ENOENT') return null;
    if (code === 'ENOTDIR') {
      throw new AppError('bad-input', `${folder} is a file or lies below one; expected a folder.`, { cause });
    }
    throw new AppError('storage', `The folder ${folder} cannot be read: ${code}.`, { cause });
  }
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
