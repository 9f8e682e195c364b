// Owns what to annotate next: for one label, frames that nobody decided on, those first that the model is least sure of.
import type { QueueItem } from '../common/api.ts';
import { findLabel } from './labels.ts';
import { studyOrder } from './records.ts';
import { number, optionalNumber, optionalText, text } from './rows.ts';
import type { Row } from './rows.ts';
import type { Workspace } from './workspace.ts';

/** At least this uncertain counts as unsure in the words of the list. */
const unsureFrom = 0.15;

/**
 * Untouched or merely proposed frames of a label: by falling uncertainty of their newest proposal, then those without a proposal in study
 * order. Throws AppError('not-found').
 */
export function queue(workspace: Workspace, labelId: string, limit: number): QueueItem[] {
  findLabel(workspace, labelId);
  const rows = workspace.database.all(
    `WITH latest_revisions AS (
       SELECT frame_id, review_state, max(sequence) FROM revisions WHERE label_id = ?1 GROUP BY frame_id
     ), latest_proposals AS (
       SELECT frame_id, uncertainty, max(sequence) FROM proposals WHERE label_id = ?1 GROUP BY frame_id
     )
     , placed AS (
       SELECT frames.id, row_number() OVER (PARTITION BY frames.study_id ORDER BY ${studyOrder}) AS place
       FROM frames
       JOIN instances ON instances.id = frames.instance_id
       JOIN series ON series.id = instances.series_id
       JOIN studies ON studies.id = frames.study_id
     )
     SELECT frames.id, frames.study_id, placed.place, studies.title, latest_revisions.review_state, latest_proposals.uncertainty
     FROM frames
     JOIN placed ON placed.id = frames.id
     JOIN instances ON instances.id = frames.instance_id
     JOIN series ON series.id = instances.series_id
     JOIN studies ON studies.id = frames.study_id
     LEFT JOIN latest_revisions ON latest_revisions.frame_id = frames.id
     LEFT JOIN latest_proposals ON latest_proposals.frame_id = frames.id
     WHERE latest_revisions.review_state IS NULL OR latest_revisions.review_state = 'proposed'
     ORDER BY latest_proposals.uncertainty DESC NULLS LAST, ${studyOrder}
     LIMIT ?2`,
    [labelId, limit],
  );
  return rows.map((row) => ({
    frameId: text(row, 'id'),
    studyId: text(row, 'study_id'),
    studyTitle: text(row, 'title'),
    frameNumber: number(row, 'place'),
    reason: describeReason(row),
  }));
}

function describeReason(row: Row): string {
  const uncertainty = optionalNumber(row, 'uncertainty');
  if (uncertainty === null) {
    return optionalText(row, 'review_state') === null ? 'Not looked at yet' : 'Proposed, not reviewed yet';
  }
  const percent = `${Math.round(uncertainty * 100)} %`;
  return uncertainty >= unsureFrom
    ? `The model is unsure here (${percent})`
    : `Proposed, not reviewed (${percent} unsure)`;
}
