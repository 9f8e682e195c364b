// Owns the measurements of the selected frame: what is measured there, which is chosen, and every change of them, each of which is saved at
// once and can be taken back.
import type { MeasurementView } from '../../electron/common/api.ts';
import { type MeasurementShape, refuseMeasurement } from '../../electron/common/measurements.ts';
import { t } from '../strings/index.ts';
import { regionsOf } from './frame-scale.ts';
import { type MeasurementContent, newTrackingUID, withDrafts } from './measurement-saves.ts';
import { refusalWords } from './measurement-words.ts';
import { openFrame } from './navigation.ts';
import type { Session } from './session.ts';
import type { SessionState } from './state.ts';

/** One change: from nothing, into nothing, or from one shape or label to another. */
interface Change {
  readonly frameId: string;
  readonly trackingUID: string;
  readonly before: MeasurementContent | null;
  readonly after: MeasurementContent | null;
  /** When it was done among the gestures on masks, so that all are taken back in the order in which they were done. */
  readonly at: number;
}

/** What was taken back, and when: as soon as anything else was done after that, it can no longer be redone. */
interface UndoneChange extends Change {
  readonly undoneAt: number;
}

interface Changes {
  undoable: Change[];
  redoable: UndoneChange[];
  /** What is on the disk of the frame that was loaded last. */
  stored: { readonly frameId: string; readonly list: readonly MeasurementView[] } | null;
  /** Counts what has arrived, so that a list that was asked for before is not taken for the newest. */
  arrived: number;
}

const ofSessions = new WeakMap<Session, Changes>();

function changesOf(session: Session): Changes {
  const known = ofSessions.get(session);
  if (known) return known;
  const changes: Changes = { undoable: [], redoable: [], stored: null, arrived: 0 };
  ofSessions.set(session, changes);
  return changes;
}

/** The measurements that stand in the selected frame, those among them that are not on the disk yet. */
export function measurementsOf({ measurements, frameId }: Pick<SessionState, 'measurements' | 'frameId'>) {
  return measurements?.frameId === frameId ? measurements.list : none;
}

const none: readonly MeasurementView[] = [];

/** Loads them whenever another frame is selected, and again when they were changed; shows what waits to be saved. */
export function followMeasurements(session: Session): void {
  const { store, api, measurementSaves } = session;
  store.subscribe((state, before) => {
    if (state.frameId === before.frameId) return;
    store.setState({ selectedMeasurement: null, measurementDraft: null });
    void loadMeasurements(session);
  });
  api.on('measurement:changed', ({ frameId }) => {
    if (frameId === store.getState().frameId) void loadMeasurements(session);
  });
  measurementSaves.listen({
    changed: () => show(session),
    saved: ({ trackingUID, frameId }, view) => {
      const changes = changesOf(session);
      changes.arrived += 1;
      if (changes.stored?.frameId !== frameId) return;
      const { list } = changes.stored;
      const isKnown = list.some((one) => one.trackingUID === trackingUID);
      const others = list.filter((one) => view !== null || one.trackingUID !== trackingUID);
      const replaced = view ? others.map((one) => (one.trackingUID === trackingUID ? view : one)) : others;
      changes.stored = { frameId, list: view && !isKnown ? [...replaced, view] : replaced };
    },
    refused: ({ trackingUID }, error) => {
      const changes = changesOf(session);
      const isOther = (change: Change): boolean => change.trackingUID !== trackingUID;
      changes.undoable = changes.undoable.filter(isOther);
      changes.redoable = changes.redoable.filter(isOther);
      store.setState({
        notice: { tone: 'trouble', text: t('notices.measurementNotSaved', { reason: error.message }) },
      });
      void loadMeasurements(session);
    },
  });
}

/** What cannot be loaded is not shown, but for what waits here; the frame's own loading says what is wrong. */
async function loadMeasurements(session: Session): Promise<void> {
  const { api, store, measurementSaves } = session;
  const { frameId } = store.getState();
  const changes = changesOf(session);
  if (frameId === null) {
    store.setState({ measurements: null });
    return;
  }
  const { arrived } = changes;
  const list = await api.send('measurement:list', { frameId }).catch(() => null);
  if (store.getState().frameId !== frameId) return;
  if (list && arrived !== changes.arrived) {
    await loadMeasurements(session);
    return;
  }
  if (list) {
    measurementSaves.know(list);
    changes.stored = { frameId, list };
  }
  show(session);
}

