// Owns the part of the contract on annotations from elsewhere: what came of an import, and the conflicts that wait for a decision.
import { z } from 'zod';
import { bytes, id } from './shared.ts';

export const annotationImportSchema = z.object({
  /** Of the files, by its title. */
  format: z.string(),
  /** Annotations of frames that had none, newer revisions of known ones, and those that are here already. */
  added: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  /** Both sides had changed: they wait for a decision. */
  conflicts: z.number().int(),
  /** Labels that were added for them. */
  labels: z.array(z.string()),
  /** Annotations that belong to no frame of the workspace, or do not fit it, and why. */
  unmatched: z.array(z.object({ frame: z.string(), label: z.string(), reason: z.string() })),
  /** What the files hold and could not be read as annotations. */
  remarks: z.array(z.string()),
  /** The reader ended it: what is counted here was merged, each annotation whole, and the rest is as it was. */
  cancelled: z.boolean(),
  /** A file that could not be read ended it likewise, in words; null where all was read. */
  trouble: z.string().nullable(),
});

export const conflictSchema = z.object({
  id,
  frameId: id,
  labelId: id,
  studyId: id,
  studyTitle: z.string(),
  frameNumber: z.number().int(),
  label: z.string(),
  /** Who made theirs, and which files it came in. */
  reader: z.string(),
  source: z.string(),
  createdAt: z.string(),
  /** Run-length bytes; empty masks where the structure is absent. */
  ours: bytes,
  theirs: bytes,
  /** Intersection over union of the two. */
  iou: z.number(),
});

export const annotationImportCommands = {
  /**
   * Takes annotations from a folder of this machine, from files that were staged, or from a few given here; `reader` names who made foreign ones.
   * 'import:cancel' ends it between two annotations.
   */
  'annotation:import': {
    input: z.object({
      folder: z.string().nullable().default(null),
      /** Names the import for its progress, its cancel and what a browser hands over in parts by 'import:stage'. */
      jobId: id.nullable().default(null),
      files: z
        .array(z.object({ name: z.string().min(1), bytes }))
        .nullable()
        .default(null),
      reader: z.string().min(1).max(64).nullable().default(null),
    }),
    output: annotationImportSchema,
  },
  /** Conflicts that wait, oldest first. */
  'conflict:list': { input: z.object({}), output: z.array(conflictSchema) },
  /** Theirs appends a revision after the latest one; ours leaves the annotation as it is. */
  'conflict:decide': {
    input: z.object({ conflictId: id, take: z.enum(['ours', 'theirs']) }),
    output: z.object({ revisionId: id.nullable() }),
  },
} as const;

export const annotationImportEvents = {
  /** Annotations read of an import, of all that its record lists; null where there is no record. */
  'annotation:progressed': z.object({ jobId: id, done: z.number().int(), total: z.number().int().nullable() }),
  'conflict:changed': z.object({ waiting: z.number().int() }),
} as const;
