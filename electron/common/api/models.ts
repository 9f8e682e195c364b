// Owns the part of the contract on base models: those installed, their figures, and the one in use.
import { z } from 'zod';
import { modes, positions, types } from '../prompts.ts';
import { dice, id } from './shared.ts';

/** Dice of one set of a split, as the model's manifest has it; `frames` is null where it does not say. */
export const modelMetricSchema = z.object({
  split: z.string(),
  set: z.string(),
  dice,
  frames: z.number().int().nullable(),
});

/** What a model knows of classes under one set of prompts, and whether it is enough to be told with proposals. */
export const modelClassesSchema = z.object({
  position: z.enum(positions),
  type: z.enum(types),
  mode: z.enum(modes),
  classes: z.array(z.string()),
  auc: z.number(),
  balancedAccuracy: z.number(),
  expectedCalibrationError: z.number(),
  validationCases: z.number().int(),
  shown: z.boolean(),
});

export const modelSchema = z.object({
  id,
  title: z.string(),
  hash: z.string(),
  folder: z.string(),
  /** Of its weights. */
  bytes: z.number().int(),
  createdAt: z.string(),
  /** Came with the application, or was imported or trained by the user. */
  origin: z.enum(['shipped', 'own']),
  active: z.boolean(),
  metrics: z.array(modelMetricSchema),
  classification: z.array(modelClassesSchema),
  /** The text of its MODEL_CARD.md, or null where it has none. */
  card: z.string().nullable(),
});

/** A folder that calls itself a model and cannot be used, and why; `name` is its id where that can be read, else its folder's name. */
export const unusableModelSchema = z.object({
  name: z.string(),
  folder: z.string(),
  reason: z.string(),
  active: z.boolean(),
});

export const modelCommands = {
  /** Every installed model, its files compared with their hashes. */
  'model:list': {
    input: z.object({}),
    output: z.object({ models: z.array(modelSchema), unusable: z.array(unusableModelSchema) }),
  },
  /** Makes an installed model the active one, now and in later runs. Adapters of another model rest until it is chosen again. */
  'model:choose': { input: z.object({ id }), output: z.object({ id, title: z.string(), hash: z.string() }) },
} as const;

export const modelEvents = {
  'model:changed': z.object({ id, title: z.string(), hash: z.string() }),
} as const;
