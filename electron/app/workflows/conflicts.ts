// Owns conflicts between an annotation of the workspace and one from elsewhere: how they are shown, and what a decision does.
import type { ConflictView } from '../../common/api.ts';
import { decodeMask, maskIoU } from '../../common/mask.ts';
import type { AnnotationConflict } from '../../common/study.ts';
import type { AppContext } from '../context.ts';

/** Those that wait, oldest first. */
export function listConflicts(context: AppContext): ConflictView[] {
  return context.store.listConflicts().map((conflict) => viewConflict(context, conflict));
}

/**
 * Takes theirs, as a revision after the latest one, or leaves ours as it is; either way the conflict is off the list. Returns the new
 * revision's id. Throws AppError('not-found') and, where it was decided before, AppError('conflict').
 */
export function decideConflict(context: AppContext, conflictId: string, take: 'ours' | 'theirs'): string | null {
  const { store, events } = context;
  const conflict = store.conflict(conflictId);
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
  store.decideConflict(conflictId, take);
  events.emit('conflict:changed', { waiting: store.listConflicts().length });
  return revisionId;
}

function viewConflict({ store }: AppContext, conflict: AnnotationConflict): ConflictView {
  const { id, frameId, labelId, reader, source, createdAt } = conflict;
  const { frame, study } = store.frameContext(frameId);
  const ours = store.latestRevision(frameId, labelId)?.mask ?? store.revision(conflict.ourRevisionId).mask;
  const decode = (mask: Uint8Array) => decodeMask(mask, frame.width, frame.height);
  return {
    id,
    frameId,
    labelId,
    studyId: study.id,
    studyTitle: study.title,
    frameNumber: store.listFrameRecords(study.id).findIndex((each) => each.id === frameId) + 1,
    label: store.label(labelId).name,
    reader,
    source,
    createdAt,
    ours,
    theirs: conflict.mask,
    iou: maskIoU(decode(ours), decode(conflict.mask)),
  };
}
