// Owns the part of the contract on import: files by their bytes (a browser) or by their paths (hosts that have them), progress, cancel, report.
import { z } from 'zod';
import { bytes, id } from './shared.ts';

/** What became of an import. A cancelled one has a report too: that of the files that were finished. */
export const importReportSchema = z.object({
  /** Studies that hold the files, new ones and those that had them before. */
  studyIds: z.array(id),
  /** Files that were added. */
  imported: z.number().int(),
  /** Files that the workspace had already. */
  unchanged: z.number().int(),
  /** Files that were not imported, each with the reason; an expected one is no image and nothing is wrong with it. */
  skipped: z.array(z.object({ path: z.string(), reason: z.string(), expected: z.boolean() })),
  warnings: z.array(z.string()),
  cancelled: z.boolean(),
});

export const importCommands = {
  /**
   * Imports paths of this machine (files, folders), files by their bytes, and what was staged for the job. Imports run one after another;
   * one that waits can be cancelled too.
   */
  'study:import': {
    input: z.object({
      /** Names the import for its progress, its cancel and its staged files. */
      jobId: id.optional(),
      paths: z.array(z.string().min(1)).default([]),
      files: z.array(z.object({ name: z.string().min(1), bytes })).default([]),
    }),
    output: importReportSchema,
  },
  /** Lays files, or parts of them, aside for an import that follows. Parts of one file come in order; `start` is the offset of each. */
  'import:stage': {
    input: z.object({
      jobId: id,
      parts: z.array(z.object({ name: z.string().min(1), start: z.number().int().min(0), bytes })),
    }),
    output: z.object({}),
  },
  /** Ends an import after the file or annotation that it works on, which leaves nothing half; what is staged for it is thrown away. */
  'import:cancel': { input: z.object({ jobId: id }), output: z.object({}) },
} as const;

export const importEvents = {
  /**
   * `file` is the one that is worked on, null at the end; while files are still looked at, `done` is 0. `frames` counts those that are decoded
   * of a video, which takes long.
   */
  'import:progressed': z.object({
    jobId: id,
    done: z.number().int(),
    total: z.number().int(),
    file: z.string().nullable(),
    frames: z.number().int().nullable(),
  }),
} as const;
