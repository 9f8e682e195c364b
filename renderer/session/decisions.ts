// Owns what the reader decides about the open document, and taking it back, which may lead to another frame.
import type { History, HistoryEntry } from '../editor/history.ts';
import { revealMask } from './label-looks.ts';
import { canRedoMeasurement, canUndoMeasurement, redoMeasurement, undoMeasurement } from './measurements.ts';
import { openFrame, openNext } from './navigation.ts';
import { requestMissingProposal, requestProposal } from './proposals.ts';
import type { Session } from './session.ts';
import type { HintName } from './state.ts';
import { t } from '../strings/index.ts';

/** The mask is right: accepts it and goes to the next frame. One that is hidden is shown first; an empty one says "not here". */
export async function accept(session: Session): Promise<void> {
  const { editor, store } = session;
  if (!editor.document || editor.isInGesture || refuseWhileDrawing(session)) return;
  // Nobody has seen anything yet: an empty mask would be accepted that nobody means.
  if (editor.document.state.reviewState === null && store.getState().proposing.kind === 'busy') {
    store.setState({ notice: { tone: 'plain', text: t('notices.proposalOnItsWay') } });
    return;
  }
  if (editor.document.mask.data.includes(1)) {
    if (revealMask(session, editor.document.labelId)) {
      store.setState({ notice: { tone: 'plain', text: t('notices.wasHidden') } });
      return;
    }
  } else if (editor.document.state.reviewState === null) {
    store.setState({ notice: { tone: 'plain', text: t('notices.nothingOutlined') } });
    return;
  } else {
    // An outline of nothing is right where nothing is.
    await markAbsent(session);
    return;
  }
  if (!editor.accept()) return;
  finishHint(session, 'decide');
  await openNext(session);
}

/** The structure is not in this frame: says so and goes to the next. */
export async function markAbsent(session: Session): Promise<void> {
  if (!session.editor.document || session.editor.isInGesture || refuseWhileDrawing(session)) return;
  if (!session.editor.markAbsent()) return;
  finishHint(session, 'decide');
  await openNext(session);
}

/** Another frame comes: an outline that is half drawn would be lost with this one, and no undo has it. Says so then. */
export function refuseWhileDrawing({ tools, store }: Session): boolean {
  if (tools.isIdle) return false;
  store.setState({ notice: { tone: 'plain', text: t('notices.finishDrawing') } });
  return true;
}

/** The model's own mask again, as the present model has it; asks for one where there is none. */
export function backToProposal(session: Session): void {
  if (!session.editor.document?.proposal) {
    requestProposal(session);
    return;
  }
  session.editor.backToProposal();
  requestMissingProposal(session);
}

export async function undo(session: Session): Promise<void> {
  if (session.editor.isInGesture) return;
  if (canUndoMeasurement(session)) {
    await undoMeasurement(session);
    return;
  }
  await inTurn(
    session,
    (history) => history.latestGesture,
    () => {
      if (session.editor.undo()) finishHint(session, 'undo');
    },
  );
  await follow(session);
}

export async function redo(session: Session): Promise<void> {
  if (session.editor.isInGesture) return;
  if (canRedoMeasurement(session)) {
    await redoMeasurement(session);
    return;
  }
  await inTurn(
    session,
    (history) => history.nextRedoGesture,
    () => session.editor.redo(),
  );
  await follow(session);
}

type NextEntries = (history: History) => readonly HistoryEntry[];

/** Undos and redos that wait for a frame to load, by session. */
const waiting = new WeakMap<Session, Promise<void>>();

/** Does it at once, unless its document or that of one before it has to be loaded first. */
async function inTurn(session: Session, next: NextEntries, action: () => void): Promise<void> {
  const { editor } = session;
  const before = waiting.get(session);
  if (!before && next(editor.history).every(({ key }) => editor.holds(key))) {
    action();
    return;
  }
  const turn = (before ?? Promise.resolve()).then(() => hold(session, next)).then(action);
  // A failure reaches whoever asked; the next one goes on.
  const settled = turn.catch(() => {}).then(() => void (waiting.get(session) === settled && waiting.delete(session)));
  waiting.set(session, settled);
  await turn;
}

/** Opens the documents that are next to be undone or redone, where that was done in an earlier session. */
async function hold(session: Session, next: NextEntries): Promise<void> {
  const { editor } = session;
  const isMissing = ({ key }: HistoryEntry): boolean => !editor.holds(key);
  for (let entry = next(editor.history).find(isMissing); entry; entry = next(editor.history).find(isMissing)) {
    const { frameId, labelId } = entry;
    const studyId = session.studyOfFrame.get(frameId);
    if (studyId === undefined) return;
    await openFrame(session, studyId, frameId, labelId);
    // It cannot be opened, which is said where the frame would be.
    if (!editor.holds(entry.key)) return;
  }
}

/** Shows the document that an undo or redo opened, where it is not the selected one. */
async function follow(session: Session): Promise<void> {
  const { editor, store } = session;
  const document = editor.document;
  const { frameId, labelId, shownFrameId } = store.getState();
  const isShown = shownFrameId === null && document?.frameId === frameId && document?.labelId === labelId;
  if (isShown) {
    // Without the mask that was taken back, the frame may have nothing to show.
    requestMissingProposal(session);
    return;
  }
  if (!document) return;
  const studyId = session.studyOfFrame.get(document.frameId);
  if (studyId === undefined) return;
  await openFrame(session, studyId, document.frameId, document.labelId);
}

export const hintsKey = 'sonosync.hints';

/** A first-run hint goes away by doing what it says. */
export function finishHint(session: Session, hint: HintName): void {
  const { hintsDone } = session.store.getState();
  if (hintsDone.includes(hint)) return;
  const done = [...hintsDone, hint];
  session.store.setState({ hintsDone: done });
  session.memory.setItem(hintsKey, JSON.stringify(done));
}
