// Owns how Electron starts the engine: as a utility process, of the same entry and protocol as plain Node's child process.
import { utilityProcess } from 'electron';
import { engineEntry } from '../app/engine-process.ts';
import type { EngineProcess } from '../app/engine-process.ts';
import type { FromEngine } from '../common/engine-protocol.ts';
import { unpackedPath } from '../common/packaged-path.ts';

export function spawnUtilityEngine(environment: Readonly<Record<string, string>>): EngineProcess {
  const child = utilityProcess.fork(unpackedPath(engineEntry()), [], {
    serviceName: 'SonoSync engine',
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  // A fatal error of V8 is told here, and unheard it would end this process too; 'exit' follows and is what counts.
  child.on('error', () => undefined);
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process, not a window
    post: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', (message: FromEngine) => listener(message)), // only the engine writes here
    onExit: (listener) => void child.on('exit', (code) => listener({ code, signal: null })),
    kill: () => void child.kill(),
  };
}
