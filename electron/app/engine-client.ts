// Owns the host's end of the engine: one process, calls with progress and cancel, and what happens when the process dies.
// A driver can take the engine down at any time. It is started again, at once and then with growing pauses; after two crashes on
// the CPU only. A call that was lost is repeated once and its caller told; if it is lost again it fails with AppError('engine').
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineMethod, EngineMethods, EngineModel, EngineReport, FromEngine } from '../common/engine-protocol.ts';
import { AppError, createAbortError, fromErrorMessage } from '../common/errors.ts';
import type { EngineExit, EngineProcess, SpawnEngine } from './engine-process.ts';
import { describeExit, EngineRestarts, sendLimits } from './engine-restarts.ts';

export interface EngineState {
  readonly state: 'starting' | 'ready' | 'failed';
  /** The provider that runs proposals: the CPU until engine:probe has chosen another. */
  readonly provider: string;
  /** One sentence for the interface: what runs and why, or what went wrong and what happens next. */
  readonly summary: string;
}

export interface CallOptions<M extends EngineMethod> {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EngineMethods[M]['progress']) => void;
  /** Told that the engine died under this call, which starts again from its beginning. */
  readonly onRetry?: (reason: string) => void;
}

export interface EngineClient {
  /** Starts the process where it is not running; calls do so by themselves. */
  start(): void;
  /** Rejects with the engine's AppError, with AbortError once cancelled, or with AppError('engine') when the process was lost twice. */
  call<M extends EngineMethod>(
    method: M,
    request: EngineMethods[M]['request'],
    options?: CallOptions<M>,
  ): Promise<EngineMethods[M]['result']>;
  state(): EngineState;
  /** Returns the function that ends the subscription. */
  onStateChange(listener: (state: EngineState) => void): () => void;
  /** Ends the process and cancels what is pending; resolves when the process is gone. */
  close(): Promise<void>;
}

interface ClientOptions {
  readonly spawn: SpawnEngine;
  /** The pause before the second start in a row that led nowhere; it doubles with each further one. */
  readonly backoffMs?: number;
}

interface Call {
  readonly method: EngineMethod;
  readonly request: unknown;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: never) => void) | undefined;
  readonly onRetry: ((reason: string) => void) | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** Ends the watch over the signal, which may outlive the call. */
  unwatch: () => void;
  attempts: number;
  /** Its number in the running process, or null while it waits for one. */
  sentAs: number | null;
}

export function createEngineClient(options: ClientOptions): EngineClient {
  return new ProcessEngineClient(options);
}

class ProcessEngineClient implements EngineClient {
  readonly #spawnEngine: SpawnEngine;
  readonly #calls = new Set<Call>();
  readonly #sent = new Map<number, Call>();
  readonly #listeners = new Set<(state: EngineState) => void>();
  readonly #closing = new AbortController();
  readonly #restarts: EngineRestarts;
  #state: EngineState = { state: 'starting', provider: 'cpu', summary: 'The engine is starting.' };
  #process: EngineProcess | null = null;
  #exited: Promise<void> = Promise.resolve();
  #ready = false;
  #restartPending = false;
  #nextId = 1;
  /** What was probed last; a new process is told to probe it again, or it would stay on the CPU unnoticed. */
  #probedModel: EngineModel | null = null;

  constructor(options: ClientOptions) {
    this.#spawnEngine = options.spawn;
    this.#restarts = new EngineRestarts(options.backoffMs ?? 500);
  }

