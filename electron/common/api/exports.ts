// Owns the part of the contract on exports.
import { z } from 'zod';

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

export const exportCommands = {
  'export:formats': {
    input: z.object({}),
    output: z.array(z.object({ id: z.string(), title: z.string(), description: z.string() })),
  },
  /** Writes the latest accepted and absent annotations (with `includeEdited`, edited ones too), reads them back and compares. */
  'export:run': {
    input: z.object({
      format: z.string(),
      folder: z.string().nullable().default(null),
      includeEdited: z.boolean().default(false),
    }),
    output: exportResultSchema,
  },
} as const;
