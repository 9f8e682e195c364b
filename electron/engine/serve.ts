// Owns the life of the engine process: wires the host's messages to the job queue and ends the process when it must not go on.
import { engineExitCodes } from '../common/engine-protocol.ts';
import { AppError } from '../common/errors.ts';
import { openHostPort } from './host-port.ts';
import { JobQueue } from './queue.ts';
import type { EngineFunctions, QueueOptions } from './queue.ts';

/** Answers the host's requests with these functions until the host ends; `beside` as the queue takes it. Call once per process. */
export function serveEngine(functions: EngineFunctions, beside?: QueueOptions['beside']): void {
  process.on('uncaughtException', (error) => {
    process.stderr.write(`SonoSync engine: stopped by an error. ${describeFault(error)}\n`);
    process.exit(engineExitCodes.uncaught);
  });
  // Ctrl-C in a terminal reaches every process of the group; the host decides, and closes the channel when it ends.
  process.on('SIGINT', () => {});
  const port = openHostPort();
  const queue = new JobQueue({
    functions,
    ...(beside ? { beside } : {}),
    send: (message) => port.post(message),
    onFault: (error) => process.stderr.write(`SonoSync engine: a request failed. ${describeFault(error)}\n`),
  });
  port.onMessage((message) => queue.receive(message));
  port.onClose(() => process.exit(0));
  port.post({ kind: 'ready' });
}

/**
 * An error for the log: its kind and the places in the code that it passed, without its message, which may quote a path or
 * a value that belongs to a patient.
 */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = error instanceof AppError ? error.code : Reflect.get(error, 'code');
  const stack = error.stack ?? '';
  const afterMessage = error.message === '' ? 0 : stack.indexOf(error.message) + error.message.length;
  const frames = stack
    .slice(afterMessage)
    .split('\n')
    .filter((line) => /^\s+at .+:\d+:\d+\)?$/.test(line));
  return [`${error.name}${typeof code === 'string' ? ` (${code})` : ''}`, ...frames].join('\n');
}
