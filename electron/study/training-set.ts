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

/** Each (frame, label) with the sequence of its latest revision. */
const latestOf = (condition: string) => `latest AS (
    SELECT frame_id, label_id, max(sequence) AS sequence FROM revisions ${condition} GROUP BY frame_id, label_id
  )`;

/** From `latest` on to the revisions themselves and what each is of. */
const joined = `
  FROM latest
  JOIN revisions ON revisions.sequence = latest.sequence
  JOIN frames ON frames.id = revisions.frame_id
  JOIN instances ON instances.id = frames.instance_id
  JOIN series ON series.id = instances.series_id
  JOIN studies ON studies.id = frames.study_id
  JOIN labels ON labels.id = revisions.label_id`;

const inStudyOrder = (states: readonly ReviewState[]) => `
  WHERE revisions.review_state IN (${reviewStates
    .filter((state) => states.includes(state))
    .map((state) => `'${state}'`)
    .join(', ')})
  ORDER BY ${studyOrder}, labels.sequence`;

// The pictures of a series are numbered in one pass: to count, for each, those before it takes the square of their number.
const correctionsQuery = `
  WITH ${latestOf('WHERE label_id = ?')},
  numbered AS (
    SELECT id, row_number() OVER (PARTITION BY series_id ORDER BY sort_key, id) AS place FROM instances
    WHERE series_id IN (
      SELECT own.series_id FROM latest
      JOIN frames ON frames.id = latest.frame_id
      JOIN instances AS own ON own.id = frames.instance_id
    )
  )
  SELECT revisions.*, frames.width, frames.height, frames.study_id, frames.instance_id, frames.frame_number, studies.patient_key,
    CASE WHEN instances.frame_count > 1 THEN instances.id ELSE series.id END AS sequence_id,
    CASE WHEN instances.frame_count > 1 THEN frames.frame_number ELSE numbered.place END AS sequence_number
  ${joined}
  JOIN numbered ON numbered.id = instances.id
  ${inStudyOrder(['accepted', 'absent'])}`;

/** A label's corrections in study order. Throws AppError('not-found'). */
export function listCorrections(workspace: Workspace, labelId: string): Correction[] {
  findLabel(workspace, labelId);
  return workspace.database.all(correctionsQuery, [labelId]).map((row) => ({
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
  return workspace.database
    .all(`WITH ${latestOf('')} SELECT revisions.* ${joined} ${inStudyOrder(states)}`)
    .map((row) => {
      const revision = toRevision(row);
      return { ...findFrameContext(workspace, revision.frameId), revision };
    });
}
