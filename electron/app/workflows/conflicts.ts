// Owns conflicts between an annotation of the workspace and one from elsewhere: how they are shown, and what a decision does.
import assert from 'node:assert';
import type { ConflictView } from '../../common/api.ts';
import { decodeMask, maskIoU } from '../../common/mask.ts';
import type { AnnotationConflict } from '../../common/study.ts';
import type { FrameContext } from '../../study/records.ts';
import type { AppContext } from '../context.ts';

/** Those that wait, oldest first. */
export function listConflicts(context: AppContext): ConflictView[] {
  const { store } = context;
  const waiting = store.conflicts
    .listWaiting()
    .map((conflict) => ({ conflict, place: store.frameContext(conflict.frameId) }));
  const studyIds = new Set(waiting.map(({ place }) => place.study.id));
  // A study's frames are put in order once, however many of its conflicts wait.
  const frameNumbers = new Map(
    [...studyIds].flatMap((studyId) => store.listFrameRecords(studyId).map(({ id }, index) => [id, index + 1])),
  );
  return waiting.map(({ conflict, place }) => viewConflict(context, conflict, place, frameNumbers));
}

/**
 * Takes theirs, as a revision after the latest one, or leaves ours as it is; either way the conflict is off the list. Returns the new
 * revision's id. Throws AppError('not-found') and, where it was decided before, AppError('conflict').
 */
export function decideConflict(context: AppContext, conflictId: string, take: 'ours' | 'theirs'): string | null {
  const { store, events } = context;
  const conflict = store.conflicts.find(conflictId);
  let revisionId: string | null = null;
  // Saved before it is off the list, so that neither is lost whatever happens between.
  if (take === 'theirs' && conflict.decision === null) {
    const { frameId, labelId, reviewState, segmentAlgorithmType, mask, reader, theirRevisionId } = conflict;
    const isItself = theirRevisionId !== null && !store.hasRevision(theirRevisionId);
    const revision = store.saveRevision({
      frameId,
      labelId,
      parentId: store.latestRevision(frameId, labelId)?.id ?? null,
      proposalId: null,
      reviewState,
      segmentAlgorithmType,
      mask,
      gesture: 'import',
      reader,
      origin: isItself ? { id: theirRevisionId } : {},
    });
    revisionId = revision.id;
    events.emit('annotation:saved', { frameId, labelId, revisionId, savedAt: revision.createdAt });
  }
  store.conflicts.decide(conflictId, take);
  events.emit('conflict:changed', { waiting: store.conflicts.countWaiting() });
  return revisionId;
}

/** `frameNumbers` are the places of frames in their studies, from 1. */
function viewConflict(
  { store }: AppContext,
  conflict: AnnotationConflict,
  { frame, study }: FrameContext,
  frameNumbers: ReadonlyMap<string, number>,
): ConflictView {
  const { id, frameId, labelId, reader, source, createdAt } = conflict;
  const frameNumber = frameNumbers.get(frameId);
  assert(frameNumber !== undefined, 'a frame is among those of its study');
  const ours = store.latestRevision(frameId, labelId)?.mask ?? store.revision(conflict.ourRevisionId).mask;
  const decode = (mask: Uint8Array) => decodeMask(mask, frame.width, frame.height);
  return {
    id,
    frameId,
    labelId,
    studyId: study.id,
    studyTitle: study.title,
    frameNumber,
    label: store.label(labelId).name,
    reader,
    source,
    createdAt,
    ours,
    theirs: conflict.mask,
    iou: maskIoU(decode(ours), decode(conflict.mask)),
  };
}
