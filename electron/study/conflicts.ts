// Owns annotations from elsewhere that could not be merged: both sides had changed. Each waits, with its mask, for a person to decide; the workspace's
// own annotation stays as it is until then. What was decided stays on record.
import { AppError } from '../common/errors.ts';
import { reviewStates, segmentAlgorithmTypes } from '../common/study.ts';
import type { AnnotationConflict } from '../common/study.ts';
import { newRecordId } from './identifiers.ts';
import { findLabel } from './labels.ts';
import { checkMask } from './mask-check.ts';
import { findFrame } from './records.ts';
import { blob, number, optionalText, text, word } from './rows.ts';
import type { Row } from './rows.ts';
import type { Workspace } from './workspace.ts';

export type ConflictInput = Omit<AnnotationConflict, 'id' | 'decision' | 'createdAt'>;

export class Conflicts {
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /**
   * Keeps what came in for a decision. The same mask for the same annotation is kept once: where it waits already, or was refused while the
   * workspace's revision was the same, that one is returned.
   */
  save(input: ConflictInput): AnnotationConflict {
    const { database } = this.#workspace;
    findLabel(this.#workspace, input.labelId);
    checkMask(input.mask, findFrame(this.#workspace, input.frameId));
    return database.transaction(() => {
      const same = database
        .all('SELECT * FROM annotation_conflicts WHERE frame_id = ? AND label_id = ?', [input.frameId, input.labelId])
        .map(toConflict)
        .find((known) => isSame(known, input));
      if (same) return same;
      const conflict = { ...input, id: newRecordId(), decision: null, createdAt: this.#workspace.timestamp() };
      insert(this.#workspace, conflict);
      return conflict;
    });
  }

  /** Those that wait, oldest first. */
  listWaiting(): AnnotationConflict[] {
    return this.#workspace.database
      .all('SELECT * FROM annotation_conflicts WHERE decision IS NULL ORDER BY sequence')
      .map(toConflict);
  }

  /** How many wait, without loading their masks. */
  countWaiting(): number {
    const row = this.#workspace.database.get(
      'SELECT count(*) AS waiting FROM annotation_conflicts WHERE decision IS NULL',
    );
    return number(row ?? {}, 'waiting');
  }

  /** Throws AppError('not-found'). */
  find(conflictId: string): AnnotationConflict {
    const row = this.#workspace.database.get('SELECT * FROM annotation_conflicts WHERE id = ?', [conflictId]);
    if (!row) throw new AppError('not-found', `There is no conflict with the id "${conflictId}".`);
    return toConflict(row);
  }

  /** Notes what was decided. Throws AppError('conflict') where it was decided before. */
  decide(conflictId: string, decision: 'ours' | 'theirs'): void {
    const known = this.find(conflictId);
    if (known.decision !== null) {
      throw new AppError('conflict', `This conflict was decided before: "${known.decision}" was taken.`);
    }
    this.#workspace.database.run('UPDATE annotation_conflicts SET decision = ?, decided_at = ? WHERE id = ?', [
      decision,
      this.#workspace.timestamp(),
      conflictId,
    ]);
  }
}

function isSame(known: AnnotationConflict, input: ConflictInput): boolean {
  if (known.decision === 'theirs' || known.reviewState !== input.reviewState) return false;
  if (Buffer.compare(known.mask, input.mask) !== 0) return false;
  return known.decision === null || known.ourRevisionId === input.ourRevisionId;
}

function insert(workspace: Workspace, conflict: AnnotationConflict): void {
  workspace.database.run(
    `INSERT INTO annotation_conflicts (id, frame_id, label_id, our_revision_id, their_revision_id, review_state, segment_algorithm_type, mask, reader, source, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      conflict.id,
      conflict.frameId,
      conflict.labelId,
      conflict.ourRevisionId,
      conflict.theirRevisionId,
      conflict.reviewState,
      conflict.segmentAlgorithmType,
      conflict.mask,
      conflict.reader,
      conflict.source,
      conflict.createdAt,
    ],
  );
}

function toConflict(row: Row): AnnotationConflict {
  const decision = optionalText(row, 'decision');
  return {
    id: text(row, 'id'),
    frameId: text(row, 'frame_id'),
    labelId: text(row, 'label_id'),
    ourRevisionId: text(row, 'our_revision_id'),
    theirRevisionId: optionalText(row, 'their_revision_id'),
    reviewState: word(row, 'review_state', reviewStates),
    segmentAlgorithmType: word(row, 'segment_algorithm_type', segmentAlgorithmTypes),
    mask: blob(row, 'mask'),
    reader: text(row, 'reader'),
    source: text(row, 'source'),
    decision: decision === 'ours' || decision === 'theirs' ? decision : null,
    createdAt: text(row, 'created_at'),
  };
}
