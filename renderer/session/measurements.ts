// Owns the measurements of the selected frame: what is measured there, which is chosen, and every change of them, each of which is saved at
// once and can be taken back.
import type { MeasurementView } from '../../electron/common/api.ts';
import { type MeasurementShape, refuseMeasurement } from '../../electron/common/measurements.ts';
import { t } from '../strings/index.ts';
import { regionsOf } from './frame-scale.ts';
import { refusalWords } from './measurement-words.ts';
import { openFrame } from './navigation.ts';
import type { Session } from './session.ts';
import type { SessionState } from './state.ts';

/** One change: from nothing, into nothing, or from one shape to another. */
interface Change {
  readonly frameId: string;
  readonly labelId: string | null;
  /** Null until the first save gave it. */
  trackingUID: string | null;
  readonly before: MeasurementShape | null;
  readonly after: MeasurementShape | null;
  /** How many gestures on masks came before it, so that both are taken back in the order in which they were done. */
  readonly depth: number;
}

interface Changes {
  readonly undoable: Change[];
  redoable: Change[];
  /** The latest revision of every measurement that was met, removed ones included. */
  readonly latest: Map<string, string>;
  /** Saves run one after another: each names the one before as its parent. */
  saving: Promise<unknown>;
}

const ofSessions = new WeakMap<Session, Changes>();

function changesOf(session: Session): Changes {
  const known = ofSessions.get(session);
  if (known) return known;
  const changes: Changes = { undoable: [], redoable: [], latest: new Map(), saving: Promise.resolve() };
  ofSessions.set(session, changes);
  return changes;
}

/** The measurements that stand in the selected frame. */
export function measurementsOf({ measurements, frameId }: Pick<SessionState, 'measurements' | 'frameId'>) {
  return measurements?.frameId === frameId ? measurements.list : none;
}

const none: readonly MeasurementView[] = [];

/** Loads them whenever another frame is selected, and again when they were changed. */
export function followMeasurements(session: Session): void {
  session.store.subscribe((state, before) => {
    if (state.frameId === before.frameId) return;
    session.store.setState({ selectedMeasurement: null, measurementDraft: null });
    void loadMeasurements(session);
  });
  session.api.on('measurement:changed', ({ frameId }) => {
    if (frameId === session.store.getState().frameId) void loadMeasurements(session);
  });
}

/** What cannot be loaded is not shown; the frame's own loading says what is wrong. */
async function loadMeasurements(session: Session): Promise<void> {
  const { api, store } = session;
  const { frameId } = store.getState();
  if (frameId === null) {
    store.setState({ measurements: null });
    return;
  }
  const list = await api.send('measurement:list', { frameId }).catch(() => null);
  if (!list || store.getState().frameId !== frameId) return;
  const { latest } = changesOf(session);
  for (const one of list) latest.set(one.trackingUID, one.id);
  // What was drawn until it was saved is in the list now, unless the hand is at the next one already.
  const drawn = session.tools.isIdle ? { measurementDraft: null } : {};
  store.setState({ measurements: { frameId, list }, ...drawn });
}

/** Keeps a new shape, or another one of a measurement. One that reaches across regions is not kept, and the reader is told why. */
export function saveShape(session: Session, shape: MeasurementShape, trackingUID: string | null): void {
  const { store, editor } = session;
  const state = store.getState();
  const { frameId } = state;
  if (frameId === null) return;
  const refusal = refuseMeasurement(shape, regionsOf(state));
  if (refusal) {
    store.setState({ notice: { tone: 'plain', text: t('notices.cannotMeasure', { reason: refusalWords(refusal) }) } });
    return;
  }
  store.setState({ notice: null });
  const before = measurementsOf(state).find((one) => one.trackingUID === trackingUID);
  commit(session, {
    frameId,
    labelId: before ? before.labelId : state.labelId,
    trackingUID,
    before: before ? { kind: before.kind, points: before.points } : null,
    after: shape,
    depth: editor.history.depth,
  });
}

