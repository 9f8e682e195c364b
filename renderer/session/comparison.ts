// Owns comparing what the label's adapter proposes now with what an earlier one, or the base model, says of the same frame: while it is on,
// every frame that is opened gets both masks.
import type { AdapterView, CommandOutput } from '../../electron/common/api.ts';
import { messageOf } from '../../electron/common/errors.ts';
import { type BinaryMask, createMask, decodeMask, maskDice } from '../../electron/common/mask.ts';
import { promptsInEffect } from './proposals.ts';
import type { Session } from './session.ts';
import type { SessionState } from './state.ts';

export type Side = 'before' | 'now';

export interface Comparison {
  /** What was asked about: frame, label, adapters, prompts and box. */
  readonly wish: string;
  readonly frameId: string;
  readonly labelId: string;
  /** The two masks, run-length bytes; null while they are on their way. */
  readonly masks: Readonly<Record<Side, Uint8Array>> | null;
}

/** Who speaks on each side: an adapter, or null for the base model. */
export type Speakers = Readonly<Record<Side, AdapterView | null>>;

/** The adapters of the selected label that work with the base model in use, the newest first. */
export function usableAdapters({ adapters, labelId }: Pick<SessionState, 'adapters' | 'labelId'>): AdapterView[] {
  return adapters.filter((adapter) => adapter.usable && adapter.labelId === labelId);
}

/** There is an adapter, so that there is something to compare. */
export function canCompare({ store }: Session): boolean {
  const state = store.getState();
  return state.comparing || usableAdapters(state).length > 0;
}

export function toggleComparison(session: Session): void {
  const { comparing } = session.store.getState();
  session.store.setState({ comparing: !comparing, comparison: null });
}

/** Chooses who speaks on the left: an adapter of the label, or null for the base model. */
export function compareWith({ store }: Session, adapterId: string | null): void {
  store.setState({ comparedWith: { adapterId } });
}

/**
 * Now is what proposes at present. Before is whom the reader chose, else the adapter that came before this one, else the base model; the newest
 * adapter where the base model proposes at present.
 */
export function speakers(state: Pick<SessionState, 'adapters' | 'labelId' | 'comparedWith'>): Speakers {
  const usable = usableAdapters(state);
  const now = usable.find(({ active }) => active) ?? null;
  const chosen = state.comparedWith;
  const isChosen = chosen !== null && chosen.adapterId !== (now?.id ?? null);
  const known = isChosen ? usable.find(({ id }) => id === chosen.adapterId) : undefined;
  if (known) return { before: known, now };
  if (!now) return { before: usable[0] ?? null, now };
  if (isChosen && chosen.adapterId === null) return { before: null, now };
  return { before: usable[usable.indexOf(now) + 1] ?? null, now };
}

export interface ComparedMasks {
  readonly before: BinaryMask;
  readonly now: BinaryMask;
  /** In one of them only: what the change took away, and what it brought. */
  readonly only: Readonly<Record<Side, BinaryMask>>;
}

/** The masks of the frame that is open, once they are there. */
export function comparedMasks(
  comparison: Comparison | null,
  frame: { readonly id: string; readonly width: number; readonly height: number } | null,
): ComparedMasks | null {
  if (!comparison?.masks || comparison.frameId !== frame?.id) return null;
  const { width, height } = frame;
  const before = decodeMask(comparison.masks.before, width, height);
  const now = decodeMask(comparison.masks.now, width, height);
  return { before, now, only: { before: without(before, now), now: without(now, before) } };
}

/** The mask that somebody made or judged, to measure both by; null where nobody has. */
export function referenceMask({ editor }: Pick<Session, 'editor'>, comparison: Comparison | null): BinaryMask | null {
  const { document } = editor;
  if (!document || document.frameId !== comparison?.frameId || document.labelId !== comparison.labelId) return null;
  const { reviewState } = document.state;
  return reviewState === 'edited' || reviewState === 'accepted' || reviewState === 'absent' ? document.mask : null;
}

/** Dice of each side with the reference, and of the two with each other. */
export interface Agreement {
  readonly before: number | null;
  readonly now: number | null;
  readonly between: number;
}

export function agreement({ before, now }: ComparedMasks, reference: BinaryMask | null): Agreement {
  return {
    before: reference && maskDice(before, reference),
    now: reference && maskDice(now, reference),
    between: maskDice(before, now),
  };
}

/** While it is on, asks both about every frame that has its proposal. */
export function followComparison(session: Session): void {
  const { store } = session;
  store.subscribe((state) => {
    if (!state.comparing || state.opening.kind !== 'idle' || state.proposing.kind === 'busy') return;
    const wish = describeWish(state);
    if (wish === (state.comparison?.wish ?? null)) return;
    if (wish === null) {
      store.setState({ comparison: null });
      return;
    }
    void askBoth(session, wish);
  });
}

function describeWish(state: SessionState): string | null {
  const { frameId, labelId, box, status, shownFrameId } = state;
  const { before, now } = speakers(state);
  if (frameId === null || labelId === null || before === now || shownFrameId !== null) return null;
  return JSON.stringify([frameId, labelId, before?.id, now?.id, box, promptsInEffect(state), status?.model?.id]);
}

async function askBoth({ api, store }: Session, wish: string): Promise<void> {
  const state = store.getState();
  const { frameId, labelId, box } = state;
  const prompts = promptsInEffect(state);
  if (frameId === null || labelId === null || !prompts) return;
  store.setState({ comparison: { wish, frameId, labelId, masks: null } });
  const target = prompts.mode === 'whole' ? null : box;
  const ask = (speaker: AdapterView | null): Promise<CommandOutput<'proposal:preview'>> =>
    api.send('proposal:preview', { frameId, labelId, prompts, box: target, adapterId: speaker?.id ?? null });
  const { before, now } = speakers(state);
  try {
    const [left, right] = await Promise.all([ask(before), ask(now)]);
    store.setState(({ comparison }) =>
      comparison?.wish === wish ? { comparison: { ...comparison, masks: { before: left.mask, now: right.mask } } } : {},
    );
  } catch (error) {
    const text = messageOf(error);
    if (store.getState().comparison?.wish !== wish) return;
    store.setState({ comparing: false, comparison: null, notice: { tone: 'trouble', text } });
  }
}

function without(mask: BinaryMask, other: BinaryMask): BinaryMask {
  const only = createMask(mask.width, mask.height);
  for (let at = 0; at < only.data.length; at += 1) only.data[at] = mask.data[at] & (1 - other.data[at]);
  return only;
}
