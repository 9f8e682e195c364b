// Owns the order in which the engine works: one thing at a time (ONNX Runtime's run() holds the thread), in three classes.
// A long job awaits `turn()` after every step; there, interactive requests that wait run first and a cancel takes effect,
// so that either waits for one step at most. What is made ahead of the reader, a frame at a time, shares the engine with a
// long job in the background: at each turn of that job one frame has its own. Each turn takes only what waits at that moment:
// a stream of proposals and a synchronization alternate, and neither starves the other.
import type {
  EngineAnswer,
  EngineMethod,
  EngineMethods,
  EngineQuestion,
  FromEngine,
  ToEngine,
} from '../common/engine-protocol.ts';
import { AppError, createAbortError, fromErrorMessage, isAbortError, toErrorMessage } from '../common/errors.ts';
import type { JobContext } from '../training/context.ts';

export interface EngineContext<M extends EngineMethod> extends JobContext<EngineMethods[M]['progress']> {
  /** Asks the host; the engine does nothing else meanwhile. Throws what the host throws, and AbortError once cancelled. */
  readonly ask: (question: EngineQuestion<M>) => Promise<EngineAnswer<M>>;
}

export type EngineFunction<M extends EngineMethod> = (
  request: EngineMethods[M]['request'],
  context: EngineContext<M>,
) => Promise<EngineMethods[M]['result']>;

/** One function for every method of the protocol. */
export type EngineFunctions = { readonly [M in EngineMethod]: EngineFunction<M> };

const jobClasses = {
  'engine:probe': 'interactive',
  'model:describe': 'interactive',
  'proposal:run': 'interactive',
  'proposal:prepare': 'ahead',
  'proposal:probabilities': 'background',
  'model:export': 'background',
  'training:synchronize': 'background',
  'job:run': 'background',
} as const satisfies Record<EngineMethod, JobClass>;

type JobClass = 'interactive' | 'ahead' | 'background';

/** Of whichever method. */
interface AnyContext extends JobContext<unknown> {
  readonly ask: (question: unknown) => Promise<unknown>;
}

interface Job {
  readonly id: number;
  readonly method: EngineMethod;
  readonly params: unknown;
  readonly controller: AbortController;
}

export interface QueueOptions {
  readonly functions: EngineFunctions;
  /** Sends to the host; throws where a value cannot be cloned. */
  readonly send: (message: FromEngine) => void;
  /** Work that needs no turn, since other threads do it: it runs beside all else. Null where the request takes its turn. */
  readonly beside?: (
    method: EngineMethod,
    params: unknown,
  ) => ((context: JobContext<unknown>) => Promise<unknown>) | null;
  /** Told of errors that are bugs: neither an AppError nor a cancel. */
  readonly onFault?: (error: unknown) => void;
}

export class JobQueue {
  readonly #options: QueueOptions;
  readonly #waiting: Readonly<Record<JobClass, Job[]>> = { interactive: [], ahead: [], background: [] };
  /** The running job and below it the one whose turn it uses; those that run beside. */
  readonly #running = new Map<number, Job>();
  /** Asked of the host and not answered yet, by their numbers. */
  readonly #questions = new Map<number, PromiseWithResolvers<unknown>>();
  #nextQuestion = 1;
  #draining = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Takes a message of the host; every request is answered with exactly one result or error. */
  receive(message: ToEngine): void {
    if (message.kind === 'cancel') this.#cancel(message.id);
    else if (message.kind === 'answer') this.#questions.get(message.question)?.resolve(message.value);
    else if (message.kind === 'refusal') this.#questions.get(message.question)?.reject(fromErrorMessage(message.error));
    else this.#take(message);
  }

  #take({ id, method, params }: Extract<ToEngine, { kind: 'request' }>): void {
    if (!Object.hasOwn(jobClasses, method)) {
      const known = Object.keys(jobClasses).join(', ');
      this.#fail(id, new AppError('unsupported', `The engine knows ${known}; it was asked for "${method}".`));
      return;
    }
    const job = { id, method, params, controller: new AbortController() };
    const beside = this.#options.beside?.(method, params);
    if (beside) {
      void this.#run(job, beside);
      return;
    }
    this.#waiting[jobClasses[method]].push(job);
    if (!this.#draining) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    const { interactive, background, ahead } = this.#waiting;
    for (;;) {
      // A long job begins before frames that are not waited for: at its turns they share with it.
      const job = interactive.shift() ?? background.shift() ?? ahead.shift();
      if (!job) break;
      await this.#run(job);
      await nextEventLoop();
    }
    this.#draining = false;
  }

  async #run(job: Job, beside?: (context: JobContext<unknown>) => Promise<unknown>): Promise<void> {
    this.#running.set(job.id, job);
    try {
      // The host and the engine are built together and the client is typed by the same protocol, so the request has this type.
      const work = this.#options.functions[job.method] as (request: unknown, context: AnyContext) => Promise<unknown>;
      const context = this.#createContext(job);
      const value = await (beside ? beside(context) : work(job.params, context));
      throwIfAborted(job);
      this.#options.send({ kind: 'result', id: job.id, value });
    } catch (error) {
      this.#fail(job.id, error);
    } finally {
      this.#running.delete(job.id);
    }
  }

  #createContext(job: Job): AnyContext {
    return {
      signal: job.controller.signal,
      turn: () => this.#turn(job),
      ask: (value) => this.#ask(job, value),
      report: (value) => {
        if (this.#running.has(job.id) && !job.controller.signal.aborted) {
          this.#options.send({ kind: 'progress', id: job.id, value });
        }
      },
    };
  }

  async #ask(job: Job, value: unknown): Promise<unknown> {
    throwIfAborted(job);
    const question = this.#nextQuestion++;
    const answer = Promise.withResolvers<unknown>();
    const abort = (): void => answer.reject(createAbortError());
    const { signal } = job.controller;
    signal.addEventListener('abort', abort);
    this.#questions.set(question, answer);
    try {
      this.#options.send({ kind: 'question', id: job.id, question, value });
      return await answer.promise;
    } finally {
      this.#questions.delete(question);
      signal.removeEventListener('abort', abort);
    }
  }

  async #turn(job: Job): Promise<void> {
    const { interactive, ahead } = this.#waiting;
    await nextEventLoop();
    throwIfAborted(job);
    for (let waiting = interactive.length; waiting > 0; waiting -= 1) await this.#letIn(interactive.shift(), job);
    if (jobClasses[job.method] === 'background') await this.#letIn(ahead.shift(), job);
  }

  /** Runs another job at a turn of this one. */
  async #letIn(other: Job | undefined, job: Job): Promise<void> {
    if (!other) return;
    await this.#run(other);
    await nextEventLoop();
    throwIfAborted(job);
  }

  #cancel(id: number): void {
    for (const waiting of Object.values(this.#waiting)) {
      const index = waiting.findIndex((job) => job.id === id);
      if (index < 0) continue;
      waiting.splice(index, 1);
      this.#fail(id, createAbortError());
      return;
    }
    this.#running.get(id)?.controller.abort(createAbortError());
  }

  #fail(id: number, error: unknown): void {
    if (!(error instanceof AppError) && !isAbortError(error)) this.#options.onFault?.(error);
    this.#options.send({ kind: 'error', id, error: toErrorMessage(error) });
  }
}

function throwIfAborted(job: Job): void {
  if (job.controller.signal.aborted) throw createAbortError();
}

/** Resolves after the event loop has read what came in meanwhile. */
function nextEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
