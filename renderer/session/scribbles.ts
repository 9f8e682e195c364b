// Owns what follows a scribble: its own pixels change at once, then the network is asked for the target again, its answer is taken over
// around the scribble, and what it does not answer is joined to the mask's shape. All are one undo, however long the answer takes.
import type { ImageBox } from '../../electron/common/geometry.ts';
import { type BinaryMask, decodeMask, maskBox } from '../../electron/common/mask.ts';
import { unionBoxes } from '../editor/brush.ts';
import type { HistoryEntry } from '../editor/history.ts';
import { blendAround, dropShreds, paintLine, scribbleMask } from '../editor/masks/blend.ts';
import { joinScribble } from '../editor/masks/join-scribble.ts';
import type { Scribble } from '../tools/scribble/scribble.ts';
import { promptsInEffect } from './proposals.ts';
import { refuseLocked } from './label-looks.ts';
import { selectedFrame, type Session } from './session.ts';
import { describeFailure } from './state.ts';

/** Scribbles whose answer is on its way. Those that follow quickly on one another are answered together. */
interface Pending {
  readonly key: string;
  readonly scribbles: Scribble[];
  /** The mask before the first of them. */
  readonly before: Uint8Array;
  /** The latest entry of the history after the newest scribble: the answer belongs there, unless another gesture has come since. */
  latest: HistoryEntry | null;
  /** Whether the scribble itself changed pixels, so that there is an entry of its own to join. */
  hasEntry: boolean;
}

const pendingOf = new WeakMap<Session, Pending>();

/** How far around a scribble the answer counts, as a share of the target's longer side, and its limits in pixels. */
const reachShare = 0.2;
const reachLimits = { least: 16, most: 120 };
/** Of that reach the share, as a divisor, by which parts of the answer are too thin to mean anything. */
const shredShare = 16;

export function correctAround(session: Session, scribble: Scribble): void {
  const { editor, store } = session;
  const document = editor.document;
  if (!document || editor.isInGesture || refuseLocked(session, document.labelId)) return;
  const ratio = selectedFrame(store.getState())?.pixelAspectRatio ?? 1;
  const running = pendingOf.get(session);
  const joins = running?.key === document.key && running.latest === editor.history.latest;
  const before = editor.history.latest;
  const mask = joins ? running.before : document.mask.data.slice();
  editor.apply('scribble', (mask) => paintLine(mask, scribble.points, scribble.radius, scribble.value, ratio));
  const pending: Pending = {
    key: document.key,
    scribbles: joins ? [...running.scribbles, scribble] : [scribble],
    before: mask,
    latest: editor.history.latest,
    hasEntry: editor.history.latest !== before || (joins && running.hasEntry),
  };
  pendingOf.set(session, pending);
  void ask(session, pending, ratio);
}

async function ask(session: Session, pending: Pending, pixelAspectRatio: number): Promise<void> {
  const { api, editor, store } = session;
  const document = editor.document!;
  const { frameId, labelId, mask } = document;
  const prompts = promptsInEffect(store.getState());
  const box = targetBox(mask, pending.scribbles, pixelAspectRatio);
  if (!prompts || !box) return;
  store.setState({ proposing: { kind: 'busy' } });
  try {
    const answer = await api.send('proposal:preview', {
      frameId,
      labelId,
      prompts: { ...prompts, mode: 'local' },
      box,
    });
    // A newer scribble asked again, for this one too.
    if (pendingOf.get(session) !== pending) return;
    if (editor.document?.key === pending.key) store.setState({ proposing: { kind: 'idle' } });
    settle(session, pending, decodeMask(answer.mask, mask.width, mask.height), reachAround(box), pixelAspectRatio);
  } catch (error) {
    if (pendingOf.get(session) !== pending) return;
    if (editor.document?.key === pending.key) store.setState({ proposing: describeFailure(error) });
    settle(session, pending, null, reachAround(box), pixelAspectRatio);
  }
}

/** The mask as the scribbles and the network's answer make it; null where it gave none. */
function settle(
  session: Session,
  pending: Pending,
  proposal: BinaryMask | null,
  reach: number,
  pixelAspectRatio: number,
): void {
  const { editor } = session;
  pendingOf.delete(session);
  // Where another gesture has come, its pixels are not to be touched any more.
  if (editor.document?.key !== pending.key || editor.isInGesture || editor.history.latest !== pending.latest) return;
  const change = (current: BinaryMask): ImageBox | null => {
    // From the mask before the scribbles, whose lines would else be taken for its shape.
    const made = { ...current, data: pending.before.slice() };
    let written: ImageBox | null = null;
    for (const value of proposal ? ([1, 0] as const) : []) {
      const lines = pending.scribbles.filter((scribble) => scribble.value === value);
      const scribbled = scribbleMask(lines, made, pixelAspectRatio);
      const before = made.data.slice();
      const box = blendAround(made, proposal!, scribbled, value, reach);
      if (box) dropShreds(made, before, value, reach / shredShare);
      written = unionBoxes(written, box);
    }
    // The later one is right where two cross.
    for (const scribble of pending.scribbles) {
      written = unionBoxes(written, joinScribble(made, scribble, reach, pixelAspectRatio));
    }
    current.data.set(made.data);
    return written;
  };
  if (pending.hasEntry) editor.amend(change);
  else editor.apply('scribble', change);
}

/** The box around the mask as the scribbles left it; one that says "belongs" is part of it by now. */
function targetBox(mask: BinaryMask, scribbles: readonly Scribble[], pixelAspectRatio: number): ImageBox | null {
  return maskBox(mask) ?? maskBox(scribbleMask(scribbles, mask, pixelAspectRatio));
}

function reachAround(box: ImageBox): number {
  const { least, most } = reachLimits;
  return Math.max(least, Math.min(most, reachShare * Math.max(box.width, box.height)));
}
