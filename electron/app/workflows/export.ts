// Owns the way from the store's annotations to files that others read: which annotations, which folder, under which labels.
import { join } from 'node:path';
import type { ExportChoice, ExportPreview, ExportResult, ParsedCommandInput } from '../../common/api.ts';
import { AppError } from '../../common/errors.ts';
import type { Prompts } from '../../common/prompts.ts';
import { regionsOfFrame } from '../../common/study.ts';
import type { ReviewState, Revision, Study } from '../../common/study.ts';
import type {
  AnnotationSet,
  ExportAlgorithm,
  ExportAnnotation,
  ExportFrame,
  ExportMeasurement,
} from '../../export/annotation-set.ts';
import { onnxFormat, onnxLosses } from '../../export/onnx.ts';
import { describeLosses, findExportFormat, runExport } from '../../export/registry.ts';
import type { ExportOptions } from '../../export/registry.ts';
import type { FrameContext } from '../../study/records.ts';
import { labelPrompts } from '../context.ts';
import type { AppContext } from '../context.ts';
import { exportNetworks } from './export-network.ts';

/** What is exported as what, and where; what is left out is as in the contract. */
export type ExportOrder = Pick<ParsedCommandInput<'export:run'>, 'format'> & Partial<ParsedCommandInput<'export:run'>>;

/**
 * Exports the latest annotations that were chosen, and reads them back. Without a folder, into one of its own in the workspace's exports/.
 * Throws AppError('unsupported') for an unknown format, 'conflict' while another export runs, and what runExport throws.
 */
export async function exportAnnotations(
  context: AppContext,
  input: ExportOrder,
  options: Pick<ExportOptions, 'signal' | 'onProgress'> = {},
): Promise<ExportResult> {
  const format = input.format === onnxFormat.id ? onnxFormat : findExportFormat(input.format);
  if (context.exporting) throw new AppError('conflict', 'Another export is running. Wait for it or cancel it.');
  const controller = new AbortController();
  context.exporting = controller;
  const signal = options.signal ? AbortSignal.any([options.signal, controller.signal]) : controller.signal;
  const report = progressReporter(context, format.id);
  try {
    const folder = input.folder ?? ownFolder(context, format.id);
    if (format === onnxFormat) return await exportNetworks(context, input.labelIds ?? null, folder, signal);
    return await runExport(format.id, collectAnnotations(context, input), folder, {
      version: context.version,
      images: input.images ?? true,
      originals: input.originals ?? false,
      signal,
      onProgress(done, total, phase) {
        report(done, total, phase);
        options.onProgress?.(done, total, phase);
      },
    });
  } finally {
    context.exporting = null;
  }
}

/** What an export of these would hold and lose. Throws AppError('unsupported') for an unknown format. */
export function previewExport(context: AppContext, input: ParsedCommandInput<'export:preview'>): ExportPreview {
  if (input.format === onnxFormat.id) return { annotations: 0, frames: 0, studies: 0, lost: [...onnxLosses] };
  const set = collectAnnotations(context, input);
  return {
    annotations: set.annotations.length,
    frames: new Set(set.annotations.map(({ frame }) => frame)).size,
    studies: new Set(set.annotations.map(({ frame }) => frame.studyInstanceUID)).size,
    lost: describeLosses(input.format, set),
  };
}

/** Stops the running export, if there is one. */
export function cancelExport(context: AppContext): void {
  context.exporting?.abort();
}

/** Tells the interface at most ten times a second, and of the first and last of each phase. */
function progressReporter({ events }: AppContext, format: string): NonNullable<ExportOptions['onProgress']> {
  let last = 0;
  return (done, total, phase) => {
    const now = performance.now();
    if (done > 0 && done < total && now - last < 100) return;
    last = now;
    events.emit('export:progressed', { format, phase, done, total });
  };
}

/** exports/2031-05-17T09-30-00-coco: sorts by time, and no two of one second and format are one. */
function ownFolder({ store }: AppContext, format: string): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return join(store.folder, 'exports', `${time}-${format}`);
}

/** The latest annotations that were chosen, as exports take them, with their frames. Throws AppError('not-found') for an unknown study or label. */
export function collectAnnotations(context: AppContext, choice: Partial<ExportChoice>): AnnotationSet {
  const { store } = context;
  const frames = new Map<string, ExportFrame>();
  const isChosen = choiceFilter(context, choice);
  const annotations = store
    .listAnnotations({ includeEdited: true })
    .filter(isChosen)
    .map(({ revision, ...frameContext }): ExportAnnotation => {
      const frame = frames.get(revision.frameId) ?? exportFrame(context, frameContext);
      frames.set(revision.frameId, frame);
      return {
        revisionId: revision.id,
        ancestorIds: store.listRevisionIds(revision.frameId, revision.labelId).filter((id) => id !== revision.id),
        trackingUID: revision.trackingUID,
        labelId: revision.labelId,
        frame,
        reviewState: revision.reviewState,
        segmentAlgorithmType: revision.segmentAlgorithmType,
        prompts: promptsOf(context, revision),
        algorithm: algorithmOf(context, revision),
        classification: revision.proposalId === null ? null : store.proposal(revision.proposalId).classification,
        reader: revision.reader,
        mask: revision.mask,
        createdAt: revision.createdAt,
      };
    });
  return { labels: store.listLabels(), annotations, measurements: collectMeasurements(context, choice, frames) };
}

/** Those in the chosen studies, also in frames in which nothing else is annotated. */
function collectMeasurements(
  context: AppContext,
  { studyIds, labelIds }: Partial<ExportChoice>,
  frames: Map<string, ExportFrame>,
): ExportMeasurement[] {
  const { store } = context;
  return store.listMeasurements().flatMap(({ id, trackingUID, labelId, frameId, kind, points, reader, createdAt }) => {
    const frameContext = store.frameContext(frameId);
    if (studyIds && !studyIds.includes(frameContext.study.id)) return [];
    if (labelIds && labelId !== null && !labelIds.includes(labelId)) return [];
    const frame = frames.get(frameId) ?? exportFrame(context, frameContext);
    frames.set(frameId, frame);
    return [{ id, trackingUID, labelId, frame, kind, points, reader, createdAt }];
  });
}

function choiceFilter(
  { store }: AppContext,
  { studyIds, labelIds, reviewStates, from, until, includeEdited }: Partial<ExportChoice>,
): (annotation: { readonly revision: Revision; readonly study: Study }) => boolean {
  for (const studyId of studyIds ?? []) store.study(studyId);
  for (const labelId of labelIds ?? []) store.label(labelId);
  const states: readonly ReviewState[] =
    reviewStates ?? (includeEdited ? ['accepted', 'absent', 'edited'] : ['accepted', 'absent']);
  const earliest = from ? instantOf(from, '00:00:00.000') : null;
  const latest = until ? instantOf(until, '23:59:59.999') : null;
  return ({ revision, study }) => {
    const changed = Date.parse(revision.createdAt);
    return (
      (!studyIds || studyIds.includes(study.id)) &&
      (!labelIds || labelIds.includes(revision.labelId)) &&
      states.includes(revision.reviewState) &&
      (earliest === null || changed >= earliest) &&
      (latest === null || changed <= latest)
    );
  };
}

/** A day alone means its beginning or end where the reader is. */
function instantOf(date: string, time: string): number {
  return Date.parse(date.includes('T') ? date : `${date}T${time}`);
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
    regions: regionsOfFrame(instance, frame.frameNumber),
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
