// Owns annotation revisions: every gesture appends one, none is ever changed or deleted (the schema's triggers refuse it).
import { AppError } from '../common/errors.ts';
import { reviewStates, segmentAlgorithmTypes } from '../common/study.ts';
import type { Frame, Revision } from '../common/study.ts';
import { newRecordId, newUID } from './identifiers.ts';
import { findLabel } from './labels.ts';
import { checkMask } from './mask-check.ts';
import { findProposal } from './proposals.ts';
import { findFrame } from './records.ts';
import { blob, optionalText, text, word } from './rows.ts';
import type { Row } from './rows.ts';
import type { Workspace } from './workspace.ts';

/** `parentId` is the latest revision's id, or null for the first. `reader` is the workspace's where it is left out. */
export type RevisionInput = Omit<Revision, 'id' | 'trackingUID' | 'reader' | 'createdAt'> & {
  readonly reader?: string;
  /** What a revision from another workspace was there, so that it is known again; the annotation's own trackingUID comes first. */
  readonly origin?: Partial<Pick<Revision, 'id' | 'trackingUID' | 'createdAt'>>;
};

/**
 * Appends a revision; durable when it returns. Throws AppError('conflict') when `parentId` is not the latest revision of (frame, label),
 * AppError('bad-input') for a mask that does not fit the frame or is not empty though absent, AppError('storage') when it cannot be written:
 * then nothing of it is kept, and everything before it is as it was.
 */
export function saveRevision(workspace: Workspace, { origin, ...input }: RevisionInput): Revision {
  const frame = findFrame(workspace, input.frameId);
  findLabel(workspace, input.labelId);
  checkContent(workspace, input, frame);
  return workspace.database.transaction(() => {
    const latest = latestRevision(workspace, input.frameId, input.labelId);
    if ((latest?.id ?? null) !== input.parentId) {
      throw new AppError(
        'conflict',
        `This annotation was changed meanwhile: its latest revision is ${latest ? `"${latest.id}"` : 'none'}, not ${input.parentId === null ? 'none' : `"${input.parentId}"`}. Load it again; nothing was overwritten.`,
      );
    }
    const revision: Revision = {
      ...input,
      id: origin?.id ?? newRecordId(),
      trackingUID: latest?.trackingUID ?? unusedUID(workspace, origin?.trackingUID),
      reader: input.reader ?? workspace.reader,
      createdAt: origin?.createdAt ?? workspace.timestamp(),
    };
    insertRevision(workspace, revision);
    return revision;
  });
}

/** A UID that no annotation has, since a trackingUID is that of one annotation: `wanted` where that is free. */
function unusedUID({ database }: Workspace, wanted: string | undefined): string {
  const taken =
    wanted !== undefined && database.get('SELECT id FROM revisions WHERE tracking_uid = ? LIMIT 1', [wanted]);
  return wanted === undefined || taken ? newUID() : wanted;
}

/** The newest revision of (frame, label), or null. */
export function latestRevision(workspace: Workspace, frameId: string, labelId: string): Revision | null {
  const row = workspace.database.get(
    'SELECT * FROM revisions WHERE frame_id = ? AND label_id = ? ORDER BY sequence DESC LIMIT 1',
    [frameId, labelId],
  );
  return row ? toRevision(row) : null;
}

/** The newest revision of each label that has one in a frame, in the order of the labels. */
export function latestRevisionsOfFrame(workspace: Workspace, frameId: string): Revision[] {
  findFrame(workspace, frameId);
  return workspace.database
    .all(
      `SELECT revisions.* FROM revisions
       JOIN (SELECT max(sequence) AS sequence FROM revisions WHERE frame_id = ? GROUP BY label_id) AS latest
         ON latest.sequence = revisions.sequence
       JOIN labels ON labels.id = revisions.label_id
       WHERE labels.removed_at IS NULL
       ORDER BY labels.place, labels.sequence`,
      [frameId],
    )
    .map(toRevision);
}

/** All revisions of (frame, label), oldest first. */
export function listRevisions(workspace: Workspace, frameId: string, labelId: string): Revision[] {
  return workspace.database
    .all('SELECT * FROM revisions WHERE frame_id = ? AND label_id = ? ORDER BY sequence', [frameId, labelId])
    .map(toRevision);
}

/** The ids of all revisions of (frame, label), oldest first. */
export function listRevisionIds(workspace: Workspace, frameId: string, labelId: string): string[] {
  return workspace.database
    .all('SELECT id FROM revisions WHERE frame_id = ? AND label_id = ? ORDER BY sequence', [frameId, labelId])
    .map((row) => text(row, 'id'));
}

export function hasRevision(workspace: Workspace, revisionId: string): boolean {
  return Boolean(workspace.database.get('SELECT id FROM revisions WHERE id = ?', [revisionId]));
}

/** Throws AppError('not-found'). */
export function findRevision(workspace: Workspace, revisionId: string): Revision {
  const row = workspace.database.get('SELECT * FROM revisions WHERE id = ?', [revisionId]);
  if (!row) throw new AppError('not-found', `There is no revision with the id "${revisionId}".`);
  return toRevision(row);
}

export function toRevision(row: Row): Revision {
  return {
    id: text(row, 'id'),
    trackingUID: text(row, 'tracking_uid'),
    frameId: text(row, 'frame_id'),
    labelId: text(row, 'label_id'),
    parentId: optionalText(row, 'parent_id'),
    proposalId: optionalText(row, 'proposal_id'),
    reviewState: word(row, 'review_state', reviewStates),
    segmentAlgorithmType: word(row, 'segment_algorithm_type', segmentAlgorithmTypes),
    mask: blob(row, 'mask'),
    gesture: text(row, 'gesture'),
    reader: text(row, 'reader'),
    createdAt: text(row, 'created_at'),
  };
}

function checkContent(workspace: Workspace, input: Omit<RevisionInput, 'origin'>, frame: Frame): void {
  const pixels = checkMask(input.mask, frame);
  if (input.reviewState === 'absent' && pixels > 0) {
    throw new AppError('bad-input', `A structure that is absent has an empty mask; this one has ${pixels} pixels.`);
  }
  if (input.proposalId === null) return;
  const proposal = findProposal(workspace, input.proposalId);
  if (proposal.frameId !== input.frameId || proposal.labelId !== input.labelId) {
    throw new AppError('bad-input', `Proposal "${proposal.id}" is of another frame or label than this revision.`);
  }
}

function insertRevision(workspace: Workspace, revision: Revision): void {
  workspace.database.run(
    `INSERT INTO revisions (id, tracking_uid, frame_id, label_id, parent_id, proposal_id, review_state, segment_algorithm_type, mask, gesture, reader, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      revision.id,
      revision.trackingUID,
      revision.frameId,
      revision.labelId,
      revision.parentId,
      revision.proposalId,
      revision.reviewState,
      revision.segmentAlgorithmType,
      revision.mask,
      revision.gesture,
      revision.reader,
      revision.createdAt,
    ],
  );
}
