// Owns what is told of saving: whether everything is on the disk, and what keeps it from getting there.

export type SaveState =
  | { readonly kind: 'saved'; readonly savedAt: string | null }
  | { readonly kind: 'saving'; readonly pending: number; readonly savedAt: string | null }
  | { readonly kind: 'retrying'; readonly pending: number; readonly savedAt: string | null; readonly message: string }
  | {
      readonly kind: 'conflict';
      readonly pending: number;
      readonly savedAt: string | null;
      readonly message: string;
      /** Nobody wrote anything else: what it belongs to is gone, and it can only be given up. */
      readonly refused: boolean;
      readonly frameId: string;
      readonly labelId: string;
    };

const gravest: readonly SaveState['kind'][] = ['retrying', 'conflict', 'saving', 'saved'];

/** Of several queues: the gravest of their states, what waits in all of them, and the latest save of any. */
export function joinSaveStates(states: readonly [SaveState, ...SaveState[]]): SaveState {
  const worst = states.reduce((a, b) => (gravest.indexOf(b.kind) < gravest.indexOf(a.kind) ? b : a));
  const savedAt = states.reduce<string | null>((latest, one) => laterOf(latest, one.savedAt), null);
  if (worst.kind === 'saved') return { kind: 'saved', savedAt };
  const pending = states.reduce((sum, one) => sum + (one.kind === 'saved' ? 0 : one.pending), 0);
  return { ...worst, pending, savedAt };
}

/** ISO times in UTC sort as texts. */
function laterOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
