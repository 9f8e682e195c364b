// Owns how undo and redo come back after a restart: the revisions that this reader wrote are gone through in order, and each does to the
// history what its gesture did. Nothing else was kept of it, so that what can be undone is what the store can show.
import type { HistoryStep } from '../../electron/common/api.ts';
import { encodeMask } from '../../electron/common/mask.ts';
import { type DocumentState, History, isPristine } from './history.ts';
import { type OpenDocument, proposedState, untouchedState } from './document.ts';
import { documentKey } from './save-queue.ts';
import { diffEncoded, type Toggles } from './toggles.ts';

/** Gesture names that mean something to the history itself. */
export const gestureNames = { undo: 'undo', redo: 'redo', amend: 'amend', import: 'import' } as const;

/** A document's form when the last revision here was written. */
interface LeftDocument {
  readonly revisionId: string;
  /** Run-length bytes. */
  readonly mask: Uint8Array;
}

/** A history, and the documents that it speaks of and that no page has opened since. */
export class RestoredHistory {
  readonly history = new History();
  readonly left = new Map<string, LeftDocument>();

  /** A document was loaded: what is known of its past stays where that ends in the very revision that was loaded, else it goes. */
  fit({ key, mask, state }: OpenDocument, revisionId: string | null): void {
    const left = this.left.get(key);
    this.left.delete(key);
    if (left?.revisionId !== revisionId) {
      this.history.drop(key);
      return;
    }
    // Where nobody has judged it, a newer proposal may have taken the place of the mask that was left.
    const arrived = diffEncoded(left.mask, encodeMask(mask));
    if (arrived.length > 0) this.history.absorb(key, arrived, state);
  }
}

/** `steps` as annotation:history gives them, oldest first. */
export function restoreHistory(steps: readonly HistoryStep[]): RestoredHistory {
  const restored = new RestoredHistory();
  const { history, left } = restored;
  for (const step of steps) {
    const { revision } = step;
    const key = documentKey(revision.frameId, revision.labelId);
    const known = left.get(key);
    left.set(key, { revisionId: revision.id, mask: revision.mask });
    // Somebody else, or a file, had the word in between: what was done before does not fit any more.
    const foreign = known && known.revisionId !== revision.parentId;
    if (foreign || revision.gesture === gestureNames.import) history.drop(key);
    if (revision.gesture === gestureNames.import) continue;
    replay(history, key, step, foreign ? null : (known?.mask ?? null));
  }
  return restored;
}

/** `known`: the document's mask after the gesture before this one. */
function replay(history: History, key: string, step: HistoryStep, known: Uint8Array | null): void {
  const { frameId, labelId, gesture } = step.revision;
  const place = { key, frameId, labelId };
  const parent = parentForm(step);
  const state = stateOf(step.revision);
  const change = (before: Uint8Array | null): Toggles => diffEncoded(before, step.revision.mask);
  switch (gesture) {
    case gestureNames.undo: {
      // What was undone is known by its name alone; the pixels are those between the two revisions.
      const undone = history.takeUndo(key);
      const toggles = change(parent.mask);
      history.putRedo({ ...place, gesture: undone?.gesture ?? gesture, toggles, before: state, after: parent.state });
      return;
    }
    case gestureNames.redo: {
      const redone = history.takeRedo(key);
      const toggles = change(parent.mask);
      history.putUndo({ ...place, gesture: redone?.gesture ?? gesture, toggles, before: parent.state, after: state });
      return;
    }
    case gestureNames.amend:
      history.absorb(key, change(parent.mask), state);
      return;
    default: {
      const start = startingForm(step);
      // A proposal that came in before this gesture belongs to the one before it, as it did when it came.
      const arrived = known ? diffEncoded(known, start.mask) : new Uint32Array();
      if (arrived.length > 0) history.absorb(key, arrived, start.state);
      history.push({ ...place, gesture, toggles: change(start.mask), before: start.state, after: state });
    }
  }
}

interface Form {
  /** Run-length bytes; null for an empty mask. */
  readonly mask: Uint8Array | null;
  readonly state: DocumentState;
}

/** What the editor had in hand when this gesture began: the reader's latest word, else the proposal that it names, else nothing. */
function startingForm(step: HistoryStep): Form {
  const { parent, revision, proposalMask } = step;
  if (parent && parent.reviewState !== 'rejected' && !isPristine(parent)) return parentForm(step);
  if (revision.proposalId === null || !proposalMask) return { mask: null, state: untouchedState };
  return { mask: proposalMask, state: proposedState(revision.proposalId) };
}

/** What the revision before this one says; without one, what startingForm says. */
function parentForm(step: HistoryStep): Form {
  const { parent } = step;
  return parent ? { mask: parent.mask, state: stateOf(parent) } : startingForm(step);
}

/** Back to before the first word is saved as "use none of these". */
function stateOf(revision: HistoryStep['revision']): DocumentState {
  const { reviewState, segmentAlgorithmType, proposalId } = revision;
  return { reviewState: reviewState === 'rejected' ? null : reviewState, segmentAlgorithmType, proposalId };
}
