// Owns measurements by hand: every change of one appends a revision, its removal too; none is ever changed or deleted (the schema's triggers
// refuse it).
import { AppError } from '../common/errors.ts';
import { checkMeasurement } from '../common/measurements.ts';
import { measurementKinds, regionsOfFrame } from '../common/study.ts';
import type { Measurement } from '../common/study.ts';
import { newRecordId, newUID } from './identifiers.ts';
import { findLabel } from './labels.ts';
import { findFrame, findFrameContext } from './records.ts';
import { json, number, optionalText, text, word } from './rows.ts';
import type { Row } from './rows.ts';
import type { Workspace } from './workspace.ts';

/**
 * A new measurement has no `parentId`, and a tracking UID where whoever made it has given it one; else `parentId` is the latest revision's id.
 */
export type MeasurementInput = Pick<Measurement, 'frameId' | 'labelId' | 'kind' | 'points' | 'parentId'> & {
  readonly trackingUID: string | null;
};

/** As newUID makes them, which whoever draws a measurement may do too. */
const ownUID = /^2\.25\.[1-9]\d{0,38}$/;

/**
 * Appends a revision; durable when it returns. The same on the same parent again, as after an answer that was lost, is that revision. Throws AppError('conflict') when `parentId` is not the latest one, AppError('bad-input') for
 * points that are no such shape, lie outside the frame or across regions with scales of their own.
 */
export function saveMeasurement(workspace: Workspace, input: MeasurementInput): Measurement {
  const { instance, frame } = findFrameContext(workspace, input.frameId);
  if (input.labelId !== null) findLabel(workspace, input.labelId);
  checkMeasurement(input, frame, regionsOfFrame(instance, frame.frameNumber));
  return workspace.database.transaction(() => {
    const latest = input.trackingUID === null ? null : knownMeasurement(workspace, input.trackingUID, input.parentId);
    if (latest && !latest.removed && latest.parentId === input.parentId && sameContent(latest, input)) return latest;
    refuseOtherParent(latest, input.parentId);
    if (latest && (latest.frameId !== input.frameId || latest.kind !== input.kind)) {
      throw new AppError('bad-input', 'A measurement keeps its frame and its kind; make a new one instead.');
    }
    return append(workspace, { ...input, trackingUID: input.trackingUID ?? newUID(), removed: false });
  });
}

/** A measurement from elsewhere, under the identifier that it has there. */
export type ImportedMeasurement = Pick<
  Measurement,
  'frameId' | 'labelId' | 'kind' | 'points' | 'trackingUID' | 'reader'
>;

/** Appends a measurement as it is, where none of its tracking UID was ever here; else null. Refuses what saveMeasurement refuses. */
export function importMeasurement(workspace: Workspace, input: ImportedMeasurement): Measurement | null {
  return workspace.database.transaction(() =>
    isNewMeasurement(workspace, input) ? append(workspace, { ...input, parentId: null, removed: false }) : null,
  );
}

/** Whether importMeasurement would append it, whatever its label. Refuses what that refuses. */
export function isNewMeasurement(workspace: Workspace, input: Omit<ImportedMeasurement, 'labelId'>): boolean {
  const { instance, frame } = findFrameContext(workspace, input.frameId);
  checkMeasurement(input, frame, regionsOfFrame(instance, frame.frameNumber));
  return !workspace.database.get('SELECT 1 FROM measurements WHERE tracking_uid = ?', [input.trackingUID]);
}

/**
 * Takes a measurement away; once more is the same removal. Throws AppError('not-found') and, when `parentId` is not its latest revision,
 * AppError('conflict').
 */
export function removeMeasurement(workspace: Workspace, trackingUID: string, parentId: string): Measurement {
  return workspace.database.transaction(() => {
    const latest = latestMeasurement(workspace, trackingUID);
    if (latest.removed && (latest.parentId === parentId || latest.id === parentId)) return latest;
    refuseOtherParent(latest, parentId);
    return append(workspace, { ...latest, reader: workspace.reader, parentId, removed: true });
  });
}

