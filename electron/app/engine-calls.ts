// Owns the calls to the engine that have no answer yet, and their numbers in the process that works on them.
import type { EngineAnswer, EngineMethod, EngineMethods, EngineQuestion } from '../common/engine-protocol.ts';
import { createAbortError } from '../common/errors.ts';

export interface CallOptions<M extends EngineMethod> {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EngineMethods[M]['progress']) => void;
  /** Answers what the engine asks while it works on this call; what it throws, the engine is told instead. */
  readonly onQuestion?: (question: EngineQuestion<M>) => Promise<EngineAnswer<M>>;
  /** Told that the engine died under this call, which starts again from its beginning. */
  readonly onRetry?: (reason: string) => void;
}

/** A call without an answer. */
export interface EngineCall {
  readonly method: EngineMethod;
  readonly request: unknown;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: never) => void) | undefined;
  readonly onQuestion: ((question: never) => Promise<unknown>) | undefined;
  readonly onRetry: ((reason: string) => void) | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** Ends the watch over the signal, which may outlive the call. */
  readonly unwatch: () => void;
  /** How often it was sent to a process that did not die of a probe. */
  attempts: number;
  /** Its number in the running process, or null while it waits for one. */
  sentAs: number | null;
}

export class EngineCalls {
  readonly #calls = new Set<EngineCall>();
  readonly #sent = new Map<number, EngineCall>();
  #nextId = 1;

  /** Adds a call; `watch` is told of it when its signal aborts. The promise is that of the answer. */
  add<M extends EngineMethod>(
    method: M,
    request: EngineMethods[M]['request'],
    { signal, onProgress, onQuestion, onRetry }: CallOptions<M>,
    watch: (call: EngineCall) => void,
  ): { call: EngineCall; answer: Promise<EngineMethods[M]['result']> } {
    const { promise, resolve, reject } = Promise.withResolvers<EngineMethods[M]['result']>();
    const abort = () => watch(call);
    const call: EngineCall = {
      method,
      request,
      signal,
      // The engine reports and asks what the protocol says for this method,
      onProgress,
      onQuestion,
      onRetry,
      resolve: resolve as (value: unknown) => void, // and answers with its result
      reject,
      unwatch: () => signal?.removeEventListener('abort', abort),
      attempts: 0,
      sentAs: null,
    };
    signal?.addEventListener('abort', abort);
    this.#calls.add(call);
    return { call, answer: promise };
  }

  /** Every call without an answer, in the order in which they came. */
  pending(): readonly EngineCall[] {
    return [...this.#calls];
  }

  has(call: EngineCall): boolean {
    return this.#calls.has(call);
  }

  sentAs(id: number): EngineCall | undefined {
    return this.#sent.get(id);
  }

  /** Gives the call a number in the running process. */
  number(call: EngineCall): number {
    const id = this.#nextId++;
    call.sentAs = id;
    call.attempts += 1;
    this.#sent.set(id, call);
    return id;
  }

  resolve(call: EngineCall, value: unknown): void {
    if (this.#remove(call)) call.resolve(value);
  }

  reject(call: EngineCall, error: Error): void {
    if (this.#remove(call)) call.reject(error);
  }

  cancelAll(): void {
    for (const call of this.#calls) this.reject(call, createAbortError());
  }

  /**
   * The calls that the process which just ended had; they wait for the next one now. A probe finds out whether a driver can be used, and
   * a process dies of that: it counts against the probe, and not against what waited behind it.
   */
  takeLost(): readonly EngineCall[] {
    const lost = [...this.#sent.values()];
    this.#sent.clear();
    const probing = lost.some(({ method }) => method === 'engine:probe');
    for (const call of lost) {
      call.sentAs = null;
      if (probing && call.method !== 'engine:probe') call.attempts -= 1;
    }
    return lost;
  }

  #remove(call: EngineCall): boolean {
    if (!this.#calls.delete(call)) return false;
    call.unwatch();
    if (call.sentAs !== null) this.#sent.delete(call.sentAs);
    return true;
  }
}
