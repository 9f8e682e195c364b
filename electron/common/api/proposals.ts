// Owns the part of the contract on proposals: asking the network, now, ahead of the reader, or for many frames.
import { z } from 'zod';
import { classificationSchema } from '../classification.ts';
import { boxSchema, bytes, id, promptsSchema } from './shared.ts';

export const proposalSchema = z.object({
  id,
  frameId: id,
  labelId: id,
  prompts: promptsSchema,
  box: boxSchema.nullable(),
  modelId: z.string(),
  adapterId: id.nullable(),
  mask: bytes,
  meanProbability: z.number(),
  uncertainty: z.number(),
  classification: classificationSchema.nullable(),
  /** The first of two looks; it says nothing of the class yet. */
  provisional: z.boolean(),
  createdAt: z.string(),
});

export const proposalCommands = {
  /**
   * Asks the network. Prompts that are left out come from the label; the proposal is stored and returned. Where the network looks twice,
   * `firstLook` asks for what it says after the first, a provisional proposal; 'proposal:refine' then gives the other. A first look for
   * which another is asked meanwhile is not refined any more.
   */
  'proposal:request': {
    input: z.object({
      frameId: id,
      labelId: id,
      prompts: promptsSchema.partial().optional(),
      box: boxSchema.nullable().optional(),
      firstLook: z.boolean().default(false),
    }),
    output: z.object({ proposal: proposalSchema, milliseconds: z.number(), provider: z.string() }),
  },
  /**
   * What came of the second look that follows a provisional proposal, stored as a proposal of its own; `milliseconds` are those of both. Null
   * where it was given up for something newer.
   */
  'proposal:refine': {
    input: z.object({ proposalId: id }),
    output: z.object({ proposal: proposalSchema, milliseconds: z.number(), provider: z.string() }).nullable(),
  },
  /**
   * What the network says of a structure that is followed from a neighbouring frame, in the box that it may be in here. Stored for the mask that
   * is carried over to name; what the frame is proposed stays what it was.
   */
  'proposal:follow': {
    input: z.object({ frameId: id, labelId: id, prompts: promptsSchema.partial().optional(), box: boxSchema }),
    output: z.object({ proposalId: id, mask: bytes, meanProbability: z.number() }),
  },
  /**
   * What the network says of a target or of the whole frame, for who takes a part of it or compares. Nothing is stored. The label's active
   * adapter is asked where `adapterId` is left out, the base model where it is null, else that adapter of the label: 'conflict' where it was
   * made for another base model.
   */
  'proposal:preview': {
    input: z.object({
      frameId: id,
      labelId: id,
      prompts: promptsSchema.partial().optional(),
      box: boxSchema.nullable(),
      adapterId: id.nullable().optional(),
    }),
    output: z.object({
      mask: bytes,
      meanProbability: z.number(),
      uncertainty: z.number(),
      milliseconds: z.number(),
      provider: z.string(),
    }),
  },
  /**
   * The reader is about to come to these frames: proposes for them in the background, the first first, where nobody has touched them and
   * there is no proposal that would be the same. What an earlier call left is given up.
   */
  'proposal:prepare': {
    input: z.object({ labelId: id, frameIds: z.array(id).max(32), prompts: promptsSchema.partial().optional() }),
    output: z.object({}),
  },
  /** The same for every frame of a cine (or of the single pictures beside a frame) or study; progress and the end come as events. */
  'proposal:start': {
    input: z.object({
      labelId: id,
      scope: z.union([z.object({ frameId: id }), z.object({ studyId: id })]),
      prompts: promptsSchema.partial().optional(),
    }),
    output: z.object({ frames: z.number().int() }),
  },
  'proposal:cancel': { input: z.object({}), output: z.object({}) },
} as const;

export const proposalEvents = {
  'proposal:created': z.object({ frameId: id, labelId: id, proposalId: id }),
  /** Of the job for every frame of a cine or study. */
  'proposal:progressed': z.object({
    labelId: id,
    done: z.number().int(),
    total: z.number().int(),
    framesPerSecond: z.number(),
    secondsLeft: z.number().nullable(),
  }),
  'proposal:finished': z.object({
    labelId: id,
    done: z.number().int(),
    total: z.number().int(),
    framesPerSecond: z.number(),
    cancelled: z.boolean(),
    /** What went wrong, in words, or which frames could not be read; null where nothing did. */
    trouble: z.string().nullable(),
  }),
} as const;