/** The measurements that stand, of one frame or of all, in the order in which they were first made. */
export function listMeasurements(workspace: Workspace, frameId: string | null): Measurement[] {
  if (frameId !== null) findFrame(workspace, frameId);
  return workspace.database
    .all(
      `WITH latest AS (
         SELECT max(sequence) AS sequence, min(sequence) AS first FROM measurements
         ${frameId === null ? '' : 'WHERE frame_id = ?'} GROUP BY tracking_uid
       )
       SELECT measurements.* FROM latest JOIN measurements ON measurements.sequence = latest.sequence
       WHERE measurements.removed = 0 ORDER BY latest.first`,
      frameId === null ? [] : [frameId],
    )
    .map(toMeasurement);
}

function latestMeasurement(workspace: Workspace, trackingUID: string): Measurement {
  const row = workspace.database.get(
    'SELECT * FROM measurements WHERE tracking_uid = ? ORDER BY sequence DESC LIMIT 1',
    [trackingUID],
  );
  if (!row) throw new AppError('not-found', `There is no measurement with the tracking UID "${trackingUID}".`);
  return toMeasurement(row);
}

/** The latest revision of a measurement; null where it is a new one under a tracking UID of its maker's. */
function knownMeasurement(workspace: Workspace, trackingUID: string, parentId: string | null): Measurement | null {
  const known = workspace.database.get('SELECT 1 FROM measurements WHERE tracking_uid = ?', [trackingUID]);
  if (known || parentId !== null) return latestMeasurement(workspace, trackingUID);
  if (ownUID.test(trackingUID)) return null;
  throw new AppError(
    'bad-input',
    `The tracking UID of a new measurement is a UUID under 2.25 (PS3.5 B.2); "${trackingUID}" is none.`,
  );
}

function sameContent(a: Measurement, b: Pick<Measurement, 'frameId' | 'labelId' | 'kind' | 'points'>): boolean {
  return (
    a.frameId === b.frameId &&
    a.labelId === b.labelId &&
    a.kind === b.kind &&
    a.points.length === b.points.length &&
    a.points.every(({ x, y }, index) => x === b.points[index].x && y === b.points[index].y)
  );
}

function refuseOtherParent(latest: Measurement | null, parentId: string | null): void {
  if ((latest?.id ?? null) === parentId) return;
  throw new AppError(
    'conflict',
    `This measurement was changed meanwhile: its latest revision is ${latest ? `"${latest.id}"` : 'none'}, not ${parentId === null ? 'none' : `"${parentId}"`}. Load it again; nothing was overwritten.`,
  );
}

/** `reader` is the workspace's where it is left out. */
function append(
  workspace: Workspace,
  input: Omit<Measurement, 'id' | 'reader' | 'createdAt'> & { readonly reader?: string },
): Measurement {
  const measurement: Measurement = {
    ...input,
    id: newRecordId(),
    reader: input.reader ?? workspace.reader,
    createdAt: workspace.timestamp(),
  };
  workspace.database.run(
    `INSERT INTO measurements (id, tracking_uid, parent_id, frame_id, label_id, kind, points, removed, reader, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      measurement.id,
      measurement.trackingUID,
      measurement.parentId,
      measurement.frameId,
      measurement.labelId,
      measurement.kind,
      JSON.stringify(measurement.points.map(({ x, y }) => ({ x, y }))),
      Number(measurement.removed),
      measurement.reader,
      measurement.createdAt,
    ],
  );
  return measurement;
}

function toMeasurement(row: Row): Measurement {
  return {
    id: text(row, 'id'),
    trackingUID: text(row, 'tracking_uid'),
    parentId: optionalText(row, 'parent_id'),
    frameId: text(row, 'frame_id'),
    labelId: optionalText(row, 'label_id'),
    kind: word(row, 'kind', measurementKinds),
    points: json<Measurement['points']>(row, 'points'),
    removed: number(row, 'removed') === 1,
    reader: text(row, 'reader'),
    createdAt: text(row, 'created_at'),
  };
}
