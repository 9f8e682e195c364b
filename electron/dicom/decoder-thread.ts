// Owns one worker thread of the decoder: started when needed, given one request at a time, ended when it is late, fails or has long been idle.
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { unpackedPath } from '../common/packaged-path.ts';
import type { DecoderReply, DecoderRequest } from './decoder-messages.ts';

/** What decompression once took is given back when the thread ends. */
const idleMs = 5 * 60_000;

/** The thread did not answer: why, in words that end a sentence. */
export class ThreadFailure extends Error {}

export class DecoderThread {
  readonly #heapLimitMb: number;
  #worker: Worker | null = null;
  #settle: ((outcome: DecoderReply | ThreadFailure) => void) | null = null;
  #idleTimer: NodeJS.Timeout | undefined;

  /** `heapLimitMb` bounds what records of a file take; pixels lie outside the heap, and pixel-format.ts bounds them. */
  constructor(heapLimitMb: number) {
    this.#heapLimitMb = heapLimitMb;
  }

  get busy(): boolean {
    return this.#settle !== null;
  }

  /** Throws ThreadFailure where the thread dies or takes longer than `limitMs`; the next request gets a new one. */
  async run(request: DecoderRequest, limitMs: number): Promise<DecoderReply> {
    clearTimeout(this.#idleTimer);
    const worker = (this.#worker ??= this.#start());
    // A thread with work to do keeps the process alive, an idle one does not.
    worker.ref();
    const outcome = await new Promise<DecoderReply | ThreadFailure>((resolve) => {
      this.#settle = resolve;
      const timer = setTimeout(() => this.#end(`it takes longer than ${Math.round(limitMs / 1000)} s`), limitMs);
      this.#settle = (value) => {
        clearTimeout(timer);
        this.#settle = null;
        resolve(value);
      };
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage(request);
    });
    if (outcome instanceof ThreadFailure) throw outcome;
    worker.unref();
    this.#idleTimer = setTimeout(() => this.#end('it is idle'), idleMs).unref();
    return outcome;
  }

  /** Ends the thread; a request that runs fails. */
  close(): void {
    clearTimeout(this.#idleTimer);
    this.#end('the decoder was closed');
  }

  #start(): Worker {
    const worker = new Worker(workerEntry(), { resourceLimits: { maxOldGenerationSizeMb: this.#heapLimitMb } });
    const fail = (reason: string) => {
      if (this.#worker === worker) this.#end(reason);
    };
    worker.on('message', (reply: DecoderReply) => this.#worker === worker && this.#settle?.(reply)); // only worker.ts writes here
    worker.on('messageerror', () => fail('its answer cannot be read'));
    worker.on('error', (error: Error & { code?: string }) =>
      fail(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it takes more memory than it may' : 'the decoder failed'),
    );
    worker.on('exit', () => fail('the decoder ended'));
    return worker;
  }

  #end(reason: string): void {
    const worker = this.#worker;
    this.#worker = null;
    void worker?.terminate();
    this.#settle?.(new ThreadFailure(reason));
  }
}

/** The worker's entry: the source beside this file, or its bundle where this file is bundled, outside the packaged archive. */
function workerEntry(): string {
  const bundled = !import.meta.url.endsWith('.ts');
  return unpackedPath(fileURLToPath(new URL(bundled ? './dicom-worker.js' : './worker.ts', import.meta.url)));
}
