// Owns the frames of the strip: which are looked at together, with the states of each label drawn from the latest revisions and proposals.
import type { Strip, FrameSummary } from '../common/api.ts';
import { reviewStates } from '../common/study.ts';
import type { ReviewState } from '../common/study.ts';
import { summarizeInstances } from './listing.ts';
import { findFrame, findInstance, findStudy, studyOrder, toFrame } from './records.ts';
import { number, text, word } from './rows.ts';
import type { Row } from './rows.ts';
import type { Workspace } from './workspace.ts';

/** A study's frames in study order, with the review state and the uncertainty of each label. Throws AppError('not-found'). */
export function listFrames(workspace: Workspace, studyId: string): FrameSummary[] {
  findStudy(workspace, studyId);
  return summarizeFrames(workspace, 'SELECT id FROM frames WHERE study_id = ?', studyId);
}

/** The frames of a frame's cine, or the single pictures of its study. Throws AppError('not-found'). */
export function loadStrip(workspace: Workspace, frameId: string): Strip {
  const { studyId, instanceId } = findFrame(workspace, frameId);
  const { frameCount, frameDurationsMs } = findInstance(workspace, instanceId);
  if (frameCount > 1) {
    const cine = summarizeInstances(workspace, studyId).find(({ id }) => id === instanceId) ?? null;
    const frames = summarizeFrames(workspace, 'SELECT id FROM frames WHERE instance_id = ?', instanceId);
    return { studyId, cine, frames, frameDurationsMs: frameDurationsMs && [...frameDurationsMs] };
  }
  const pictures = `SELECT frames.id FROM frames JOIN instances ON instances.id = frames.instance_id
    WHERE frames.study_id = ? AND instances.frame_count = 1`;
  return { studyId, cine: null, frames: summarizeFrames(workspace, pictures, studyId), frameDurationsMs: null };
}

/** `selection` is a query of frame ids with one parameter. */
function summarizeFrames(workspace: Workspace, selection: string, parameter: string): FrameSummary[] {
  const uncertainty = new Map<string, Record<string, number>>();
  const states = new Map<string, Record<string, ReviewState>>();
  for (const row of latest(workspace, 'proposals', 'uncertainty', selection, parameter)) {
    setEntry(uncertainty, row, number(row, 'uncertainty'));
    setEntry(states, row, 'proposed' as const);
  }
  for (const row of latest(workspace, 'revisions', 'review_state', selection, parameter)) {
    setEntry(states, row, word(row, 'review_state', reviewStates));
  }
  const rows = workspace.database.all(
    `SELECT frames.*, instances.pixel_aspect_ratio FROM frames
     JOIN instances ON instances.id = frames.instance_id
     JOIN series ON series.id = instances.series_id
     JOIN studies ON studies.id = frames.study_id
     WHERE frames.id IN (${selection}) ORDER BY ${studyOrder}`,
    [parameter],
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

// In SQLite, the plain columns beside a max() are those of the row that has it (sqlite.org/lang_select.html, bare columns).
function latest(
  workspace: Workspace,
  table: 'proposals' | 'revisions',
  column: 'uncertainty' | 'review_state',
  selection: string,
  parameter: string,
): Row[] {
  return workspace.database.all(
    `SELECT frame_id, label_id, ${column}, max(sequence) FROM ${table}
     WHERE frame_id IN (${selection}) GROUP BY frame_id, label_id`,
    [parameter],
  );
}

function setEntry<V>(entries: Map<string, Record<string, V>>, row: Row, value: V): void {
  const [frameId, labelId] = [text(row, 'frame_id'), text(row, 'label_id')];
  const entry = entries.get(frameId);
  if (entry) entry[labelId] = value;
  else entries.set(frameId, { [labelId]: value });
}
