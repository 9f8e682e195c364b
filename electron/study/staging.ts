// Owns unfinished/: files that arrive in parts, laid aside until they are whole and their import begins. Nothing there outlives the session, nor
// does what objects.ts and others have not finished there.
import { rmSync } from 'node:fs';
import { appendFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { makeFolder } from './objects.ts';
import { unfinishedFolder } from './workspace.ts';
import type { Workspace } from './workspace.ts';

export interface StagedFile {
  /** As the reader knows it: a file name, or a path inside a dropped folder. */
  readonly name: string;
  readonly path: string;
}

export interface FilePart {
  readonly name: string;
  /** Where it lies in its file. */
  readonly start: number;
  readonly bytes: Uint8Array;
}

interface StagedJob {
  readonly folder: string;
  readonly files: Map<string, StagedFile>;
  /** Parts are written one after another. */
  writing: Promise<void>;
}

export class Staging {
  readonly #folder: string;
  readonly #jobs = new Map<string, StagedJob>();
  #count = 0;

  /** Throws away what a session before this one left. */
  constructor(workspace: Workspace) {
    this.#folder = unfinishedFolder(workspace);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Appends parts. Throws AppError('conflict') for one that does not follow the part before it, AppError('storage'). */
  async add(jobId: string, parts: readonly FilePart[]): Promise<void> {
    const job = this.#jobs.get(jobId) ?? { folder: this.#newFolder(), files: new Map(), writing: Promise.resolve() };
    this.#jobs.set(jobId, job);
    const write = appendParts(job, parts, job.writing);
    job.writing = write.catch(() => undefined);
    await write;
  }

  /** The files of a job, in the order in which they came. */
  async files(jobId: string): Promise<StagedFile[]> {
    const job = this.#jobs.get(jobId);
    await job?.writing;
    return [...(job?.files.values() ?? [])];
  }

  async discard(jobId: string): Promise<void> {
    const job = this.#jobs.get(jobId);
    if (!job) return;
    this.#jobs.delete(jobId);
    await job.writing;
    // A file that another program holds for a moment goes with the next session.
    await rm(job.folder, { recursive: true, force: true }).catch(() => undefined);
  }

  #newFolder(): string {
    this.#count += 1;
    return join(this.#folder, String(this.#count));
  }
}

async function appendParts(job: StagedJob, parts: readonly FilePart[], before: Promise<void>): Promise<void> {
  await before;
  for (const part of parts) await appendPart(job, part);
}

async function appendPart(job: StagedJob, { name, start, bytes }: FilePart): Promise<void> {
  // The name is kept in memory and never becomes a path.
  const file = job.files.get(name) ?? { name, path: join(job.folder, String(job.files.size + 1)) };
  job.files.set(name, file);
  const size = await stat(file.path).then(
    (found) => found.size,
    () => 0,
  );
  if (size !== start) {
    throw new AppError('conflict', `${name}: a part of it begins at byte ${start}; ${size} bytes are there.`);
  }
  await makeFolder(job.folder);
  await appendFile(file.path, bytes).catch((cause: unknown) => {
    throw new AppError('storage', `${name} cannot be laid aside: the disk is full or read-only.`, { cause });
  });
}
