// Owns the part of the contract on measurements by hand.
import { z } from 'zod';
import { measurementKinds } from '../study.ts';
import { id } from './shared.ts';

/** Pixels of the image: (0, 0) is the outer corner of the first one. */
const pointSchema = z.object({ x: z.number(), y: z.number() });

export const measurementSchema = z.object({
  /** Of this revision. */
  id,
  /** Identifies the measurement across its revisions. */
  trackingUID: id,
  frameId: id,
  labelId: id.nullable(),
  kind: z.enum(measurementKinds),
  points: z.array(pointSchema).readonly(),
  reader: z.string(),
  createdAt: z.string(),
});

export const measurementCommands = {
  /** The measurements that stand in a frame, in the order in which they were first made. */
  'measurement:list': { input: z.object({ frameId: id }), output: z.array(measurementSchema) },
  /**
   * Appends a revision, durable when it returns; the same on the same parent again, as after an answer that was lost, is that revision. A new
   * measurement has no parent, and a tracking UID (a UUID under 2.25) where its maker gave it one; for another one `parentId` is its latest
   * revision's id, that of its removal included, else 'conflict'. Points across regions with scales of their own are 'bad-input'.
   */
  'measurement:save': {
    input: z.object({
      trackingUID: id.nullable(),
      parentId: id.nullable(),
      frameId: id,
      labelId: id.nullable(),
      kind: z.enum(measurementKinds),
      points: z.array(pointSchema).min(2).max(4).readonly(),
    }),
    output: measurementSchema,
  },
  /** Appends the revision that takes it away; its id is the parent of the one that may bring it back. */
  'measurement:remove': {
    input: z.object({ trackingUID: id, parentId: id }),
    output: z.object({ id }),
  },
} as const;

export const measurementEvents = {
  'measurement:changed': z.object({ frameId: id, trackingUID: id }),
} as const;
