// Owns the host's end of the engine: one process, calls with progress and cancel, and what happens when the process dies.
// A driver can take the engine down at any time. It is started again, at once and then with growing pauses; after two crashes on
// the CPU only. A call that was lost is repeated once and its caller told; if it is lost again it fails with AppError('engine').
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  EngineMethod,
  EngineMethods,
  EngineModel,
  EngineReport,
  FromEngine,
  ToEngine,
} from '../common/engine-protocol.ts';
import { AppError, createAbortError, fromErrorMessage, toErrorMessage } from '../common/errors.ts';
import { EngineCalls } from './engine-calls.ts';
import type { CallOptions, EngineCall } from './engine-calls.ts';
import type { EngineExit, EngineProcess, SpawnEngine } from './engine-process.ts';
import { describeExit, EngineRestarts, sendLimits } from './engine-restarts.ts';

export interface EngineState {
  readonly state: 'starting' | 'ready' | 'failed';
  /** The provider that runs proposals: the CPU until engine:probe has chosen another. */
  readonly provider: string;
  /** One sentence for the interface: what runs and why, or what went wrong and what happens next. */
  readonly summary: string;
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

export function createEngineClient(options: ClientOptions): EngineClient {
  return new ProcessEngineClient(options);
}

class ProcessEngineClient implements EngineClient {
  readonly #spawnEngine: SpawnEngine;
  readonly #calls = new EngineCalls();
  readonly #listeners = new Set<(state: EngineState) => void>();
  readonly #closing = new AbortController();
  readonly #restarts: EngineRestarts;
  #state: EngineState = { state: 'starting', provider: 'cpu', summary: 'The engine is starting.' };
  #process: EngineProcess | null = null;
  #exited: Promise<void> = Promise.resolve();
  #ready = false;
  #restartPending = false;
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
    const { call, answer } = this.#calls.add(method, request, options, (aborted) => this.#cancel(aborted));
    this.start();
    if (this.#ready) this.#send(call);
    return answer;
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
    this.#calls.cancelAll();
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
      for (const call of this.#calls.pending()) this.#send(call);
      return;
    }
    const call = this.#calls.sentAs(message.id);
    if (!call) return;
    if (message.kind === 'progress') {
      this.#tellProgress(call, message.value);
      return;
    }
    if (message.kind === 'question') {
      void this.#answer(call, message.question, message.value);
      return;
    }
    this.#restarts.recordAnswer();
    if (message.kind === 'error') {
      this.#calls.reject(call, fromErrorMessage(message.error));
      return;
    }
    if (call.method === 'engine:probe') this.#adopt(message.value as EngineReport); // the protocol's result of this method
    this.#calls.resolve(call, message.value);
  }

  /** What the caller cannot take, because its label is gone or the disk is full, ends its call and nothing else. */
  #tellProgress(call: EngineCall, value: unknown): void {
    try {
      call.onProgress?.(value as never); // typed by the method, see `call`
    } catch (error) {
      if (call.sentAs !== null) this.#process?.post({ kind: 'cancel', id: call.sentAs });
      this.#calls.reject(call, error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** To the process that asked, if it is still there. */
  async #answer(call: EngineCall, question: number, value: unknown): Promise<void> {
    const asker = this.#process;
    const post = (message: ToEngine): void => {
      if (this.#process === asker) asker?.post(message);
    };
    try {
      if (!call.onQuestion) throw new Error(`Nobody answers what ${call.method} asks.`);
      post({ kind: 'answer', question, value: await call.onQuestion(value as never) }); // typed by the method, see `call`
    } catch (error) {
      post({ kind: 'refusal', question, error: toErrorMessage(error) });
    }
  }

  #send(call: EngineCall): void {
    if (call.sentAs !== null || !this.#process) return;
    const id = this.#calls.number(call);
    if (call.method === 'engine:probe') this.#probedModel = (call.request as { model: EngineModel }).model; // typed by `call`
    try {
      this.#process.post({ kind: 'request', id, method: call.method, params: call.request });
    } catch (error) {
      this.#calls.reject(call, new Error(`The request of ${call.method} cannot be sent.`, { cause: error }));
    }
  }

  /** A call that runs is cancelled by the engine, which answers when the work has really stopped. */
  #cancel(call: EngineCall): void {
    if (!this.#calls.has(call)) return;
    if (call.sentAs !== null && this.#process) this.#process.post({ kind: 'cancel', id: call.sentAs });
    else this.#calls.reject(call, createAbortError());
  }

  async #recover(exit: EngineExit): Promise<void> {
    this.#restarts.recordCrash();
    const reason = describeExit(exit);
    const lost = this.#calls.takeLost();
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

  #repeatOrReject(call: EngineCall, reason: string): void {
    const limit = call.method === 'engine:probe' ? sendLimits.probe : sendLimits.other;
    if (call.signal?.aborted) {
      this.#calls.reject(call, createAbortError());
    } else if (call.attempts >= limit) {
      const times = call.attempts === 2 ? 'twice' : `${call.attempts} times`;
      const error = new AppError('engine', `${reason} It was lost ${times} during ${call.method}, which is given up.`);
      this.#calls.reject(call, error);
    } else {
      call.onRetry?.(reason);
    }
  }

  #giveUp(reason: string): void {
    const summary = `${reason} The engine stays off until it is needed again.`;
    for (const call of this.#calls.pending()) this.#calls.reject(call, new AppError('engine', summary));
    this.#change({ state: 'failed', provider: 'cpu', summary });
  }

  /** Chooses the providers of a new process as the last one's were, unless a probe is already among the calls to repeat. */
  #repeatProbe(): void {
    const model = this.#probedModel;
    if (!model || this.#calls.pending().some((call) => call.method === 'engine:probe')) return;
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