  start(): void {
    if (this.#process || this.#restartPending || this.#closing.signal.aborted) return;
    this.#spawn('The engine is starting.');
  }

  call<M extends EngineMethod>(
    method: M,
    request: EngineMethods[M]['request'],
    options: CallOptions<M> = {},
  ): Promise<EngineMethods[M]['result']> {
    if (this.#closing.signal.aborted || options.signal?.aborted) return Promise.reject(createAbortError());
    return new Promise((resolve, reject) => {
      const call: Call = {
        method,
        request,
        signal: options.signal,
        onProgress: options.onProgress, // the engine reports what the protocol says for this method
        onRetry: options.onRetry,
        resolve: resolve as (value: unknown) => void, // likewise its result
        reject,
        unwatch: () => options.signal?.removeEventListener('abort', cancel),
        attempts: 0,
        sentAs: null,
      };
      const cancel = () => this.#cancel(call);
      options.signal?.addEventListener('abort', cancel);
      this.#calls.add(call);
      this.start();
      if (this.#ready) this.#send(call);
    });
  }

  state(): EngineState {
    return this.#state;
  }

  onStateChange(listener: (state: EngineState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const call of this.#calls) this.#settle(call, () => call.reject(createAbortError()));
    this.#process?.kill();
    await this.#exited;
  }

  #spawn(summary: string): void {
    this.#change({ state: 'starting', provider: 'cpu', summary });
    this.#ready = false;
    let engine: EngineProcess;
    try {
      engine = this.#spawnEngine(this.#restarts.cpuOnly ? { SONOSYNC_PROVIDER: 'cpu' } : {});
    } catch {
      // The system refused a new process; as with one that dies at its start, later tries may do better.
      void this.#recover({ code: null, signal: null });
      return;
    }
    this.#process = engine;
    engine.onMessage((message) => {
      // What a process said before it ended may arrive after the news of its end; its calls are being repeated by then.
      if (this.#process === engine) this.#receive(message);
    });
    this.#exited = new Promise((resolve) => {
      engine.onExit((exit) => {
        if (this.#process === engine) this.#process = null;
        this.#ready = false;
        resolve();
        if (!this.#closing.signal.aborted) void this.#recover(exit);
      });
    });
  }

  #receive(message: FromEngine): void {
    if (message.kind === 'ready') {
      this.#ready = true;
      const after = this.#restarts.cpuOnly ? ' only, after two crashes' : '';
      this.#change({ state: 'ready', provider: 'cpu', summary: `The engine runs on the CPU${after}.` });
      this.#repeatProbe();
      for (const call of this.#calls) this.#send(call);
      return;
    }
    const call = this.#sent.get(message.id);
    if (!call) return;
    if (message.kind === 'progress') {
      call.onProgress?.(message.value as never); // typed by the method, see `call`
      return;
    }
    this.#restarts.recordAnswer();
    if (message.kind === 'error') {
      this.#settle(call, () => call.reject(fromErrorMessage(message.error)));
      return;
    }
    if (call.method === 'engine:probe') this.#adopt(message.value as EngineReport); // the protocol's result of this method
    this.#settle(call, () => call.resolve(message.value));
  }

  #send(call: Call): void {
    if (call.sentAs !== null || !this.#process) return;
    const id = this.#nextId++;
    call.sentAs = id;
    call.attempts += 1;
    this.#sent.set(id, call);
    if (call.method === 'engine:probe') this.#probedModel = (call.request as { model: EngineModel }).model; // typed by `call`
    try {
      this.#process.post({ kind: 'request', id, method: call.method, params: call.request });
    } catch (error) {
      this.#settle(call, () =>
        call.reject(new Error(`The request of ${call.method} cannot be sent.`, { cause: error })),
      );
    }
  }

  /** A call that runs is cancelled by the engine, which answers when the work has really stopped. */
  #cancel(call: Call): void {
    if (!this.#calls.has(call)) return;
    if (call.sentAs !== null && this.#process) this.#process.post({ kind: 'cancel', id: call.sentAs });
    else this.#settle(call, () => call.reject(createAbortError()));
  }

  #settle(call: Call, finish: () => void): void {
    if (!this.#calls.delete(call)) return;
    call.unwatch();
    if (call.sentAs !== null) this.#sent.delete(call.sentAs);
    finish();
  }

  async #recover(exit: EngineExit): Promise<void> {
    this.#restarts.recordCrash();
    const reason = describeExit(exit);
    const lost = [...this.#sent.values()];
    this.#sent.clear();
    for (const call of lost) this.#repeatOrReject(call, reason);
    const fruitlessStarts = this.#restarts.giveUp();
    if (fruitlessStarts !== null) {
      this.#giveUp(`${reason} It ended ${fruitlessStarts} times in a row without an answer.`);
      return;
    }
    const repeated = lost.filter((call) => this.#calls.has(call)).length;
    const again = repeated === 0 ? '' : ` What it was working on starts again (${repeated}).`;
    const summary = `${reason} It is being started again.${again}`;
    this.#change({ state: 'starting', provider: 'cpu', summary });
    this.#restartPending = true;
    await sleep(this.#restarts.pauseMs(), undefined, { signal: this.#closing.signal }).catch(() => {});
    this.#restartPending = false;
    if (!this.#closing.signal.aborted) this.#spawn(summary);
  }

  #repeatOrReject(call: Call, reason: string): void {
    call.sentAs = null;
    const limit = call.method === 'engine:probe' ? sendLimits.probe : sendLimits.other;
    if (call.signal?.aborted) {
      this.#settle(call, () => call.reject(createAbortError()));
    } else if (call.attempts >= limit) {
      const times = call.attempts === 2 ? 'twice' : `${call.attempts} times`;
      const error = new AppError('engine', `${reason} It was lost ${times} during ${call.method}, which is given up.`);
      this.#settle(call, () => call.reject(error));
    } else {
      call.onRetry?.(reason);
    }
  }

  #giveUp(reason: string): void {
    const summary = `${reason} The engine stays off until it is needed again.`;
    for (const call of this.#calls) this.#settle(call, () => call.reject(new AppError('engine', summary)));
    this.#change({ state: 'failed', provider: 'cpu', summary });
  }

  /** Chooses the providers of a new process as the last one's were, unless a probe is already among the calls to repeat. */
  #repeatProbe(): void {
    const model = this.#probedModel;
    if (!model || [...this.#calls].some((call) => call.method === 'engine:probe')) return;
    // Its outcome is the change of state; a failure leaves the engine on the CPU, as the state says.
    this.call('engine:probe', { model }).catch(() => {});
  }

  #adopt(report: EngineReport): void {
    const caution = this.#restarts.cpuOnly ? 'After two crashes the engine runs on the CPU only. ' : '';
    this.#change({ state: 'ready', provider: report.chosen.inference, summary: `${caution}${report.summary}` });
  }

  #change(state: EngineState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}
