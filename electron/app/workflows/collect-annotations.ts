// Owns which of the workspace's annotations and measurements an export holds, and how they are told to it.
import type { ExportChoice } from '../../common/api.ts';
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
import type { FrameContext } from '../../study/records.ts';
import { labelPrompts } from '../context.ts';
import type { AppContext } from '../context.ts';
import { describeProposal } from './export-probabilities.ts';
import type { ModelFolders } from './export-probabilities.ts';

/**
 * The latest annotations that were chosen, as exports take them, with their frames. `models` can be asked again for what they proposed.
 * Throws AppError('not-found') for an unknown study or label.
 */
export function collectAnnotations(
  context: AppContext,
  choice: Partial<ExportChoice>,
  models: ModelFolders | null = null,
): AnnotationSet {
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
        proposal: describeProposal(context, revision, models),
        classification: revision.proposalId === null ? null : store.proposal(revision.proposalId).classification,
        reader: revision.reader,
        mask: revision.mask,
        createdAt: revision.createdAt,
      };
    });
  return { labels: store.listLabels(), annotations, measurements: collectMeasurements(context, choice, frames) };
}

/** Those that were chosen, also in frames in which nothing else is annotated; review states say nothing of them. */
function collectMeasurements(
  context: AppContext,
  { studyIds, labelIds, ...days }: Partial<ExportChoice>,
  frames: Map<string, ExportFrame>,
): ExportMeasurement[] {
  const { store } = context;
  const isInTime = timeFilter(days);
  return store.listMeasurements().flatMap(({ id, trackingUID, labelId, frameId, kind, points, reader, createdAt }) => {
    const frameContext = store.frameContext(frameId);
    if (studyIds && !studyIds.includes(frameContext.study.id)) return [];
    if (labelIds && labelId !== null && !labelIds.includes(labelId)) return [];
    if (!isInTime(createdAt)) return [];
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
  const isInTime = timeFilter({ from, until });
  return ({ revision, study }) =>
    (!studyIds || studyIds.includes(study.id)) &&
    (!labelIds || labelIds.includes(revision.labelId)) &&
    states.includes(revision.reviewState) &&
    isInTime(revision.createdAt);
}

/** Whether what was last changed then lies in the chosen days. */
function timeFilter({ from, until }: Pick<Partial<ExportChoice>, 'from' | 'until'>): (changedAt: string) => boolean {
  const earliest = from ? instantOf(from, '00:00:00.000') : null;
  const latest = until ? instantOf(until, '23:59:59.999') : null;
  return (changedAt) => {
    const changed = Date.parse(changedAt);
    return (earliest === null || changed >= earliest) && (latest === null || changed <= latest);
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
