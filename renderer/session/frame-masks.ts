// Owns what is known of the other labels in the selected frame: their latest masks, loaded once a frame and followed as they change.
import type { RevisionView } from '../../electron/common/api.ts';
import type { ReviewState } from '../../electron/common/study.ts';
import type { Editor } from '../editor/editor.ts';
import { documentKey } from '../editor/save-queue.ts';
import { type LabelLook, lookOf, offeredLabels } from './label-looks.ts';
import type { Session } from './session.ts';
import type { SessionState } from './state.ts';

export interface FrameMasks {
  readonly frameId: string;
  readonly revisions: readonly RevisionView[];
}

/** A mask that is drawn beside the one being worked on. */
export interface OtherMask {
  readonly labelId: string;
  readonly name: string;
  /** Its place in the list, from 1: the key that selects it. */
  readonly number: number;
  readonly color: string;
  readonly look: LabelLook;
  readonly reviewState: ReviewState;
  /** Run-length bytes at the size of the frame. */
  readonly mask: Uint8Array;
}

/** Loads them whenever another frame is selected, and again when one of them was changed elsewhere. */
export function followFrameMasks(session: Session): void {
  const { api, store, editor } = session;
  store.subscribe((state, before) => {
    if (state.frameId !== before.frameId) void loadFrameMasks(session);
  });
  api.on('annotation:saved', ({ frameId, labelId, revisionId }) => {
    if (frameId !== store.getState().frameId) return;
    // What was written here is held here.
    const mine = editor.saves.isKnown(revisionId) || editor.saves.hasPending(documentKey(frameId, labelId));
    if (!mine) void loadFrameMasks(session);
  });
}

/** What cannot be loaded is not drawn; the frame's own loading says what is wrong. */
async function loadFrameMasks({ api, store }: Session): Promise<void> {
  const { frameId } = store.getState();
  if (frameId === null) {
    store.setState({ frameMasks: null });
    return;
  }
  if (store.getState().frameMasks?.frameId !== frameId) store.setState({ frameMasks: null });
  const loaded = await api.send('annotation:load-frame', { frameId }).catch(() => null);
  if (loaded && store.getState().frameId === frameId) store.setState({ frameMasks: { frameId, ...loaded } });
}

/**
 * The masks of the other labels that are to be drawn, in the order of the labels: what somebody corrected or accepted. What this editor
 * holds is ahead of what was loaded.
 */
export function otherMasks(state: SessionState, editor: Pick<Editor, 'held'>): OtherMask[] {
  const { frameId, shownFrameId, labelId, frameMasks, labels, othersHidden } = state;
  // While frames pass by, those of the frame that is open are not of the one that is seen.
  if (frameId === null || shownFrameId !== null || othersHidden) return [];
  const masks: OtherMask[] = [];
  for (const [index, { id, name, color }] of offeredLabels(labels).entries()) {
    const look = lookOf(state, id);
    if (id === labelId || !look.visible) continue;
    const held = editor.held(frameId, id);
    const loaded = frameMasks?.frameId === frameId ? frameMasks.revisions.find((one) => one.labelId === id) : undefined;
    const reviewState = held ? held.state.reviewState : loaded?.reviewState;
    const mask = held?.mask ?? loaded?.mask;
    if (!mask || (reviewState !== 'edited' && reviewState !== 'accepted')) continue;
    masks.push({ labelId: id, name, number: index + 1, color, look, reviewState, mask });
  }
  return masks;
}
