// Owns the part of the contract on synchronization: its start, its progress and its end.
import { z } from 'zod';
import { dice, id } from './shared.ts';

export const trainingProgressSchema = z.object({
  labelId: id,
  phase: z.enum(['encoding', 'training']),
  step: z.number().int(),
  steps: z.number().int(),
  loss: z.number().nullable(),
  validationDice: z.number().nullable(),
  secondsLeft: z.number().nullable(),
});

export const trainingResultSchema = z.object({
  labelId: id,
  adapterId: id.nullable(),
  activated: z.boolean(),
  /** One sentence for the reader: why it was activated or not. */
  reason: z.string(),
  validationBefore: dice,
  validationAfter: dice,
  caution: z.string().nullable(),
  corrections: z.number().int(),
  seconds: z.number(),
});

export const trainingCommands = {
  'training:count': {
    input: z.object({ labelId: id }),
    output: z.object({ corrections: z.number().int(), needed: z.number().int() }),
  },
  /** Starts synchronization of a label and returns at once; progress and the end come as events. */
  'training:start': {
    input: z.object({ labelId: id, seed: z.number().int().default(1) }),
    output: z.object({ labelId: id }),
  },
  'training:cancel': { input: z.object({ labelId: id }), output: z.object({}) },
} as const;

export const trainingEvents = {
  'training:progressed': trainingProgressSchema,
  'training:finished': trainingResultSchema,
  'training:failed': z.object({ labelId: id, cancelled: z.boolean(), message: z.string() }),
} as const;
