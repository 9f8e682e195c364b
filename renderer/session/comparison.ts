// Owns comparing what the label's adapter proposes with what the base model says of the same frame: while it is on, every frame that is
// opened gets both outlines, and the two agree by a figure.
import { decodeMask, maskDice } from '../../electron/common/mask.ts';
import { promptsInEffect } from './proposals.ts';
import { selectedLabel, type Session } from './session.ts';
import type { SessionState } from './state.ts';

export interface Comparison {
  /** What was asked about: frame, label, adapter, prompts and box. */
  readonly wish: string;
  readonly frameId: string;
  readonly labelId: string;
  /** The base model's mask, run-length bytes; null while it is on its way. */
  readonly baseMask: Uint8Array | null;
}

/** An adapter is at work, so that there is something to compare. */
export function canCompare({ store }: Session): boolean {
  const state = store.getState();
  return state.comparing || (selectedLabel(state)?.activeAdapterId ?? null) !== null;
}

export function toggleComparison({ store }: Session): void {
  store.setState(({ comparing }) => ({ comparing: !comparing, comparison: null }));
}

/** How far the base model's mask and the adapter's agree: Dice, or null where one of them is missing. */
export function agreement({ comparison }: SessionState, { editor }: Pick<Session, 'editor'>): number | null {
  const { document } = editor;
  if (!comparison?.baseMask || !document?.proposalMask) return null;
  if (document.frameId !== comparison.frameId || document.labelId !== comparison.labelId) return null;
  const { width, height } = document.mask;
  return maskDice(document.proposalMask, decodeMask(comparison.baseMask, width, height));
}

/** While it is on, asks for the base model's word on every frame that has its proposal. */
export function followComparison(session: Session): void {
  const { store } = session;
  store.subscribe((state) => {
    if (!state.comparing || state.opening.kind !== 'idle' || state.proposing.kind !== 'idle') return;
    const wish = describeWish(state);
    if (wish === (state.comparison?.wish ?? null)) return;
    if (wish === null) {
      store.setState({ comparison: null });
      return;
    }
    void askBase(session, wish);
  });
}

function describeWish(state: SessionState): string | null {
  const { frameId, labelId, box, status, shownFrameId } = state;
  const adapterId = selectedLabel(state)?.activeAdapterId ?? null;
  if (frameId === null || labelId === null || adapterId === null || shownFrameId !== null) return null;
  return JSON.stringify([frameId, labelId, adapterId, box, promptsInEffect(state), status?.model?.id]);
}

async function askBase({ api, store }: Session, wish: string): Promise<void> {
  const state = store.getState();
  const { frameId, labelId, box } = state;
  const prompts = promptsInEffect(state);
  if (frameId === null || labelId === null || !prompts) return;
  store.setState({ comparison: { wish, frameId, labelId, baseMask: null } });
  const target = prompts.mode === 'whole' ? null : box;
  try {
    const { mask } = await api.send('proposal:preview', { frameId, labelId, prompts, box: target, adapter: 'none' });
    store.setState(({ comparison }) =>
      comparison?.wish === wish ? { comparison: { ...comparison, baseMask: mask } } : {},
    );
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (store.getState().comparison?.wish !== wish) return;
    store.setState({ comparing: false, comparison: null, notice: { tone: 'trouble', text } });
  }
}
