// Owns what every command shares: options of the whole program, results on standard output, progress and errors on standard error,
// and exit codes: 0 done, 1 bad input, 2 usage, 3 fault, 130 interrupted.
import type { Command } from 'commander';
import { AppError, isAbortError } from '../common/errors.ts';

export const exitCodes = { done: 0, badInput: 1, usage: 2, fault: 3, interrupted: 130 } as const;

export interface CommandResult {
  /** The object of `--json`, on the last line of standard output. */
  readonly json: Readonly<Record<string, unknown>>;
  /** The same for people. */
  readonly text: string;
  /** Set where nothing, or not all, was done; why is on standard error already. */
  readonly incomplete?: boolean;
}

export interface GlobalOptions {
  readonly json?: true;
  readonly workspace?: string;
}

/** What a command is given beside its own options and arguments. */
export interface CommandContext {
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly json: boolean;
  readonly workspace: string | null;
  /** A line on standard error: warnings, what was done. */
  readonly note: (message: string) => void;
  /** What is going on, on the last line of a terminal's standard error; nothing where that is no terminal. Null takes it away. */
  readonly progress: (message: string | null) => void;
}

export type CommandAction<Options> = (
  options: Options,
  args: readonly string[],
  context: CommandContext,
) => Promise<CommandResult>;

/** Makes a commander action of a command's function. `Options` is what the command declared to commander. */
export function action<Options extends object>(work: CommandAction<Options>): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command; // commander passes itself last
    const globals = command.optsWithGlobals<GlobalOptions>();
    const interrupt = new AbortController();
    const stopWatching = onInterrupt(() => interrupt.abort());
    try {
      const result = await work(command.opts<Options>(), command.args, {
        signal: interrupt.signal,
        json: globals.json === true,
        workspace: globals.workspace ?? null,
        note,
        progress,
      });
      progress(null);
      process.stdout.write(globals.json ? `${JSON.stringify(result.json)}\n` : `${result.text}\n`);
      if (result.incomplete) process.exitCode = exitCodes.badInput;
    } catch (error) {
      process.exitCode = report(error);
    } finally {
      stopWatching();
    }
  };
}

let progressShown = false;

function note(message: string): void {
  progress(null);
  process.stderr.write(`${message}\n`);
}

function progress(message: string | null): void {
  if (!process.stderr.isTTY || (message === null && !progressShown)) return;
  progressShown = message !== null;
  // Longer than the line it could not be taken away.
  const shown = (message ?? '').slice(0, (process.stderr.columns || 80) - 1);
  process.stderr.write(`\r${clearLine}${shown}`);
}

/** ECMA-48 (EL): from the cursor to the end of the line. */
const clearLine = '\u001b[K';

/** Calls `interrupt` on Ctrl-C or an order to end. A second one ends the process at once. */
function onInterrupt(interrupt: () => void): () => void {
  let asked = false;
  const listener = () => {
    if (asked) process.exit(exitCodes.interrupted);
    asked = true;
    interrupt();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

/** Says what went wrong, and returns the exit code. */
function report(error: unknown): number {
  if (isAbortError(error)) {
    note('Interrupted.');
    return exitCodes.interrupted;
  }
  if (error instanceof AppError) {
    note(`error: ${error.message}`);
    return error.code === 'fault' || error.code === 'engine' ? exitCodes.fault : exitCodes.badInput;
  }
  note(`fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return exitCodes.fault;
}
