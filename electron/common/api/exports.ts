// Owns the part of the contract on exports.
import { z } from 'zod';

export const exportResultSchema = z.object({
  format: z.string(),
  folder: z.string(),
  files: z.array(z.string()),
  annotations: z.number().int(),
  /** What the format cannot carry of these annotations, in words. */
  losses: z.array(z.string()),
  /** Every mask was read back and is equal. */
  verified: z.boolean(),
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
