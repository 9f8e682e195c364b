// Owns the part of the contract on annotations: revisions, and what to annotate next.
import { z } from 'zod';
import { reviewStates } from '../study.ts';
import { proposalSchema } from './proposals.ts';
import { bytes, id } from './shared.ts';

export const revisionSchema = z.object({
  id,
  frameId: id,
  labelId: id,
  parentId: id.nullable(),
  proposalId: id.nullable(),
  reviewState: z.enum(reviewStates),
  segmentAlgorithmType: z.enum(['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL']),
  mask: bytes,
  gesture: z.string(),
  createdAt: z.string(),
});

export const queueItemSchema = z.object({
  frameId: id,
  studyId: id,
  studyTitle: z.string(),
  /** The frame's place in its strip, from 1: in its cine, or among the single pictures of its study. */
  frameNumber: z.number().int(),
  /** Why this one comes next, in words for the list. */
  reason: z.string(),
});

/** One revision of this reader, with what is needed to take it back. */
export const historyStepSchema = z.object({
  studyId: id,
  width: z.number().int(),
  height: z.number().int(),
  revision: revisionSchema,
  parent: revisionSchema.nullable(),
  /** The mask of the proposal that the revision names. */
  proposalMask: bytes.nullable(),
});

export const annotationCommands = {
  /** The latest revision and the latest proposal of (frame, label); null where there is none. */
  'annotation:load': {
    input: z.object({ frameId: id, labelId: id }),
    output: z.object({ revision: revisionSchema.nullable(), proposal: proposalSchema.nullable() }),
  },
  /** The latest revision of every label that has one in a frame, those of labels put away included. */
  'annotation:load-frame': {
    input: z.object({ frameId: id }),
    output: z.object({ revisions: z.array(revisionSchema) }),
  },
  /** Appends a revision, durable when it returns. `parentId` must be the latest revision's id, else 'conflict'. */
  'annotation:save': {
    input: z.object({
      frameId: id,
      labelId: id,
      parentId: id.nullable(),
      proposalId: id.nullable(),
      reviewState: z.enum(reviewStates),
      segmentAlgorithmType: z.enum(['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL']),
      mask: bytes,
      gesture: z.string().min(1).max(40),
    }),
    output: z.object({ revisionId: id, savedAt: z.string() }),
  },
  /** This reader's latest revisions over all frames and labels in the order of the work: undo and redo are rebuilt from them. */
  'annotation:history': {
    input: z.object({ limit: z.number().int().min(1).max(2000).default(500) }),
    output: z.array(historyStepSchema),
  },
  /** What to annotate next for a label: proposed or untouched frames, the most uncertain first. */
  'queue:list': {
    input: z.object({ labelId: id, limit: z.number().int().min(1).max(500).default(20) }),
    output: z.array(queueItemSchema),
  },
} as const;

export const annotationEvents = {
  'annotation:saved': z.object({ frameId: id, labelId: id, revisionId: id, savedAt: z.string() }),
} as const;
