// Owns what the app sees of the engine process, and how plain Node starts it. Electron's host passes its own `SpawnEngine`,
// made of utilityProcess.fork with the same entry and environment.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromEngine, ToEngine } from '../common/engine-protocol.ts';

/** How a process ended; both null where it could not be started at all. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A running engine. Listeners are set once, right after the start, before any message can arrive. */
export interface EngineProcess {
  post(message: ToEngine): void;
  onMessage(listener: (message: FromEngine) => void): void;
  /** Called exactly once, also where the process could not be started. */
  onExit(listener: (exit: EngineExit) => void): void;
  /** Ends the process for certain; onExit follows. */
  kill(): void;
}

/** Starts an engine; the environment is added to that of this process. */
export type SpawnEngine = (environment: Readonly<Record<string, string>>) => EngineProcess;

/** After this long a process that was asked to end is ended by force. */
const forceAfterMs = 2000;

/** The engine's entry: the source beside this file, or its bundle where this file is bundled. */
export function engineEntry(): string {
  const bundled = !import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(bundled ? './engine.js' : '../engine/main.ts', import.meta.url));
}

/** Starts the engine as a child of plain Node. Its standard output goes to standard error, where the log is. */
export function forkEngine(
  environment: Readonly<Record<string, string>>,
  entry: string = engineEntry(),
): EngineProcess {
  const child = fork(entry, {
    serialization: 'advanced',
    execPath: process.execPath,
    execArgv: [],
    env: { ...process.env, ...environment },
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  let ended = false;
  return {
    // A channel that closed meanwhile is no error of its own: the exit follows.
    post: (message) => void (child.connected && child.send(message, () => {})),
    onMessage: (listener) => void child.on('message', (message) => listener(message as FromEngine)), // only serve.ts writes here
    onExit: (listener) => {
      const end = (exit: EngineExit) => {
        if (ended) return;
        ended = true;
        listener(exit);
      };
      child.on('exit', (code, signal) => end({ code, signal }));
      child.on('error', () => {
        if (child.pid === undefined) end({ code: null, signal: null });
      });
    },
    kill: () => {
      child.kill();
      setTimeout(() => child.kill('SIGKILL'), forceAfterMs).unref();
    },
  };
}
