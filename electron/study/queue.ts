// Owns what to annotate next: for one label, frames that nobody decided on, those first that the model is least sure of.
import type { QueueItem } from '../common/api.ts';
import { encodedDice } from '../common/mask.ts';
import { findLabel } from './labels.ts';
import { frameOrder, studyOrder } from './records.ts';
import { blob, number, optionalNumber, optionalText, text } from './rows.ts';
import type { Row } from './rows.ts';
import type { Workspace } from './workspace.ts';

/** At least this uncertain counts as unsure in the words of the list. */
const unsureFrom = 0.15;

/** Two masks that differ by at least this much of their area, as 1 - Dice, are said to disagree. */
const disagreesFrom = 0.1;

/** Masks that were carried over are compared with the network's for so many frames at most. */
const comparedFrames = 1000;

/**
 * Untouched or merely proposed frames of a label. First those about which most is unclear: how much a mask that was carried over from other
 * frames disagrees with what the network says there, or else how uncertain the newest proposal is. Then those without a proposal, in study
 * order. Throws AppError('not-found').
 */
export function queue(workspace: Workspace, labelId: string, limit: number): QueueItem[] {
  findLabel(workspace, labelId);
  const disagreements = findDisagreements(workspace, labelId);
  const rows = [
    ...listOpenFrames(workspace, labelId, limit, false),
    ...listOpenFrames(workspace, labelId, limit, true),
  ];
  const unclear = (row: Row): number => disagreements.get(text(row, 'id')) ?? optionalNumber(row, 'uncertainty') ?? -1;
  // The order of equals stays, which is that of the study.
  const first = rows.toSorted((a, b) => unclear(b) - unclear(a)).slice(0, limit);
  const places = new Map<string, Map<string, number>>();
  return first.map((row) => ({
    frameId: text(row, 'id'),
    studyId: text(row, 'study_id'),
    studyTitle: text(row, 'title'),
    frameNumber:
      number(row, 'frame_count') > 1 ? number(row, 'frame_number') : placeAmongPictures(workspace, row, places),
    reason: describeReason(row, disagreements.get(text(row, 'id')) ?? null),
  }));
}

/** Of frames with a mask that was carried over and a proposal: 1 - Dice between the two, by frame id. */
function findDisagreements(workspace: Workspace, labelId: string): Map<string, number> {
  const rows = workspace.database.all(
    `WITH latest_revisions AS (
       SELECT frame_id, review_state, segment_algorithm_type, mask, max(sequence) FROM revisions WHERE label_id = ?1 GROUP BY frame_id
     ), latest_proposals AS (
       SELECT frame_id, mask, max(sequence) FROM proposals WHERE label_id = ?1 AND followed = 0 GROUP BY frame_id
     )
     SELECT latest_revisions.frame_id, latest_revisions.mask AS carried, latest_proposals.mask AS proposed FROM latest_revisions
     JOIN latest_proposals ON latest_proposals.frame_id = latest_revisions.frame_id
     WHERE review_state = 'proposed' AND segment_algorithm_type <> 'AUTOMATIC' LIMIT ?2`,
    [labelId, comparedFrames],
  );
  return new Map(
    rows.map((row) => [text(row, 'frame_id'), 1 - encodedDice(blob(row, 'carried'), blob(row, 'proposed'))]),
  );
}

/** The frames that nobody decided on, those first whose proposal is least sure; with or without a mask that was carried over. */
function listOpenFrames(workspace: Workspace, labelId: string, limit: number, carriedOver: boolean): Row[] {
  const carried =
    "(latest_revisions.review_state IS 'proposed' AND latest_revisions.segment_algorithm_type <> 'AUTOMATIC')";
  return workspace.database.all(
    `WITH latest_revisions AS (
       SELECT frame_id, review_state, segment_algorithm_type, max(sequence) FROM revisions WHERE label_id = ?1 GROUP BY frame_id
     ), latest_proposals AS (
       SELECT frame_id, uncertainty, max(sequence) FROM proposals WHERE label_id = ?1 AND followed = 0 GROUP BY frame_id
     )
     SELECT frames.id, frames.study_id, frames.frame_number, frames.instance_id, instances.frame_count, studies.title,
       latest_revisions.review_state, latest_proposals.uncertainty
     FROM frames
     JOIN instances ON instances.id = frames.instance_id
     JOIN series ON series.id = instances.series_id
     JOIN studies ON studies.id = frames.study_id
     LEFT JOIN latest_revisions ON latest_revisions.frame_id = frames.id
     LEFT JOIN latest_proposals ON latest_proposals.frame_id = frames.id
     WHERE (latest_revisions.review_state IS NULL OR latest_revisions.review_state = 'proposed') AND ${carriedOver ? '' : 'NOT '}${carried}
     ORDER BY latest_proposals.uncertainty DESC NULLS LAST, ${studyOrder}
     LIMIT ?2`,
    [labelId, carriedOver ? comparedFrames : limit],
  );
}

/** The place of a single picture among those of its study, from 1; `places` keeps what was counted. */
function placeAmongPictures(workspace: Workspace, row: Row, places: Map<string, Map<string, number>>): number {
  const studyId = text(row, 'study_id');
  let ofStudy = places.get(studyId);
  if (!ofStudy) {
    const pictures = workspace.database.all(
      `SELECT instances.id FROM instances
       JOIN series ON series.id = instances.series_id
       JOIN frames ON frames.instance_id = instances.id
       WHERE series.study_id = ? AND instances.frame_count = 1 ORDER BY ${frameOrder}`,
      [studyId],
    );
    ofStudy = new Map(pictures.map((picture, index) => [text(picture, 'id'), index + 1]));
    places.set(studyId, ofStudy);
  }
  return ofStudy.get(text(row, 'instance_id')) ?? 1;
}

function describeReason(row: Row, disagreement: number | null): string {
  if (disagreement !== null && disagreement >= disagreesFrom) {
    return `Carried over and proposed disagree (${Math.round(disagreement * 100)} %)`;
  }
  const uncertainty = optionalNumber(row, 'uncertainty');
  if (uncertainty === null) {
    return optionalText(row, 'review_state') === null ? 'Not looked at yet' : 'Proposed, not reviewed yet';
  }
  const percent = `${Math.round(uncertainty * 100)} %`;
  return uncertainty >= unsureFrom
    ? `The model is unsure here (${percent})`
    : `Proposed, not reviewed (${percent} unsure)`;
}
