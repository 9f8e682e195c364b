// Owns the part of the contract on exports.
import { z } from 'zod';
import { id } from './shared.ts';

/** How well the masks of an export agree with the annotations, and what the format cannot carry of these. */
export const fidelitySchema = z.object({
  /** Intersection over union of the worst mask and of all on average, read back from the files. */
  minIoU: z.number().min(0).max(1),
  meanIoU: z.number().min(0).max(1),
  /** In words: what the format has no place for, and every mask that reads back with an IoU below 1. */
  lost: z.array(z.string()),
});

export const exportResultSchema = z.object({
  format: z.string(),
  folder: z.string(),
  files: z.array(z.string()),
  annotations: z.number().int(),
  /** Every mask was read back and is as good as the format promises, or there is no export. */
  verified: z.literal(true),
  fidelity: fidelitySchema,
});

/** A day, YYYY-MM-DD in local time, or an instant in ISO 8601. */
const date = z
  .string()
  .refine(
    (text) => /^\d{4}-\d{2}-\d{2}(T.+)?$/.test(text) && !Number.isNaN(Date.parse(text)),
    'expected a day as YYYY-MM-DD',
  );

/** Which of the latest annotations: null is all of them, but for the states, of which it is accepted and absent. */
export const exportChoiceSchema = z.object({
  studyIds: z.array(id).nullable().default(null),
  labelIds: z.array(id).nullable().default(null),
  reviewStates: z
    .array(z.enum(['accepted', 'absent', 'edited']))
    .nullable()
    .default(null),
  /** Annotations and measurements that were last changed on or after, on or before. */
  from: date.nullable().default(null),
  until: date.nullable().default(null),
  /** Edited annotations too; `reviewStates` takes its place where it is given. */
  includeEdited: z.boolean().default(false),
});

export const exportPreviewSchema = z.object({
  annotations: z.number().int(),
  frames: z.number().int(),
  studies: z.number().int(),
  /** What the format has no place for, in words. */
  lost: z.array(z.string()),
});

/** What somebody wants a format for. */
export const exportPurposes = ['archive', 'measurement', 'training', 'network'] as const;

export const exportCommands = {
  'export:formats': {
    input: z.object({}),
    output: z.array(
      z.object({
        id: z.string(),
        purpose: z.enum(exportPurposes),
        title: z.string(),
        description: z.string(),
        /** Whether it can be written without the frames' pictures. */
        imagesOptional: z.boolean(),
      }),
    ),
  },
  /** What would be exported and what would be lost; nothing is written. */
  'export:preview': { input: exportChoiceSchema.extend({ format: z.string() }), output: exportPreviewSchema },
  /** Writes the latest annotations, reads them back and compares. One export at a time; progress comes as events. */
  'export:run': {
    input: exportChoiceSchema.extend({
      format: z.string(),
      /** A new or empty folder, by its whole path; null for one of its own in the workspace. */
      folder: z.string().nullable().default(null),
      /** The frames' pictures too. */
      images: z.boolean().default(true),
      /** The files that were imported, too, as they are: DICOM files name their patients. */
      originals: z.boolean().default(false),
    }),
    output: exportResultSchema,
  },
  /** Stops the running export; what it wrote is taken back. */
  'export:cancel': { input: z.object({}), output: z.object({}) },
  /** Shows a folder in the system's file manager: one that this session has exported to, as 'export:run' named it. */
  'export:open': { input: z.object({ folder: z.string() }), output: z.object({}) },
} as const;

export const exportEvents = {
  'export:progressed': z.object({
    format: z.string(),
    phase: z.enum(['writing', 'checking']),
    /** Frames written of all, or files and annotations checked of all. */
    done: z.number().int(),
    total: z.number().int(),
  }),
} as const;
