// Owns the part of the contract on the app itself: version, workspace, engine.
import { z } from 'zod';
import { resizeModes } from '../field-of-view.ts';

export const statusSchema = z.object({
  version: z.string(),
  host: z.enum(['electron', 'web', 'cli']),
  workspace: z.object({ folder: z.string(), title: z.string() }),
  reader: z.string(),
  /** `resize`: how it takes a whole frame, and what of it that leaves out. */
  model: z.object({ id: z.string(), title: z.string(), resize: z.enum(resizeModes) }).nullable(),
  engine: z.object({ state: z.enum(['starting', 'ready', 'failed']), provider: z.string(), summary: z.string() }),
});

export const appCommands = {
  'app:status': { input: z.object({}), output: statusSchema },
} as const;

export const appEvents = {
  'engine:changed': z.object({
    state: z.enum(['starting', 'ready', 'failed']),
    provider: z.string(),
    summary: z.string(),
  }),
} as const;
