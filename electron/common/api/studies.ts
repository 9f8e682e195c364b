// Owns the part of the contract on studies: what was imported, and the pixels of its frames.
import { z } from 'zod';
import { positions, types } from '../prompts.ts';
import { reviewStates, segmentAlgorithmTypes } from '../study.ts';
import { bytes, id } from './shared.ts';

const count = z.number().int().min(0);

/** How far the annotation of a group of frames is, over every label. A frame counts once, by the furthest of its labels. */
const progress = {
  frameCount: count,
  /** Frames with at least one accepted or absent annotation. */
  reviewedFrames: count,
  /** Frames that were corrected and not accepted yet. */
  editedFrames: count,
  /** Frames with a proposal that nobody has touched. */
  proposedFrames: count,
};

/** A line of the study list. */
export const studySummarySchema = z.object({
  id,
  title: z.string(),
  /** A pseudonym that is the same for studies of one patient; null where the files do not say whose they are. */
  patientKey: z.string().nullable(),
  /** Position and Object as what the files say suggests them. */
  position: z.enum(positions).nullable(),
  objectType: z.enum(types).nullable(),
  simulated: z.boolean(),
  /** ISO 8601, UTC. */
  importedAt: z.string(),
  /** YYYY-MM-DD of the scanner's clock; null where the files do not say. */
  studyDate: z.string().nullable(),
  /** Those of its series, as in DICOM: 'US'. */
  modalities: z.array(z.string()),
  ...progress,
  seriesCount: count,
  instanceCount: count,
  /** Instances of more than one frame. */
  cineCount: count,
  firstFrameId: id,
});

export const instanceSummarySchema = z.object({
  id,
  studyId: id,
  seriesId: id,
  fileName: z.string(),
  instanceNumber: z.number().nullable(),
  width: z.number().int(),
  height: z.number().int(),
  ...progress,
  firstFrameId: id,
});

export const seriesSummarySchema = z.object({
  id,
  /** Its place in the study, from 1. */
  place: z.number().int(),
  seriesNumber: z.number().nullable(),
  modality: z.string().nullable(),
  /** Null where there is none, or where it names the patient. */
  description: z.string().nullable(),
  instances: z.array(instanceSummarySchema),
});

/** Whose studies they are, by pseudonym. Asked for only when the reader wants to see it. */
export const patientIdentitySchema = z.object({
  key: z.string(),
  /** As people write it: 'Doe, Anna'. */
  name: z.string().nullable(),
  id: z.string().nullable(),
  /** YYYY-MM-DD. */
  birthDate: z.string().nullable(),
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

/** The frames that are looked at together: those of one cine, or the single pictures of a study. */
export const stripSchema = z.object({
  studyId: id,
  /** The cine; null for single pictures. */
  cine: instanceSummarySchema.nullable(),
  frames: z.array(frameSummarySchema),
  /** How long each frame of the cine is shown; null for single pictures and where the file does not say. */
  frameDurationsMs: z.array(z.number()).nullable(),
});

/** As the record UltrasoundRegion: bounds inclusive, in pixels; deltas in mm a pixel or null. */
export const regionSchema = z.object({
  number: z.number().int(),
  spatialFormat: z.number().nullable(),
  dataType: z.number().nullable(),
  unitsX: z.number().nullable(),
  unitsY: z.number().nullable(),
  minX0: z.number(),
  minY0: z.number(),
  maxX1: z.number(),
  maxY1: z.number(),
  physicalDeltaXMm: z.number().nullable(),
  physicalDeltaYMm: z.number().nullable(),
  highPriority: z.boolean(),
});

export const stripMaskSchema = z.object({
  frameId: id,
  reviewState: z.enum(reviewStates),
  segmentAlgorithmType: z.enum(segmentAlgorithmTypes),
  /** Run-length bytes of common/mask.ts. */
  mask: bytes,
});

export const studyCommands = {
  /** Every study, or the one that is named, in the order of import. */
  'study:list': { input: z.object({ studyId: id.optional() }), output: z.array(studySummarySchema) },
  'study:frames': { input: z.object({ studyId: id }), output: z.array(frameSummarySchema) },
  /** What a study consists of: its series with their instances, in study order. */
  'series:list': { input: z.object({ studyId: id }), output: z.array(seriesSummarySchema) },
  'patient:list': { input: z.object({}), output: z.array(patientIdentitySchema) },
  /** A frame with those that are looked at together with it: its cine, or the single pictures of its study. */
  'strip:load': { input: z.object({ frameId: id }), output: stripSchema },
  /** What is to be seen of a label in each of those frames: the reader's latest word, else the newest proposal; frames without either are left out. */
  'strip:masks': { input: z.object({ frameId: id, labelId: id }), output: z.array(stripMaskSchema) },
  /** The whole frame as PNG (lossless, RGB as displayed). */
  'frame:pixels': { input: z.object({ frameId: id }), output: z.object({ png: bytes }) },
  /** The ultrasound regions that hold for a frame, and what was found wrong with the file when it was read, in words. */
  'frame:regions': {
    input: z.object({ frameId: id }),
    output: z.object({ regions: z.array(regionSchema), warnings: z.array(z.string()) }),
  },
  /** The same as samples, row by row, for who shows many frames a second: `channels` bytes a pixel, grey or RGB. */
  'frame:picture': {
    input: z.object({ frameId: id }),
    output: z.object({
      width: z.number().int(),
      height: z.number().int(),
      channels: z.union([z.literal(1), z.literal(3)]),
      pixels: bytes,
    }),
  },
  /** A small JPEG, at most 160 pixels wide. */
  'frame:thumbnail': { input: z.object({ frameId: id }), output: z.object({ jpeg: bytes }) },
} as const;

export const studyEvents = {
  /** New studies, or new frames in them: told while an import goes on, and at its end. */
  'study:imported': z.object({ studyIds: z.array(id) }),
} as const;
