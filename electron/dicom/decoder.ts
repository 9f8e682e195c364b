// Owns reading DICOM files and their frames apart from the thread that asks: in worker threads that a damaged stream may stop or fill, and
// that then are ended and replaced. A file lies in memory once, shared by all threads; of a long uncompressed cine only what is not samples.
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { AppError, fromErrorMessage } from '../common/errors.ts';
import type { Picture } from '../common/picture.ts';
import { heldBytes, type DecoderReply, type FileRequest, type FileSource } from './decoder-messages.ts';
import type { MemorySource } from './decoder-messages.ts';
import type { DicomHeader } from './file-header.ts';
import { DecoderThread, ThreadFailure } from './decoder-thread.ts';

/** Where a file is: bytes at hand, or a file of the store by its path and SHA-256. */
export type DicomSource = Uint8Array | { readonly path: string; readonly hash: string };

export interface FrameOptions {
  /** Nobody waits for it yet: what somebody waits for goes first. */
  readonly background?: boolean;
}

export interface DecodedFile extends DicomHeader {
  /** What of the file stays in memory. */
  readonly byteLength: number;
  /** As DicomFile.frame. */
  readonly frame: (frameNumber: number, options?: FrameOptions) => Promise<Picture>;
}

export interface DecoderOptions {
  /** At most so many at a time. */
  readonly threads?: number;
  /** How long a request may take, by the size of its file in bytes and of its frame in pixels (0 where none is decoded). */
  readonly limitMs?: (bytes: number, pixels: number) => number;
  /** Memory for the records of files, of each thread. */
  readonly heapLimitMb?: number;
}

/** Five seconds, and what slow disks (10 MB/s) and slow processors (half a million pixels a second) may need beside. */
const defaultLimitMs = (bytes: number, pixels: number) => 5000 + bytes / 10_000 + pixels / 500;

interface Waiting {
  readonly request: FileRequest;
  readonly limitMs: number;
  readonly resolve: (reply: DecoderReply) => void;
  readonly reject: (error: unknown) => void;
}

export class DicomDecoder {
  readonly #threads: readonly DecoderThread[];
  readonly #limitMs: (bytes: number, pixels: number) => number;
  readonly #queue: Waiting[] = [];
  readonly #background: Waiting[] = [];
  #files = 0;

  constructor(options: DecoderOptions = {}) {
    const { threads = availableParallelism() > 2 ? 2 : 1, limitMs = defaultLimitMs, heapLimitMb = 256 } = options;
    this.#threads = Array.from({ length: threads }, () => new DecoderThread(heapLimitMb));
    this.#limitMs = limitMs;
  }

  /**
   * As readDicom, and of a file of the store also AppError('corrupt'), 'not-found' or 'storage'. A file or frame that stops the decoder is
   * AppError('bad-input') naming the file.
   */
  async open(source: DicomSource, fileName: string): Promise<DecodedFile> {
    const fileKey = (this.#files += 1);
    const ask = (from: FileSource, frameNumber: number | null, limitMs: number, queue = this.#queue) =>
      this.#ask({ fileKey, fileName, source: from, frameNumber }, limitMs, queue);
    const from: FileSource =
      source instanceof Uint8Array ? { kind: 'bytes', bytes: shareBytes(source) } : { kind: 'object', ...source };
    const size = from.kind === 'bytes' ? from.bytes.length : await sizeOf(from.path);
    const { header, source: inMemory } = expectHeader(await ask(from, null, this.#limitMs(size, 0)));
    const frameLimitMs = this.#limitMs(size, header.width * header.height);
    return {
      ...header,
      byteLength: heldBytes(inMemory),
      frame: async (frameNumber, { background = false } = {}) =>
        expectPicture(await ask(inMemory, frameNumber, frameLimitMs, background ? this.#background : this.#queue)),
    };
  }

  /** Ends the threads; requests that wait or run fail. */
  close(): void {
    const waiting = [...this.#queue.splice(0), ...this.#background.splice(0)];
    for (const { request, reject } of waiting) reject(failureOf(request, 'the decoder was closed'));
    for (const thread of this.#threads) thread.close();
  }

  async #ask(request: FileRequest, limitMs: number, queue: Waiting[]): Promise<DecoderReply> {
    return new Promise((resolve, reject) => {
      queue.push({ request, limitMs, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    const thread = this.#threads.find((candidate) => !candidate.busy);
    const waiting = thread && (this.#queue.shift() ?? this.#background.shift());
    if (!waiting) return;
    const { request, limitMs, resolve, reject } = waiting;
    thread
      .run(request, limitMs)
      .then(resolve, (error: unknown) =>
        reject(error instanceof ThreadFailure ? failureOf(request, error.message) : error),
      )
      .finally(() => this.#next());
  }
}

/** 0 for a file that is not there: the worker says so when it reads it. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.size,
    () => 0,
  );
}

function shareBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes;
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

function failureOf({ fileName, frameNumber }: FileRequest, reason: string): AppError {
  const what = frameNumber === null ? 'it' : `frame ${frameNumber}`;
  return new AppError('bad-input', `${fileName}: ${what} cannot be decoded: ${reason}.`);
}

function expectHeader(reply: DecoderReply): { header: DicomHeader; source: MemorySource } {
  if (!reply.ok) throw fromErrorMessage(reply.error);
  if (!('header' in reply)) throw new Error('The decoder answered with a picture where a header was asked for.');
  return reply;
}

function expectPicture(reply: DecoderReply): Picture {
  if (!reply.ok) throw fromErrorMessage(reply.error);
  if (!('picture' in reply)) throw new Error('The decoder answered with a header where a picture was asked for.');
  return reply.picture;
}
