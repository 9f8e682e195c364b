// Owns the training set of a label, its corrections: the latest accepted or absent revision of each frame, and where the frame came from,
// so that validation is split off by patient, study or cine. Also the wider choice that exports start from.
import { reviewStates } from '../common/study.ts';
import type { ReviewState, Revision } from '../common/study.ts';
import { findLabel } from './labels.ts';
import { findFrameContext, studyOrder } from './records.ts';
import type { FrameContext } from './records.ts';
import { toRevision } from './revisions.ts';
import { number, optionalText, text } from './rows.ts';
import type { Workspace } from './workspace.ts';

export interface Correction {
  readonly revision: Revision;
  readonly frameId: string;
  readonly width: number;
  readonly height: number;
  readonly patientKey: string | null;
  readonly studyId: string;
  readonly instanceId: string;
  readonly frameNumber: number;
  /** The sequence of neighbouring pictures that the frame is one of: its instance, or for an instance of one frame its series. */
  readonly sequenceId: string;
  /** The frame's place in that sequence, from 1. */
  readonly sequenceNumber: number;
}

export interface AnnotatedFrame extends FrameContext {
  readonly revision: Revision;
}

const latestOf = (states: readonly ReviewState[], condition: string) => `
  SELECT revisions.*, frames.width, frames.height, frames.study_id, frames.instance_id, frames.frame_number, studies.patient_key,
    CASE WHEN instances.frame_count > 1 THEN instances.id ELSE series.id END AS sequence_id,
    CASE WHEN instances.frame_count > 1 THEN frames.frame_number ELSE (
      SELECT count(*) FROM instances AS earlier WHERE earlier.series_id = series.id
      AND (earlier.sort_key, earlier.id) <= (instances.sort_key, instances.id)
    ) END AS sequence_number
  FROM (SELECT frame_id, label_id, max(sequence) AS sequence FROM revisions ${condition} GROUP BY frame_id, label_id) AS latest
  JOIN revisions ON revisions.sequence = latest.sequence
  JOIN frames ON frames.id = revisions.frame_id
  JOIN instances ON instances.id = frames.instance_id
  JOIN series ON series.id = instances.series_id
  JOIN studies ON studies.id = frames.study_id
  JOIN labels ON labels.id = revisions.label_id
  WHERE revisions.review_state IN (${reviewStates
    .filter((state) => states.includes(state))
    .map((state) => `'${state}'`)
    .join(', ')})
  ORDER BY ${studyOrder}, labels.sequence`;

/** A label's corrections in study order. Throws AppError('not-found'). */
export function listCorrections(workspace: Workspace, labelId: string): Correction[] {
  findLabel(workspace, labelId);
  return workspace.database.all(latestOf(['accepted', 'absent'], 'WHERE label_id = ?'), [labelId]).map((row) => ({
    revision: toRevision(row),
    frameId: text(row, 'frame_id'),
    width: number(row, 'width'),
    height: number(row, 'height'),
    patientKey: optionalText(row, 'patient_key'),
    studyId: text(row, 'study_id'),
    instanceId: text(row, 'instance_id'),
    frameNumber: number(row, 'frame_number'),
    sequenceId: text(row, 'sequence_id'),
    sequenceNumber: number(row, 'sequence_number'),
  }));
}

/** How many corrections a label has, without loading their masks. Throws AppError('not-found'). */
export function countCorrections(workspace: Workspace, labelId: string): number {
  findLabel(workspace, labelId);
  const row = workspace.database.get(
    `SELECT count(*) AS corrections FROM (
       SELECT review_state, max(sequence) FROM revisions WHERE label_id = ? GROUP BY frame_id
     ) WHERE review_state IN ('accepted', 'absent')`,
    [labelId],
  );
  return number(row ?? {}, 'corrections');
}

/** The latest revisions of every label that are accepted or absent, with `includeEdited` edited ones too, in study order. */
export function listAnnotations(workspace: Workspace, options: { includeEdited: boolean }): AnnotatedFrame[] {
  const states: ReviewState[] = options.includeEdited ? ['accepted', 'absent', 'edited'] : ['accepted', 'absent'];
  return workspace.database.all(latestOf(states, '')).map((row) => {
    const revision = toRevision(row);
    return { ...findFrameContext(workspace, revision.frameId), revision };
  });
}
