// Owns the one boundary of the app: whatever a host hands in is a known command with a checked input, and whatever happens comes
// back as a reply, never as an exception.
import type { z } from 'zod';
import { commands } from '../common/api.ts';
import type { ApiReply, CommandName, CommandOutput, ParsedCommandInput } from '../common/api.ts';
import { AppError, createAbortError, toErrorMessage } from '../common/errors.ts';

export type Handler<N extends CommandName> = (input: ParsedCommandInput<N>) => Promise<CommandOutput<N>>;

/** One handler for every command of the contract. */
export type Handlers = { readonly [N in CommandName]: Handler<N> };

export interface Router {
  /** Runs a command that came over a wire. `onFault` is told of bugs only. */
  route(name: string, input: unknown): Promise<ApiReply<unknown>>;
  /** From here on commands are answered as cancelled; resolves once every command that runs has its reply. */
  close(): Promise<void>;
}

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

export function createRouter(handlers: Handlers, onFault: (name: string, error: unknown) => void): Router {
  const running = new Set<Promise<unknown>>();
  let isClosed = false;
  const reply = async (name: string, input: unknown): Promise<ApiReply<unknown>> => {
    try {
      return { ok: true, value: await run(handlers, name, input) };
    } catch (error) {
      const message = toErrorMessage(error);
      if (message.code === 'fault') onFault(name, error);
      return { ok: false, error: message };
    }
  };
  return {
    async route(name, input) {
      if (isClosed) return { ok: false, error: toErrorMessage(createAbortError()) };
      const replied = reply(name, input);
      running.add(replied);
      try {
        return await replied;
      } finally {
        running.delete(replied);
      }
    },
    async close() {
      isClosed = true;
      await Promise.all(running);
    },
  };
}

async function run(handlers: Handlers, name: string, input: unknown): Promise<unknown> {
  if (!isCommandName(name)) {
    throw new AppError('not-found', `There is no command "${name}". Known: ${Object.keys(commands).join(', ')}.`);
  }
  const parsed = commands[name].input.safeParse(input);
  if (!parsed.success) {
    throw new AppError('bad-input', `${name}: ${describeIssues(parsed.error)}`, { cause: parsed.error });
  }
  // The schema of this very name made the input; the compiler does not relate the two look-ups.
  const handler = handlers[name] as (input: unknown) => Promise<unknown>;
  return handler(parsed.data);
}

/** What was expected and where, one sentence for each fault; values are left out, they may belong to a patient. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map((issue) => `${issue.path.length > 0 ? `"${issue.path.join('.')}": ` : ''}${issue.message}`)
    .join('; ');
}
