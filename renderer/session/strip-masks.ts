// Owns the masks of the selected label in all frames of the strip: loaded when frames begin to pass by, so that they pass by with their masks.
import type { StripMask } from '../../electron/common/api.ts';
import type { Editor } from '../editor/editor.ts';
import { isCarriedOver, isPristine } from '../editor/history.ts';
import { documentKey } from '../editor/save-queue.ts';
import { selectedFrame, selectedLabel, type Session } from './session.ts';
import type { SessionState } from './state.ts';

export interface StripMasks {
  readonly labelId: string;
  readonly byFrame: ReadonlyMap<string, StripMask>;
}

/** A mask of a frame that passes by, and how it is outlined. */
export interface PassingMask {
  /** Run-length bytes at the size of the frame. */
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly looks: 'proposed' | 'carried-over' | 'own';
  /** That of the label. */
  readonly color: string;
}

export function followPassingFrames(session: Session): void {
  session.store.subscribe((state, before) => {
    if (state.shownFrameId === null) {
      if (before.shownFrameId !== null) session.store.setState({ stripMasks: null });
      return;
    }
    const begins = before.shownFrameId === null;
    if (begins || state.labelId !== before.labelId) void loadStripMasks(session);
  });
}

/** Without them the frames pass by bare; what is wrong is said when a frame is opened. */
export async function loadStripMasks(session: Session): Promise<void> {
  const { api, store, editor } = session;
  const { shownFrameId: frameId, labelId } = store.getState();
  if (frameId === null || labelId === null) return;
  const isSaving = editor.saves.state.kind === 'saving';
  const masks = await api.send('strip:masks', { frameId, labelId }).catch(() => null);
  const { shownFrameId, labelId: now } = store.getState();
  if (!masks || shownFrameId === null || now !== labelId) return;
  store.setState({ stripMasks: { labelId, byFrame: new Map(masks.map((mask) => [mask.frameId, mask])) } });
  if (!isSaving) return;
  // What was on its way to the disk may have been missed.
  await editor.saves.whenSettled();
  await loadStripMasks(session);
}

/**
 * The mask of the frame that passes by; null where nothing is to be seen. What a person did in the editor is ahead of what was loaded; a
 * proposal that it holds is not: a newer one may have come since.
 */
export function passingMask(state: SessionState, editor: Pick<Editor, 'held' | 'saves'>): PassingMask | null {
  const { shownFrameId, labelId, stripMasks } = state;
  const frame = selectedFrame(state);
  const label = selectedLabel(state);
  if (shownFrameId === null || labelId === null || !frame || !label) return null;
  const loaded = stripMasks?.labelId === labelId ? stripMasks.byFrame.get(shownFrameId) : undefined;
  const held = editor.held(shownFrameId, labelId);
  const isAhead =
    held && (!loaded || !isPristine(held.state) || editor.saves.hasPending(documentKey(shownFrameId, labelId)));
  const form = isAhead && held.state.reviewState ? { ...held.state, mask: held.mask } : loaded;
  if (!form || form.reviewState === 'absent' || form.reviewState === 'rejected') return null;
  const isProposed = form.reviewState === 'proposed';
  const looks = !isProposed ? 'own' : isCarriedOver({ ...form, proposalId: null }) ? 'carried-over' : 'proposed';
  // Every frame of a cine has the size of the open one.
  return { bytes: form.mask, width: frame.width, height: frame.height, looks, color: label.color };
}
