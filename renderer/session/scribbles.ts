// Owns what follows a scribble: its own pixels change at once, then the network is asked for the target again and its answer is taken over
// around the scribble. Both are one undo, however long the answer takes.
import type { ImageBox } from '../../electron/common/geometry.ts';
import { type BinaryMask, decodeMask, maskBox } from '../../electron/common/mask.ts';
import { unionBoxes } from '../editor/brush.ts';
import type { HistoryEntry } from '../editor/history.ts';
import { blendAround, paintLine, scribbleMask } from '../editor/masks/blend.ts';
import type { Scribble } from '../tools/scribble/scribble.ts';
import { promptsInEffect } from './proposals.ts';
import { selectedFrame, type Session } from './session.ts';
import { describeFailure } from './state.ts';

/** Scribbles whose answer is on its way. Those that follow quickly on one another are answered together. */
interface Pending {
  readonly key: string;
  readonly scribbles: Scribble[];
  /** The latest entry of the history after the newest scribble: the answer belongs there, unless another gesture has come since. */
  latest: HistoryEntry | null;
  /** Whether the scribble itself changed pixels, so that there is an entry of its own to join. */
  hasEntry: boolean;
}

const pendingOf = new WeakMap<Session, Pending>();

/** How far around a scribble the answer counts, as a share of the target's longer side, and its limits in pixels. */
const reachShare = 0.2;
const reachLimits = { least: 16, most: 120 };

export function correctAround(session: Session, scribble: Scribble): void {
  const { editor, store } = session;
  const document = editor.document;
  if (!document || editor.isInGesture) return;
  const ratio = selectedFrame(store.getState())?.pixelAspectRatio ?? 1;
  const running = pendingOf.get(session);
  const joins = running?.key === document.key && running.latest === editor.history.latest;
  const before = editor.history.latest;
  editor.apply('scribble', (mask) => paintLine(mask, scribble.points, scribble.radius, scribble.value, ratio));
  const pending: Pending = {
    key: document.key,
    scribbles: joins ? [...running.scribbles, scribble] : [scribble],
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
    // A newer scribble asked again, for this one too; or another gesture has come, and its pixels are not to be touched any more.
    if (pendingOf.get(session) !== pending) return;
    store.setState({ proposing: { kind: 'idle' } });
    pendingOf.delete(session);
    if (editor.document?.key !== pending.key || editor.isInGesture || editor.history.latest !== pending.latest) return;
    const proposal = decodeMask(answer.mask, mask.width, mask.height);
    const reach = reachAround(box);
    const change = (current: BinaryMask): ImageBox | null => {
      let written: ImageBox | null = null;
      for (const value of [1, 0] as const) {
        const lines = pending.scribbles.filter((scribble) => scribble.value === value);
        const scribbled = scribbleMask(lines, current, pixelAspectRatio);
        written = unionBoxes(written, blendAround(current, proposal, scribbled, value, reach));
      }
      return written;
    };
    if (pending.hasEntry) editor.amend(change);
    else editor.apply('scribble', change);
  } catch (error) {
    if (pendingOf.get(session) !== pending) return;
    pendingOf.delete(session);
    store.setState({ proposing: describeFailure(error) });
  }
}

/** The box around the mask as the scribbles left it; one that says "belongs" is part of it by now. */
function targetBox(mask: BinaryMask, scribbles: readonly Scribble[], pixelAspectRatio: number): ImageBox | null {
  return maskBox(mask) ?? maskBox(scribbleMask(scribbles, mask, pixelAspectRatio));
}

function reachAround(box: ImageBox): number {
  const { least, most } = reachLimits;
  return Math.max(least, Math.min(most, reachShare * Math.max(box.width, box.height)));
}
