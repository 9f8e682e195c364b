// Owns what was done and can be taken back, across frames and labels. One entry is one gesture; it keeps changed pixels only.
import type { ReviewState, SegmentAlgorithmType } from '../../electron/common/study.ts';
import { combineToggles, type Toggles } from './toggles.ts';

/** What a revision says besides its mask. `reviewState` is null where nobody and no model has said anything yet. */
export interface DocumentState {
  readonly reviewState: ReviewState | null;
  readonly segmentAlgorithmType: SegmentAlgorithmType;
  readonly proposalId: string | null;
}

/** Nobody has said anything about the mask: it is empty, or the network's own. */
export function isPristine({ reviewState, segmentAlgorithmType }: DocumentState): boolean {
  return reviewState === null || (reviewState === 'proposed' && segmentAlgorithmType === 'AUTOMATIC');
}

/** The mask was carried over from other frames and waits to be looked at: more than a proposal, less than a correction. */
export function isCarriedOver({ reviewState, segmentAlgorithmType }: DocumentState): boolean {
  return reviewState === 'proposed' && segmentAlgorithmType !== 'AUTOMATIC';
}

export interface HistoryEntry {
  /** The document it belongs to: documentKey(frameId, labelId). */
  readonly key: string;
  readonly frameId: string;
  readonly labelId: string;
  readonly gesture: string;
  readonly toggles: Toggles;
  readonly before: DocumentState;
  readonly after: DocumentState;
  /** When it was done, by the count of `History.moment`. */
  readonly at: number;
}

type NewEntry = Omit<HistoryEntry, 'at'>;

/** Between the name of a gesture over several documents and what tells it from others of that name. */
const groupMark = '#';

/** A gesture's name for the entries of several documents: those that follow each other under it are taken back together. */
export function groupName(name: string): string {
  return `${name}${groupMark}${Math.random().toString(36).slice(2, 10)}`;
}

export class History {
  private undoable: HistoryEntry[] = [];
  private redoable: HistoryEntry[] = [];
  private done = 0;

  /** Grows with everything that is done: with gestures, and with what else keeps its own list of things to take back. */
  get moment(): number {
    return this.done;
  }

  get canUndo(): boolean {
    return this.undoable.length > 0;
  }

  get canRedo(): boolean {
    return this.redoable.length > 0;
  }

  /** The gesture that an undo would take back. */
  get latest(): HistoryEntry | null {
    return this.undoable.at(-1) ?? null;
  }

  /** The gesture that a redo would do again. */
  get nextRedo(): HistoryEntry | null {
    return this.redoable.at(-1) ?? null;
  }

  /** All that an undo would take back, the latest first: more than one entry where the gesture was over several documents. */
  get latestGesture(): readonly HistoryEntry[] {
    return lastGesture(this.undoable);
  }

  /** All that a redo would do again. */
  get nextRedoGesture(): readonly HistoryEntry[] {
    return lastGesture(this.redoable);
  }

  /** A new gesture: what was undone before can no longer be redone. */
  push(entry: NewEntry): void {
    this.undoable.push({ ...entry, at: this.advance() });
  }

  /** Something was done that is not in this list, with the same effect on what was undone before. Returns its moment. */
  advance(): number {
    this.redoable = [];
    this.done += 1;
    return this.done;
  }

  /** Takes the latest gesture back; it can be redone from then on. */
  undo(): HistoryEntry | null {
    const entry = this.undoable.pop();
    if (entry) this.redoable.push(entry);
    return entry ?? null;
  }

  redo(): HistoryEntry | null {
    const entry = this.redoable.pop();
    if (entry) this.undoable.push(entry);
    return entry ?? null;
  }

  /** Takes out the latest gesture of a document, or what was undone of it last: for building a history from a record. */
  takeUndo(key: string): HistoryEntry | null {
    return takeLast(this.undoable, key);
  }

  takeRedo(key: string): HistoryEntry | null {
    return takeLast(this.redoable, key);
  }

  putUndo(entry: NewEntry): void {
    this.undoable.push({ ...entry, at: this.done });
  }

  putRedo(entry: NewEntry): void {
    this.redoable.push({ ...entry, at: this.done });
  }

  /**
   * The pixels of a document changed without a gesture (a proposal arrived). That is no stop of its own: it joins the document's latest
   * gesture, and what was undone there begins at the changed mask: it is redone from there, and taken back to there.
   */
  absorb(key: string, toggles: Toggles, state: DocumentState): void {
    const join = (
      entries: HistoryEntry[],
      side: { readonly before: DocumentState } | { readonly after: DocumentState },
    ) => {
      const index = entries.findLastIndex((entry) => entry.key === key);
      if (index < 0) return;
      const entry = entries[index];
      entries[index] = { ...entry, toggles: combineToggles(entry.toggles, toggles), ...side };
    };
    join(this.undoable, { after: state });
    join(this.redoable, { before: state });
  }

  /** More of the latest gesture, which came after it was done: both are taken back together. */
  amend(toggles: Toggles, after: DocumentState): void {
    const entry = this.undoable.pop();
    if (!entry) return;
    this.undoable.push({ ...entry, toggles: combineToggles(entry.toggles, toggles), after });
    this.redoable = [];
  }

  /** Forgets a document whose record was replaced by somebody else's. */
  drop(key: string): void {
    this.undoable = this.undoable.filter((entry) => entry.key !== key);
    this.redoable = this.redoable.filter((entry) => entry.key !== key);
  }
}

function lastGesture(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const last = entries.at(-1);
  if (!last?.gesture.includes(groupMark)) return last ? [last] : [];
  const other = entries.findLastIndex(({ gesture }) => gesture !== last.gesture);
  return entries.slice(other + 1).toReversed();
}

function takeLast(entries: HistoryEntry[], key: string): HistoryEntry | null {
  const index = entries.findLastIndex((entry) => entry.key === key);
  return index < 0 ? null : entries.splice(index, 1)[0];
}
