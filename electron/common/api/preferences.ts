// Owns the part of the contract on what an interface remembers from one start to the next. Browsers forget: the address of the loopback host is
// another one each time.
import { z } from 'zod';

/** How things look and which keys do what is the user's own; where the work was left and how its labels look belongs to the workspace. */
export const preferenceScopes = ['user', 'workspace'] as const;

/** By name; the values are the interface's own affair. */
export const preferencesSchema = z.record(z.string().min(1).max(80), z.string().max(1_000_000));

export const preferenceCommands = {
  'preference:load': {
    input: z.object({}),
    output: z.object({ user: preferencesSchema, workspace: preferencesSchema }),
  },
  /** Keeps the entries and leaves the others as they are; durable when it returns. */
  'preference:save': {
    input: z.object({ scope: z.enum(preferenceScopes), entries: preferencesSchema }),
    output: z.object({}),
  },
} as const;

export type PreferenceScope = (typeof preferenceScopes)[number];
export type Preferences = z.output<typeof preferencesSchema>;
