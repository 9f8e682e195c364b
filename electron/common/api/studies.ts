// Owns the part of the contract on studies: what was imported, and the pixels of its frames.
import { z } from 'zod';
import { positions } from '../prompts.ts';
import { reviewStates } from '../study.ts';
import { bytes, id } from './shared.ts';

/** A line of the study list. Counts are over (frame, label) pairs of every label. */
export const studySummarySchema = z.object({
  id,
  title: z.string(),
  position: z.enum(positions).nullable(),
  simulated: z.boolean(),
  frameCount: z.number().int(),
  /** Frames with at least one accepted or absent annotation. */
  reviewedFrames: z.number().int(),
  firstFrameId: id,
});

export const frameSummarySchema = z.object({
  id,
  instanceId: id,
  frameNumber: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
  pixelAspectRatio: z.number(),
  /** Review state by label id; a label without annotation or proposal has no entry. */
  states: z.record(z.string(), z.enum(reviewStates)),
  /** Uncertainty of the newest proposal by label id. */
  uncertainty: z.record(z.string(), z.number()),
});

export const studyCommands = {
  'study:list': { input: z.object({}), output: z.array(studySummarySchema) },
  'study:frames': { input: z.object({ studyId: id }), output: z.array(frameSummarySchema) },
  /** Files dropped on or chosen in the interface. Files that cannot be read are listed with the reason; the others are imported. */
  'study:import': {
    input: z.object({ files: z.array(z.object({ name: z.string(), bytes })) }),
    output: z.object({
      studyIds: z.array(id),
      failures: z.array(z.object({ file: z.string(), message: z.string() })),
      warnings: z.array(z.string()),
    }),
  },
  /** The whole frame as PNG (lossless, RGB as displayed). */
  'frame:pixels': { input: z.object({ frameId: id }), output: z.object({ png: bytes }) },
  /** A small JPEG, at most 160 pixels wide. */
  'frame:thumbnail': { input: z.object({ frameId: id }), output: z.object({ jpeg: bytes }) },
} as const;

export const studyEvents = {
  'study:imported': z.object({ studyIds: z.array(id) }),
} as const;
