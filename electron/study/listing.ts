// Owns the lines of the study list and of the frame strip: counts and states drawn from the latest revisions and proposals.
import type { FrameSummary, StudySummary } from '../common/api.ts';
import { reviewStates } from '../common/study.ts';
import type { ReviewState } from '../common/study.ts';
import { findStudy, frameOrder, studyOrder, toFrame, toStudy } from './records.ts';
import { number, text, word } from './rows.ts';
import type { Workspace } from './workspace.ts';

/** Every study, in the order of import, with its progress. */
export function listStudies(workspace: Workspace): StudySummary[] {
  const reviewed = reviewedFramesByStudy(workspace);
  const rows = workspace.database.all(
    `SELECT studies.*, ordered.frame_count, ordered.first_frame_id FROM studies
     JOIN (
       SELECT frames.study_id,
         count(*) OVER (PARTITION BY frames.study_id) AS frame_count,
         first_value(frames.id) OVER by_order AS first_frame_id,
         row_number() OVER by_order AS place
       FROM frames
       JOIN instances ON instances.id = frames.instance_id
       JOIN series ON series.id = instances.series_id
       WINDOW by_order AS (PARTITION BY frames.study_id ORDER BY ${frameOrder})
     ) AS ordered ON ordered.study_id = studies.id AND ordered.place = 1
     ORDER BY studies.sequence`,
  );
  return rows.map((row) => {
    const { id, title, position, simulated } = toStudy(row);
    return {
      id,
      title,
      position,
      simulated,
      frameCount: number(row, 'frame_count'),
      reviewedFrames: reviewed.get(id) ?? 0,
      firstFrameId: text(row, 'first_frame_id'),
    };
  });
}

/** A study's frames in study order, with the review state and the uncertainty of each label. Throws AppError('not-found'). */
export function listFrames(workspace: Workspace, studyId: string): FrameSummary[] {
  findStudy(workspace, studyId);
  const uncertainty = new Map<string, Record<string, number>>();
  const states = new Map<string, Record<string, ReviewState>>();
  for (const row of latestProposals(workspace, studyId)) {
    setEntry(uncertainty, text(row, 'frame_id'), text(row, 'label_id'), number(row, 'uncertainty'));
    setEntry(states, text(row, 'frame_id'), text(row, 'label_id'), 'proposed');
  }
  for (const row of latestRevisions(workspace, studyId)) {
    setEntry(states, text(row, 'frame_id'), text(row, 'label_id'), word(row, 'review_state', reviewStates));
  }
  const rows = workspace.database.all(
    `SELECT frames.*, instances.pixel_aspect_ratio FROM frames
     JOIN instances ON instances.id = frames.instance_id
     JOIN series ON series.id = instances.series_id
     JOIN studies ON studies.id = frames.study_id
     WHERE frames.study_id = ? ORDER BY ${studyOrder}`,
    [studyId],
  );
  return rows.map((row) => {
    const { id, instanceId, frameNumber, width, height } = toFrame(row);
    return {
      id,
      instanceId,
      frameNumber,
      width,
      height,
      pixelAspectRatio: number(row, 'pixel_aspect_ratio'),
      states: states.get(id) ?? {},
      uncertainty: uncertainty.get(id) ?? {},
    };
  });
}

/** Frames with at least one label whose latest revision is accepted or absent, by study id. */
function reviewedFramesByStudy(workspace: Workspace): Map<string, number> {
  const rows = workspace.database.all(
    `SELECT frames.study_id, count(DISTINCT frames.id) AS reviewed FROM (
       SELECT frame_id, review_state, max(sequence) FROM revisions GROUP BY frame_id, label_id
     ) AS latest
     JOIN frames ON frames.id = latest.frame_id
     WHERE latest.review_state IN ('accepted', 'absent')
     GROUP BY frames.study_id`,
  );
  return new Map(rows.map((row) => [text(row, 'study_id'), number(row, 'reviewed')]));
}

// In SQLite, the plain columns beside a max() are those of the row that has it (sqlite.org/lang_select.html, bare columns).
function latestRevisions(workspace: Workspace, studyId: string) {
  return workspace.database.all(
    `SELECT frame_id, label_id, review_state, max(sequence) FROM revisions
     WHERE frame_id IN (SELECT id FROM frames WHERE study_id = ?) GROUP BY frame_id, label_id`,
    [studyId],
  );
}

function latestProposals(workspace: Workspace, studyId: string) {
  return workspace.database.all(
    `SELECT frame_id, label_id, uncertainty, max(sequence) FROM proposals
     WHERE frame_id IN (SELECT id FROM frames WHERE study_id = ?) GROUP BY frame_id, label_id`,
    [studyId],
  );
}

function setEntry<V>(entries: Map<string, Record<string, V>>, frameId: string, labelId: string, value: V): void {
  const entry = entries.get(frameId);
  if (entry) entry[labelId] = value;
  else entries.set(frameId, { [labelId]: value });
}