/** What is on the disk, as it will be with what waits. */
function show(session: Session): void {
  const { store, measurementSaves } = session;
  const { frameId, status } = store.getState();
  if (frameId === null) return;
  const { stored } = changesOf(session);
  const drafts = measurementSaves.draftsOf(frameId);
  const list = withDrafts(stored?.frameId === frameId ? stored.list : [], drafts, status?.reader ?? '');
  store.setState({ measurements: { frameId, list, unsaved: drafts.map(({ trackingUID }) => trackingUID) } });
}

/** Keeps a new shape, or another one of a measurement. One that reaches across regions is not kept, and the reader is told why. */
export function saveShape(session: Session, shape: MeasurementShape, trackingUID: string | null): void {
  const { store } = session;
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
  const { kind, points } = shape;
  const after = { kind, points, labelId: before ? before.labelId : state.labelId };
  if (before) changeTo(session, before, after);
  else commit(session, { frameId, trackingUID: newTrackingUID(), before: null, after });
}

export function removeMeasurement(session: Session, trackingUID: string): void {
  const before = measurementsOf(session.store.getState()).find((one) => one.trackingUID === trackingUID);
  if (before) changeTo(session, before, null);
}

/** Gives a measurement to another label; null leaves it without one. */
export function moveMeasurement(session: Session, trackingUID: string, labelId: string | null): void {
  const before = measurementsOf(session.store.getState()).find((one) => one.trackingUID === trackingUID);
  if (!before || before.labelId === labelId) return;
  changeTo(session, before, { kind: before.kind, points: before.points, labelId });
}

/** Whether the latest thing done, masks included, was a measurement. */
export function canUndoMeasurement(session: Session): boolean {
  const latest = changesOf(session).undoable.at(-1);
  return latest !== undefined && latest.at > (session.editor.history.latest?.at ?? 0);
}

export function canRedoMeasurement(session: Session): boolean {
  const { moment, nextRedo } = session.editor.history;
  const next = changesOf(session).redoable.at(-1);
  return next !== undefined && next.undoneAt === moment && next.at < (nextRedo?.at ?? Infinity);
}

export async function undoMeasurement(session: Session): Promise<void> {
  const changes = changesOf(session);
  const change = changes.undoable.pop();
  if (!change) return;
  changes.redoable.push({ ...change, undoneAt: session.editor.history.moment });
  write(session, change, change.before);
  await showFrameOf(session, change);
}

export async function redoMeasurement(session: Session): Promise<void> {
  const changes = changesOf(session);
  const change = changes.redoable.pop();
  if (!change) return;
  changes.undoable.push(change);
  write(session, change, change.after);
  await showFrameOf(session, change);
}

function changeTo(session: Session, before: MeasurementView, after: MeasurementContent | null): void {
  const { frameId, trackingUID, kind, points, labelId } = before;
  commit(session, { frameId, trackingUID, before: { kind, points, labelId }, after });
}

function commit(session: Session, change: Omit<Change, 'at'>): void {
  const changes = changesOf(session);
  const made = { ...change, at: session.editor.history.advance() };
  changes.undoable.push(made);
  changes.redoable = [];
  write(session, made, made.after);
}

/** Makes a content, or nothing, the latest revision of a change's measurement; shown at once, and on the disk when it is. */
function write(session: Session, { trackingUID, frameId }: Change, content: MeasurementContent | null): void {
  const { store, measurementSaves } = session;
  const gone = content === null && store.getState().selectedMeasurement === trackingUID;
  // What was drawn until now is in the list from here on.
  store.setState({ measurementDraft: null, ...(gone ? { selectedMeasurement: null } : {}) });
  measurementSaves.add({ trackingUID, frameId, content });
}

/** An undo shows what it changed. */
async function showFrameOf(session: Session, { frameId }: Change): Promise<void> {
  const studyId = session.studyOfFrame.get(frameId);
  if (session.store.getState().frameId !== frameId && studyId !== undefined) await openFrame(session, studyId, frameId);
}
