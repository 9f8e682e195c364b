// Owns the threads that propose for frames which nobody waits for yet, while the engine itself trains or answers the reader. On a processor one
// proposal at a time leaves most of a second core idle, since its operators are small; two at a time, on sessions of one thread each, use both.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ProposalRequest, ProposalResult } from '../common/engine-protocol.ts';
import { AppError, createAbortError, fromErrorMessage } from '../common/errors.ts';
import { unpackedPath } from '../common/packaged-path.ts';
import type { LoadedModel } from '../inference/loaded-model.ts';
import { threadControl, type FromThread, type ThreadData, type ToThread } from './thread-messages.ts';

/** What all threads together may take beside the engine, and what one takes: its own heap, and the weights as file, tensors and session. */
const memoryLimit = 750e6;
const threadMemory = 100e6;
const copiesOfWeights = 5;

const mostThreads = 4;

/** What they hold is given back when nothing has been asked of them for so long. */
const idleMs = 30_000;

interface Task {
  readonly model: LoadedModel;
  readonly request: ProposalRequest;
  readonly resolve: (result: ProposalResult) => void;
  readonly reject: (error: Error) => void;
  /** Ends the watch over the signal. */
  unwatch: () => void;
}

interface Thread {
  readonly worker: Worker;
  readonly control: Int32Array<SharedArrayBuffer>;
  ready: boolean;
  task: Task | null;
}

export class ProposalThreads {
  #folder: string | null = null;
  #threads: Thread[] = [];
  readonly #waiting: Task[] = [];
  #holds = 0;
  #failed = false;
  #idleTimer: NodeJS.Timeout | undefined;

  /**
   * Whether proposals of this model can be asked of the threads now. The first time it is asked about a model they are started, where they are
   * worth their memory; until they are ready, and where they cannot be had, the answer is no.
   */
  isReady(model: LoadedModel): boolean {
    if (this.#failed) return false;
    if (this.#folder !== model.folder) {
      if (this.#isBusy()) return false;
      this.close();
      this.#folder = model.folder;
      const count = countThreads(model);
      this.#threads = Array.from({ length: count }, () => this.#start(model.folder));
    }
    return this.#threads.some(({ ready }) => ready);
  }

  /** Proposes for a frame; its features are kept by `model`. Throws as LoadedModel.propose does, AppError('engine') where the thread ends. */
  async run(model: LoadedModel, request: ProposalRequest, signal: AbortSignal): Promise<ProposalResult> {
    const { width, height, channels, pixels } = model.picture(request.image);
    const image = { key: request.image.key, width, height, channels, pixels };
    const { promise, resolve, reject } = Promise.withResolvers<ProposalResult>();
    const task: Task = { model, request: { ...request, image }, resolve, reject, unwatch: () => {} };
    const abort = (): void => this.#cancel(task);
    signal.addEventListener('abort', abort);
    task.unwatch = () => signal.removeEventListener('abort', abort);
    this.#waiting.push(task);
    this.#assign();
    return promise;
  }

  /** Runs `work` while the threads wait at their next step: whoever waits for it has the cores. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.#holds += 1;
    this.#tellHolds();
    try {
      return await work();
    } finally {
      this.#holds -= 1;
      this.#tellHolds();
    }
  }

  /** Ends the threads; what they were asked is given up. */
  close(): void {
    clearTimeout(this.#idleTimer);
    const threads = this.#threads;
    this.#threads = [];
    this.#folder = null;
    for (const task of [...this.#waiting.splice(0), ...threads.flatMap((thread) => thread.task ?? [])]) {
      settle(task, createAbortError());
    }
    for (const { worker } of threads) post(worker, { kind: 'end' });
  }

  #isBusy(): boolean {
    return this.#waiting.length > 0 || this.#threads.some(({ task }) => task !== null);
  }

  #assign(): void {
    clearTimeout(this.#idleTimer);
    for (const thread of this.#threads) {
      if (!thread.ready || thread.task) continue;
      const task = this.#waiting.shift();
      if (!task) break;
      thread.task = task;
      Atomics.store(thread.control, threadControl.cancelled, 0);
      post(thread.worker, { kind: 'propose', request: task.request });
    }
    if (!this.#isBusy()) this.#idleTimer = setTimeout(() => this.close(), idleMs).unref();
  }

  #start(folder: string): Thread {
    const control = new Int32Array(new SharedArrayBuffer(8));
    const workerData: ThreadData = { folder, control };
    const worker = new Worker(workerEntry(), { workerData });
    const thread: Thread = { worker, control, ready: false, task: null };
    worker.on('message', (message: FromThread) => this.#receive(thread, message)); // only proposal-worker.ts writes here
    worker.on('error', () => this.#fail(thread));
    worker.on('exit', () => this.#fail(thread));
    // The engine lives as long as its host, not as long as its threads.
    worker.unref();
    return thread;
  }

  #receive(thread: Thread, message: FromThread): void {
    const { task } = thread;
    thread.task = null;
    thread.ready = true;
    if (task && message.kind === 'result') {
      if (message.views) task.model.keepWholeFeatures(task.request.image.key, message.views);
      settle(task, message.result);
    }
    if (task && message.kind === 'error') settle(task, fromErrorMessage(message.error));
    if (this.#threads.includes(thread)) {
      this.#tellHolds();
      this.#assign();
    }
  }

  /** A thread that ends unasked: this engine does without threads from then on. */
  #fail(thread: Thread): void {
    if (!this.#threads.includes(thread)) return;
    this.#failed = true;
    const reason = new AppError('engine', 'A thread of the engine that proposes for many frames has ended.');
    const tasks = [...this.#waiting.splice(0), ...this.#threads.flatMap((one) => one.task ?? [])];
    for (const task of tasks) settle(task, reason);
    for (const one of this.#threads) one.task = null;
    this.close();
  }

  #cancel(task: Task): void {
    const index = this.#waiting.indexOf(task);
    if (index >= 0) {
      this.#waiting.splice(index, 1);
      settle(task, createAbortError());
      return;
    }
    const thread = this.#threads.find((one) => one.task === task);
    if (thread) Atomics.store(thread.control, threadControl.cancelled, 1);
  }

  #tellHolds(): void {
    const isHeld = this.#holds > 0;
    for (const { control } of this.#threads) {
      Atomics.store(control, threadControl.held, isHeld ? 1 : 0);
      // Whoever is woken goes on.
      if (!isHeld) Atomics.notify(control, threadControl.held);
    }
  }
}

/** How many threads are worth their memory; none where it would be one, which is no faster than the engine itself. */
function countThreads({ manifest }: LoadedModel): number {
  const weights = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const affordable = Math.floor(memoryLimit / (threadMemory + copiesOfWeights * weights));
  const count = Math.min(availableParallelism(), mostThreads, affordable);
  return count > 1 ? count : 0;
}

function settle(task: Task, outcome: ProposalResult | Error): void {
  task.unwatch();
  if (outcome instanceof Error) task.reject(outcome);
  else task.resolve(outcome);
}

function post(worker: Worker, message: ToThread): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  worker.postMessage(message);
}

/** The thread's entry: the source beside this file, or its bundle where this file is bundled, outside the packaged archive. */
function workerEntry(): string {
  const bundled = !import.meta.url.endsWith('.ts');
  return unpackedPath(
    fileURLToPath(new URL(bundled ? './proposal-worker.js' : './proposal-worker.ts', import.meta.url)),
  );
}
