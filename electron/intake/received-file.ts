// Owns an object while it arrives: its data set goes to a temporary file as it comes. What fails on the way is remembered and told at the
// end, in the response; the connection goes on.
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { AppError } from '../common/errors.ts';

export class ReceivedFile extends Writable {
  readonly path: string;
  readonly #header: Uint8Array;
  #handle: FileHandle | null = null;
  #failure: AppError | null = null;
  #removed = false;

  /** `header` stands before the data set. */
  constructor(path: string, header: Uint8Array) {
    super({ highWaterMark: 4 * 2 ** 20 });
    this.path = path;
    this.#header = header;
  }

  override _construct(done: () => void): void {
    void this.#attempt(async () => {
      this.#handle = await open(this.path, 'wx');
      await this.#handle.writeFile(this.#header);
    }, done);
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    void this.#attempt(async () => this.#handle?.writeFile(chunk), done);
  }

  override _final(done: () => void): void {
    void this.#attempt(async () => this.#close(), done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    void this.#attempt(
      async () => this.#close(),
      () => done(error),
    );
  }

  /** Waits until all of it is in the file. Throws AppError('storage') where something could not be written. */
  async whole(): Promise<string> {
    await finished(this);
    if (this.#failure) throw this.#failure;
    return this.path;
  }

  /** Removes the file, finished or not. */
  async discard(): Promise<void> {
    this.#removed = true;
    if (!this.destroyed) this.destroy();
    await this.#close().catch(() => undefined);
    await rm(this.path, { force: true }).catch(() => undefined);
  }

  /** Does a piece of work unless one before it failed; a failure is kept for the end. Never throws. */
  async #attempt(work: () => Promise<unknown>, done: () => void): Promise<void> {
    try {
      if (!this.#failure && !this.#removed) await work();
    } catch (cause) {
      this.#failure = new AppError('storage', `${this.path} cannot be written: the disk is full or read-only.`, {
        cause,
      });
    }
    done();
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }
}