export function removeMeasurement(session: Session, trackingUID: string): void {
  const state = session.store.getState();
  const before = measurementsOf(state).find((one) => one.trackingUID === trackingUID);
  if (!before) return;
  const { frameId, labelId, kind, points } = before;
  const depth = session.editor.history.depth;
  commit(session, { frameId, labelId, trackingUID, before: { kind, points }, after: null, depth });
}

/** Whether the latest thing done, masks included, was a measurement. */
export function canUndoMeasurement(session: Session): boolean {
  const latest = changesOf(session).undoable.at(-1);
  return latest !== undefined && latest.depth >= session.editor.history.depth;
}

export function canRedoMeasurement(session: Session): boolean {
  const next = changesOf(session).redoable.at(-1);
  return next !== undefined && next.depth === session.editor.history.depth;
}

export async function undoMeasurement(session: Session): Promise<void> {
  const changes = changesOf(session);
  const change = changes.undoable.pop();
  if (!change) return;
  changes.redoable.push(change);
  await Promise.all([write(session, change, change.before), showFrameOf(session, change)]);
}

export async function redoMeasurement(session: Session): Promise<void> {
  const changes = changesOf(session);
  const change = changes.redoable.pop();
  if (!change) return;
  changes.undoable.push(change);
  await Promise.all([write(session, change, change.after), showFrameOf(session, change)]);
}

function commit(session: Session, change: Change): void {
  const changes = changesOf(session);
  changes.undoable.push(change);
  changes.redoable = [];
  write(session, change, change.after).catch((error: unknown) => {
    const words = error instanceof Error ? error.message : String(error);
    changes.undoable.splice(changes.undoable.indexOf(change), 1);
    session.store.setState({ notice: { tone: 'trouble', text: t('notices.measurementNotSaved', { reason: words }) } });
    void loadMeasurements(session);
  });
}

/** Makes a shape, or nothing, the latest revision of a change's measurement; shown at once, and as saved when it is. */
function write(session: Session, change: Change, shape: MeasurementShape | null): Promise<void> {
  const changes = changesOf(session);
  showAtOnce(session, change, shape);
  const saved = changes.saving.then(() => append(session, change, shape));
  changes.saving = saved.catch(() => {});
  return saved;
}

/** Appends the revision, on top of the latest one that is known. */
async function append(session: Session, change: Change, shape: MeasurementShape | null): Promise<void> {
  const { api, store } = session;
  const { latest } = changesOf(session);
  const { frameId, labelId, trackingUID } = change;
  const parentId = trackingUID === null ? null : (latest.get(trackingUID) ?? null);
  if (shape) {
    const { kind, points } = shape;
    const view = await api.send('measurement:save', { trackingUID, parentId, frameId, labelId, kind, points });
    change.trackingUID = view.trackingUID;
    latest.set(view.trackingUID, view.id);
  } else if (trackingUID !== null && parentId !== null) {
    const { id } = await api.send('measurement:remove', { trackingUID, parentId });
    latest.set(trackingUID, id);
  }
  if (frameId === store.getState().frameId) await loadMeasurements(session);
}

/** The list as it will be, so that nothing waits for the disk. A measurement that has no tracking UID yet is drawn from the save on. */
function showAtOnce({ store }: Session, change: Change, shape: MeasurementShape | null): void {
  store.setState((state) => {
    const { measurements } = state;
    if (measurements?.frameId !== change.frameId) return {};
    const list = measurements.list
      .map((one) => (one.trackingUID === change.trackingUID && shape ? { ...one, points: [...shape.points] } : one))
      .filter((one) => shape !== null || one.trackingUID !== change.trackingUID);
    const draft = shape && change.trackingUID === null ? { shape, replaces: null } : null;
    const selected =
      shape === null && state.selectedMeasurement === change.trackingUID ? null : state.selectedMeasurement;
    return { measurements: { ...measurements, list }, measurementDraft: draft, selectedMeasurement: selected };
  });
}

/** An undo shows what it changed. */
async function showFrameOf(session: Session, { frameId }: Change): Promise<void> {
  const studyId = session.studyOfFrame.get(frameId);
  if (session.store.getState().frameId !== frameId && studyId !== undefined) await openFrame(session, studyId, frameId);
}
