// Owns the frames of the strip: which are looked at together, with the states of each label drawn from the latest revisions and proposals.
import type { FrameSummary, Strip, StripMask } from '../common/api.ts';
import { reviewStates, segmentAlgorithmTypes } from '../common/study.ts';
import type { ReviewState } from '../common/study.ts';
import { findLabel } from './labels.ts';
import { summarizeInstances } from './listing.ts';
import { findFrame, findInstance, findStudy, studyOrder, toFrame } from './records.ts';
import { blob, number, text, word } from './rows.ts';
import type { Row } from './rows.ts';
import type { Workspace } from './workspace.ts';

/** A study's frames in study order, with the review state and the uncertainty of each label. Throws AppError('not-found'). */
export function listFrames(workspace: Workspace, studyId: string): FrameSummary[] {
  findStudy(workspace, studyId);
  return summarizeFrames(workspace, 'SELECT id FROM frames WHERE study_id = ?', studyId);
}

/** The frames of a frame's cine, or the single pictures of its study. Throws AppError('not-found'). */
export function loadStrip(workspace: Workspace, frameId: string): Strip {
  const { studyId, instanceId, isCine, selection, parameter } = stripOf(workspace, frameId);
  const frames = summarizeFrames(workspace, selection, parameter);
  if (!isCine) return { studyId, cine: null, frames, frameDurationsMs: null };
  const cine = summarizeInstances(workspace, studyId).find(({ id }) => id === instanceId) ?? null;
  const { frameDurationsMs } = findInstance(workspace, instanceId);
  return { studyId, cine, frames, frameDurationsMs: frameDurationsMs && [...frameDurationsMs] };
}

/**
 * What is to be seen of a label in each frame of a strip: the reader's latest word, else the newest proposal. Frames without either are
 * left out. Throws AppError('not-found').
 */
export function listStripMasks(workspace: Workspace, frameId: string, labelId: string): StripMask[] {
  findLabel(workspace, labelId);
  const { selection, parameter } = stripOf(workspace, frameId);
  const latestOf = (table: LatestTable, columns: string): Row[] =>
    workspace.database.all(
      `SELECT frame_id, mask, ${columns}, max(sequence) FROM ${rowsOf[table]}
       AND label_id = ? AND frame_id IN (${selection}) GROUP BY frame_id`,
      [labelId, parameter],
    );
  const proposals = latestOf('proposals', "'proposed' AS review_state, 'AUTOMATIC' AS segment_algorithm_type");
  const revisions = latestOf('revisions', 'review_state, segment_algorithm_type');
  const masks = new Map<string, StripMask>();
  for (const row of [...proposals, ...revisions]) {
    const reviewState = word(row, 'review_state', reviewStates);
    const segmentAlgorithmType = word(row, 'segment_algorithm_type', segmentAlgorithmTypes);
    // These say no more than that the network's own mask is to be seen.
    const isNetworks =
      reviewState === 'rejected' || (reviewState === 'proposed' && segmentAlgorithmType === 'AUTOMATIC');
    const id = text(row, 'frame_id');
    if (masks.has(id) && isNetworks) continue;
    if (reviewState !== 'rejected')
      masks.set(id, { frameId: id, reviewState, segmentAlgorithmType, mask: blob(row, 'mask') });
  }
  return [...masks.values()];
}

interface StripSelection {
  readonly studyId: string;
  readonly instanceId: string;
  readonly isCine: boolean;
  /** A query of frame ids with one parameter, and that. */
  readonly selection: string;
  readonly parameter: string;
}

function stripOf(workspace: Workspace, frameId: string): StripSelection {
  const { studyId, instanceId } = findFrame(workspace, frameId);
  if (findInstance(workspace, instanceId).frameCount > 1) {
    const selection = 'SELECT id FROM frames WHERE instance_id = ?';
    return { studyId, instanceId, isCine: true, selection, parameter: instanceId };
  }
  const selection = `SELECT frames.id FROM frames JOIN instances ON instances.id = frames.instance_id
    WHERE frames.study_id = ? AND instances.frame_count = 1`;
  return { studyId, instanceId, isCine: false, selection, parameter: studyId };
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

type LatestTable = 'proposals' | 'revisions';

/** A proposal that followed a mask from another frame is what its revision came from, and none of this frame's own. */
const rowsOf: Record<LatestTable, string> = {
  proposals: 'proposals WHERE followed = 0',
  revisions: 'revisions WHERE TRUE',
};

// In SQLite, the plain columns beside a max() are those of the row that has it (sqlite.org/lang_select.html, bare columns).
function latest(
  workspace: Workspace,
  table: LatestTable,
  column: 'uncertainty' | 'review_state',
  selection: string,
  parameter: string,
): Row[] {
  return workspace.database.all(
    `SELECT frame_id, label_id, ${column}, max(sequence) FROM ${rowsOf[table]}
     AND frame_id IN (${selection}) GROUP BY frame_id, label_id`,
    [parameter],
  );
}

function setEntry<V>(entries: Map<string, Record<string, V>>, row: Row, value: V): void {
  const [frameId, labelId] = [text(row, 'frame_id'), text(row, 'label_id')];
  const entry = entries.get(frameId);
  if (entry) entry[labelId] = value;
  else entries.set(frameId, { [labelId]: value });
}
