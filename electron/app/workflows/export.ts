// Owns the way from the store's annotations to files that others read: which annotations, which folder, under which labels.
import { join } from 'node:path';
import type { ExportResult, ParsedCommandInput } from '../../common/api.ts';
import type { Prompts } from '../../common/prompts.ts';
import type { Revision } from '../../common/study.ts';
import type { AnnotationSet, ExportAlgorithm, ExportAnnotation, ExportFrame } from '../../export/annotation-set.ts';
import { findExportFormat, runExport } from '../../export/registry.ts';
import type { ExportOptions } from '../../export/registry.ts';
import type { FrameContext } from '../../study/records.ts';
import { labelPrompts } from '../context.ts';
import type { AppContext } from '../context.ts';

/**
 * Exports the latest accepted and absent annotations, with `includeEdited` edited ones too, and reads them back. Without a folder, into one
 * of its own in the workspace's exports/. Throws AppError('unsupported') for an unknown format and what runExport throws.
 */
export async function exportAnnotations(
  context: AppContext,
  input: ParsedCommandInput<'export:run'>,
  options: ExportOptions = {},
): Promise<ExportResult> {
  findExportFormat(input.format);
  const folder = input.folder ?? ownFolder(context, input.format);
  return runExport(input.format, collectAnnotations(context, input.includeEdited), folder, {
    version: context.version,
    ...options,
  });
}

/** exports/2031-05-17T09-30-00-coco: sorts by time, and no two of one second and format are one. */
function ownFolder({ store }: AppContext, format: string): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return join(store.folder, 'exports', `${time}-${format}`);
}

/** The latest annotations of the workspace as exports take them, with their frames. */
export function collectAnnotations(context: AppContext, includeEdited: boolean): AnnotationSet {
  const { store } = context;
  const frames = new Map<string, ExportFrame>();
  const annotations = store
    .listAnnotations({ includeEdited })
    .map(({ revision, ...frameContext }): ExportAnnotation => {
      const frame = frames.get(revision.frameId) ?? exportFrame(context, frameContext);
      frames.set(revision.frameId, frame);
      return {
        revisionId: revision.id,
        trackingUID: revision.trackingUID,
        labelId: revision.labelId,
        frame,
        reviewState: revision.reviewState,
        segmentAlgorithmType: revision.segmentAlgorithmType,
        prompts: promptsOf(context, revision),
        algorithm: algorithmOf(context, revision),
        reader: revision.reader,
        mask: revision.mask,
        createdAt: revision.createdAt,
      };
    });
  return { labels: store.listLabels(), annotations };
}

function exportFrame({ store }: AppContext, { study, series, instance, frame }: FrameContext): ExportFrame {
  return {
    studyInstanceUID: study.studyInstanceUID,
    seriesInstanceUID: series.seriesInstanceUID,
    sopInstanceUID: instance.sopInstanceUID,
    frameNumber: frame.frameNumber,
    frameCount: instance.frameCount,
    width: frame.width,
    height: frame.height,
    pixelAspectRatio: instance.pixelAspectRatio,
    regions: instance.regions,
    patientKey: study.patientKey,
    simulated: study.simulated,
    // Names of DICOM files are often made of names and numbers of patients.
    fileName: instance.mediaType === 'application/dicom' ? null : instance.fileName,
    objectHash: instance.objectHash,
    mediaType: instance.mediaType,
    picture: () => store.framePicture(frame.id),
    original: () => store.originalBytes(instance.objectHash),
  };
}

/** The prompts of the proposal that the annotation began with, else those of its label. */
function promptsOf({ store }: AppContext, { proposalId, labelId }: Revision): Prompts {
  return proposalId === null ? labelPrompts(store.label(labelId)) : store.proposal(proposalId).prompts;
}

function algorithmOf({ store }: AppContext, { proposalId }: Revision): ExportAlgorithm | null {
  if (proposalId === null) return null;
  const { modelId, modelHash, adapterId } = store.proposal(proposalId);
  return { modelId, modelHash, adapterHash: adapterId === null ? null : store.adapter(adapterId).fileHash };
}
