// Owns what others write while this page is open (another window, an import, a command): what is held here gives way to theirs, in the
// document, in the strip and in the frames that pass by.
import type { EventValue, FrameSummary } from '../../electron/common/api.ts';
import { documentKey } from '../editor/save-queue.ts';
import { debounce } from './debounce.ts';
import { reopenFrame } from './navigation.ts';
import type { Session } from './session.ts';
import { loadStripMasks } from './strip-masks.ts';

type Saved = EventValue<'annotation:saved'>;
type Place = Pick<Saved, 'frameId' | 'labelId'>;

export function followForeignSaves(session: Session): void {
  const { api, store } = session;
  const changed = new Map<string, Place>();
  const refreshSoon = debounce(() => {
    const places = [...changed.values()];
    changed.clear();
    // A refresh that fails leaves what is shown; the connection's state says why.
    refreshStrip(session, places).catch(() => {});
    if (store.getState().shownFrameId !== null) void loadStripMasks(session);
  }, 200);
  api.on('annotation:saved', (saved) => {
    if (!isForeign(session, saved)) return;
    giveWay(session, saved);
    if (!store.getState().frames.some(({ id }) => id === saved.frameId)) return;
    changed.set(documentKey(saved.frameId, saved.labelId), saved);
    refreshSoon();
  });
}

/** Neither written here nor about to meet what waits to be saved here: that becomes a conflict, which the reader decides. */
function isForeign({ editor: { saves } }: Session, { frameId, labelId, revisionId }: Saved): boolean {
  return !saves.isKnown(revisionId) && !saves.hasPending(documentKey(frameId, labelId));
}

/** The open document is loaded again. One that was put away is forgotten with its history, which no longer fits. */
function giveWay(session: Session, { frameId, labelId }: Place): void {
  const { editor, store, tools } = session;
  const key = documentKey(frameId, labelId);
  if (editor.document?.key === key) {
    // What is in the reader's hand is not taken away: when it is done, its save meets theirs, and the reader decides.
    if (editor.isInGesture || !tools.isIdle) return;
    // What is wrong is said where the frame would be.
    reopenFrame(session).catch(() => {});
  } else if (editor.holds(key)) {
    editor.discard(frameId, labelId);
    store.setState(({ documentVersion }) => ({ documentVersion: documentVersion + 1 }));
  }
}

/** The states of these places as the app has them now. All others stay: what was done here may not have reached the app yet. */
async function refreshStrip({ api, store, editor }: Session, places: readonly Place[]): Promise<void> {
  const { frameId } = store.getState();
  if (frameId === null || places.length === 0) return;
  const fresh = new Map((await api.send('strip:load', { frameId })).frames.map((frame) => [frame.id, frame]));
  const isAhead = (place: Place): boolean => {
    const key = documentKey(place.frameId, place.labelId);
    return editor.document?.key === key || editor.saves.hasPending(key);
  };
  const byFrame = Map.groupBy(
    places.filter((place) => !isAhead(place)),
    (place) => place.frameId,
  );
  const withFresh = (frame: FrameSummary): FrameSummary => {
    const states = fresh.get(frame.id)?.states;
    const labelIds = (byFrame.get(frame.id) ?? []).map(({ labelId }) => labelId);
    if (!states || labelIds.length === 0) return frame;
    const others = Object.entries(frame.states).filter(([labelId]) => !labelIds.includes(labelId));
    const theirs = Object.entries(states).filter(([labelId]) => labelIds.includes(labelId));
    return { ...frame, states: Object.fromEntries([...others, ...theirs]) };
  };
  store.setState(({ frames }) => ({ frames: frames.map(withFresh) }));
}
