// Owns the part of the contract on labels: the structures to annotate, the sets that they are taken from, and the adapters that each may own.
import { z } from 'zod';
import { positions, types } from '../prompts.ts';
import { dice, id } from './shared.ts';

const name = z.string().min(1).max(80);
/** '#rrggbb' in lower case, as the canvas and the exports take it. */
const color = z.string().regex(/^#[0-9a-f]{6}$/, 'expected a colour such as #009e73');

/** A coded concept (PS3.3 8.8, Code Sequence Macro); lengths are those of SH and LO. */
export const codedConceptSchema = z.object({
  codeValue: z.string().min(1).max(16),
  codingSchemeDesignator: z.string().min(1).max(16),
  codeMeaning: z.string().min(1).max(64),
});

export const segmentCodeSchema = z.object({
  category: codedConceptSchema,
  type: codedConceptSchema,
  anatomicRegion: codedConceptSchema.nullable(),
});

export const labelSchema = z.object({
  id,
  name,
  color: z.string(),
  position: z.enum(positions),
  type: z.enum(types),
  /** What it is in coded terms; null where only the prompts say it. */
  code: segmentCodeSchema.nullable(),
  /** Put away: it keeps its annotations, and is not offered for new ones. */
  hidden: z.boolean(),
  activeAdapterId: id.nullable(),
});

/** A label as a set offers it. */
export const setLabelSchema = z.object({
  name,
  position: z.enum(positions),
  type: z.enum(types),
  code: segmentCodeSchema,
});

export const labelSetSchema = z.object({
  /** The name of its file, without extension. */
  id,
  title: z.string().min(1).max(80),
  labels: z.array(setLabelSchema).min(1),
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
  /** It was made for the base model in use. */
  usable: z.boolean(),
});

export const labelCommands = {
  /** All labels in the reader's order, those put away included. */
  'label:list': { input: z.object({}), output: z.array(labelSchema) },
  'label:add': {
    input: z.object({
      name,
      position: z.enum(positions),
      type: z.enum(types),
      /** The first that is free of the colour-blind-safe set where it is left out. */
      color: color.optional(),
      code: segmentCodeSchema.nullable().optional(),
    }),
    output: labelSchema,
  },
  'label:update': {
    input: z.object({
      labelId: id,
      name: name.optional(),
      position: z.enum(positions).optional(),
      type: z.enum(types).optional(),
      color: color.optional(),
      code: segmentCodeSchema.nullable().optional(),
      hidden: z.boolean().optional(),
    }),
    output: labelSchema,
  },
  /** Takes a label away that nobody used: 'conflict' where it has annotations, measurements or adapters (hide it instead). */
  'label:remove': { input: z.object({ labelId: id }), output: z.object({}) },
  /** What a label is used for; it can be removed while all are 0. */
  'label:usage': {
    input: z.object({ labelId: id }),
    output: z.object({
      /** Frames that are annotated. */
      annotations: z.number().int(),
      measurements: z.number().int(),
      adapters: z.number().int(),
    }),
  },
  /** Puts the labels into this order; every label is named once. */
  'label:reorder': { input: z.object({ labelIds: z.array(id).min(1) }), output: z.array(labelSchema) },
  'label-set:list': { input: z.object({}), output: z.array(labelSetSchema) },
  /** Adds the labels of a set, or those named; one that is there already under its name stays as it is and is no longer put away. */
  'label-set:apply': {
    input: z.object({ setId: id, names: z.array(name).min(1).optional() }),
    output: z.object({ added: z.array(labelSchema), kept: z.array(labelSchema) }),
  },
  'adapter:list': { input: z.object({ labelId: id }), output: z.array(adapterSchema) },
  /** Makes an adapter the label's active one; null returns to the base model. */
  'adapter:activate': { input: z.object({ labelId: id, adapterId: id.nullable() }), output: labelSchema },
} as const;

export const labelEvents = {
  'label:changed': z.object({ labelId: id }),
} as const;

export type LabelSet = z.output<typeof labelSetSchema>;
export type SetLabel = z.output<typeof setLabelSchema>;
