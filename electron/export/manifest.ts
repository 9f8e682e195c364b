// Owns sonosync-export.json, which lies in every export: where each annotation comes from, what its label means, and a hash of every file.
// It is written first as "writing" and last as "complete", so that an export that was cut off can be told.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fidelitySchema } from '../common/api/exports.ts';
import { regionSchema } from '../common/api/studies.ts';
import { classificationSchema } from '../common/classification.ts';
import { AppError } from '../common/errors.ts';
import { modes, positions, tasks, types } from '../common/prompts.ts';
import { measurementKinds, reviewStates, segmentAlgorithmTypes } from '../common/study.ts';
import { groupByFrame, labelFinder, usedLabels } from './annotation-set.ts';
import type { AnnotationSet, ExportLabel } from './annotation-set.ts';

export const manifestName = 'sonosync-export.json';

const manifestSchema = z.object({
  generator: z.literal('SonoSync'),
  manifestVersion: z.literal(1),
  format: z.string(),
  state: z.enum(['writing', 'complete']),
  createdAt: z.string(),
  /** Every mask was read back from these files. */
  verified: z.boolean(),
  fidelity: fidelitySchema.nullable().default(null),
  /** Of SonoSync; null in exports of a version that did not say. */
  applicationVersion: z.string().nullable().default(null),
  labels: z.array(
    z.object({ name: z.string(), color: z.string(), position: z.enum(positions), object: z.enum(types) }),
  ),
  frames: z.array(
    z.object({
      /** The name of its files, without extension. */
      name: z.string(),
      /** Numbered patients, or studies where the patient is unknown. */
      group: z.string(),
      studyInstanceUID: z.string(),
      seriesInstanceUID: z.string(),
      sopInstanceUID: z.string(),
      frameNumber: z.number().int(),
      width: z.number().int(),
      height: z.number().int(),
      pixelAspectRatio: z.number(),
      regions: z.array(regionSchema),
      simulated: z.boolean(),
      /** SHA-256 of the original file. */
      objectHash: z.string(),
    }),
  ),
  annotations: z.array(
    z.object({
      frame: z.string(),
      label: z.string(),
      revisionId: z.string(),
      ancestorIds: z.array(z.string()).default([]),
      trackingUID: z.string(),
      reviewState: z.enum(reviewStates),
      segmentAlgorithmType: z.enum(segmentAlgorithmTypes),
      prompts: z.object({
        position: z.enum(positions),
        task: z.enum(tasks),
        mode: z.enum(modes),
        type: z.enum(types),
      }),
      /** The network that proposed what it began with: ids and SHA-256 of model and adapter. */
      algorithm: z
        .object({ modelId: z.string(), modelHash: z.string(), adapterHash: z.string().nullable() })
        .nullable()
        .default(null),
      /** What that network said of its class. */
      classification: classificationSchema.nullable().default(null),
      /** Who saved it. */
      reader: z.string().default(''),
      /** SHA-256 of the mask's run-length bytes, as the store keeps them. */
      maskHash: z.string(),
      createdAt: z.string(),
    }),
  ),
  /** What was measured by hand, in pixels of the frame; also in frames without an annotation. */
  measurements: z
    .array(
      z.object({
        sopInstanceUID: z.string(),
        frameNumber: z.number().int(),
        label: z.string().nullable(),
        kind: z.enum(measurementKinds),
        points: z.array(z.object({ x: z.number(), y: z.number() })),
        revisionId: z.string(),
        trackingUID: z.string(),
        reader: z.string(),
        createdAt: z.string(),
      }),
    )
    .default([]),
  files: z.array(z.object({ path: z.string(), bytes: z.number().int(), sha256: z.string() })),
});

export type ExportManifest = z.output<typeof manifestSchema>;
export type ExportedFile = ExportManifest['files'][number];

/** The manifest at the start of an export: nothing is written and nothing verified yet. */
export function createManifest(format: string, set: AnnotationSet, version: string): ExportManifest {
  const labelOf = labelFinder(set.labels);
  const frames = groupByFrame(set.annotations);
  return {
    generator: 'SonoSync',
    manifestVersion: 1,
    format,
    state: 'writing',
    createdAt: new Date().toISOString(),
    verified: false,
    fidelity: null,
    applicationVersion: version,
    labels: recordedLabels(set).map(({ name, color, position, type }) => ({ name, color, position, object: type })),
    frames: frames.map(({ name, group, frame }) => ({
      name,
      group,
      studyInstanceUID: frame.studyInstanceUID,
      seriesInstanceUID: frame.seriesInstanceUID,
      sopInstanceUID: frame.sopInstanceUID,
      frameNumber: frame.frameNumber,
      width: frame.width,
      height: frame.height,
      pixelAspectRatio: frame.pixelAspectRatio,
      regions: [...frame.regions],
      simulated: frame.simulated,
      objectHash: frame.objectHash,
    })),
    annotations: frames.flatMap(({ name, annotations }) =>
      annotations.map((annotation) => ({
        frame: name,
        label: labelOf(annotation.labelId).name,
        revisionId: annotation.revisionId,
        ancestorIds: [...annotation.ancestorIds],
        trackingUID: annotation.trackingUID,
        reviewState: annotation.reviewState,
        segmentAlgorithmType: annotation.segmentAlgorithmType,
        prompts: annotation.prompts,
        algorithm: annotation.algorithm,
        classification: annotation.classification,
        reader: annotation.reader,
        maskHash: createHash('sha256').update(annotation.mask).digest('hex'),
        createdAt: annotation.createdAt,
      })),
    ),
    measurements: (set.measurements ?? []).map(
      ({ id, labelId, frame, kind, points, trackingUID, reader, createdAt }) => ({
        sopInstanceUID: frame.sopInstanceUID,
        frameNumber: frame.frameNumber,
        label: labelId === null ? null : labelOf(labelId).name,
        kind,
        points: points.map(({ x, y }) => ({ x, y })),
        revisionId: id,
        trackingUID,
        reader,
        createdAt,
      }),
    ),
    files: [],
  };
}

/** Those that something is annotated or measured under, in the order of the set. */
function recordedLabels(set: AnnotationSet): ExportLabel[] {
  const annotated = usedLabels(set);
  const measured = new Set(set.measurements?.map(({ labelId }) => labelId));
  return set.labels.filter((label) => annotated.includes(label) || measured.has(label.id));
}

/** The manifest of an earlier export. Throws AppError('not-found') where there is none, AppError('corrupt') for one that is not SonoSync's. */
export async function readManifest(folder: string): Promise<ExportManifest> {
  return readJson(join(folder, manifestName), manifestSchema, "SonoSync's record of an export");
}

/** Reads a JSON file of an export. Throws AppError that names the file and says what `what` should have been there. */
export async function readJson<S extends z.ZodType>(path: string, schema: S, what: string): Promise<z.output<S>> {
  const source = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError('not-found', `${path} does not exist or cannot be read; expected ${what}.`, { cause });
  });
  return parseJson(source, path, schema, what);
}

/** Parses the text of a JSON file. Throws AppError('corrupt') that names the file and the place of the first fault. */
export function parseJson<S extends z.ZodType>(source: string, path: string, schema: S, what: string): z.output<S> {
  try {
    return schema.parse(JSON.parse(source));
  } catch (cause) {
    const issue = cause instanceof z.ZodError ? cause.issues[0] : null;
    const place = issue ? ` At ${issue.path.join('.') || 'the top'}: ${issue.message}.` : '';
    throw new AppError('corrupt', `${path} is not ${what}.${place}`, { cause });
  }
}
