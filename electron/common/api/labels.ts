// Owns the part of the contract on labels: the structures to annotate, and the adapters that each may own.
import { z } from 'zod';
import { positions, types } from '../prompts.ts';
import { dice, id } from './shared.ts';

export const labelSchema = z.object({
  id,
  name: z.string().min(1).max(80),
  color: z.string(),
  position: z.enum(positions),
  type: z.enum(types),
  activeAdapterId: id.nullable(),
});

export const adapterSchema = z.object({
  id,
  labelId: id,
  modelHash: z.string(),
  corrections: z.number().int(),
  validationBefore: dice,
  validationAfter: dice,
  caution: z.string().nullable(),
  createdAt: z.string(),
  active: z.boolean(),
});

export const labelCommands = {
  'label:list': { input: z.object({}), output: z.array(labelSchema) },
  'label:add': {
    input: z.object({ name: z.string().min(1).max(80), position: z.enum(positions), type: z.enum(types) }),
    output: labelSchema,
  },
  'label:update': {
    input: z.object({
      labelId: id,
      name: z.string().min(1).max(80).optional(),
      position: z.enum(positions).optional(),
      type: z.enum(types).optional(),
    }),
    output: labelSchema,
  },
  'adapter:list': { input: z.object({ labelId: id }), output: z.array(adapterSchema) },
  /** Makes an adapter the label's active one; null returns to the base model. */
  'adapter:activate': { input: z.object({ labelId: id, adapterId: id.nullable() }), output: labelSchema },
} as const;

export const labelEvents = {
  'label:changed': z.object({ labelId: id }),
} as const;
