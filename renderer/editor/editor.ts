// Owns the document: the mask of each (frame, label) that was opened, what is proposed for it, and every change to it. One gesture is one
// history entry and one appended revision. No DOM, no React, no Konva: all of it runs in plain Node.
import type { Api, HistoryStep, ProposalView } from '../../electron/common/api.ts';
import type { ImageBox, ImagePoint } from '../../electron/common/geometry.ts';
import { type BinaryMask, createMask, decodeMask, encodeMask } from '../../electron/common/mask.ts';
import { paintSegment, unionBoxes } from './brush.ts';
import {
  createDocument,
  type DocumentChange,
  type LoadedAnnotation,
  type OpenDocument,
  packDocument,
  type PackedDocument,
  proposedState,
  sameState,
  unpackDocument,
} from './document.ts';
import type { Gesture } from './gesture.ts';
import { type DocumentState, groupName, type History, type HistoryEntry, isPristine } from './history.ts';
import { gestureNames, RestoredHistory, restoreHistory } from './restore-history.ts';
import type { RetryOptions } from './retry-queue.ts';
import { documentKey, SaveQueue } from './save-queue.ts';
import { applyToggles, diffEncoded, diffMasks, type Toggles, togglesBox } from './toggles.ts';

/** What a listener is told: pixels inside a box, or anything else about which document is open and what it says. */
export type EditorChange = { readonly kind: 'pixels'; readonly box: ImageBox } | { readonly kind: 'document' };

export interface EditorOptions extends RetryOptions {
  /** Asked before every change of a label's mask; true where it is locked. Whoever answers tells the reader. */
  readonly refuses?: (labelId: string) => boolean;
}

export class Editor {
  readonly saves: SaveQueue;
  /** What can be undone, with what it knows from earlier sessions. */
  private restored = new RestoredHistory();
  /** Documents that are not open. */
  private readonly packed = new Map<string, PackedDocument>();
  private readonly listeners = new Set<(change: EditorChange) => void>();
  private current: OpenDocument | null = null;
  /** The open document's mask as run-length bytes, as long as no pixel of it changes: whoever drew them need not do so again. */
  private bytes: Uint8Array | null = null;
  private gesture: Gesture | null = null;
  readonly refuses: (labelId: string) => boolean;

  constructor(api: Pick<Api, 'send'>, options?: EditorOptions) {
    this.saves = new SaveQueue(api, options);
    this.refuses = options?.refuses ?? (() => false);
  }

  subscribe(listener: (change: EditorChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get document(): OpenDocument | null {
    return this.current;
  }

  get history(): History {
    return this.restored.history;
  }

  /** Whether a document is held here, so that it can be undone without loading it. */
  holds(key: string): boolean {
    return this.current?.key === key || this.packed.has(key);
  }

  /** Takes over what this reader did in earlier sessions, before anything is opened. */
  restore(steps: readonly HistoryStep[]): void {
    this.restored = restoreHistory(steps);
  }

  get isInGesture(): boolean {
    return this.gesture !== null;
  }

  get canUndo(): boolean {
    return this.history.canUndo && !this.gesture;
  }

  get canRedo(): boolean {
    return this.history.canRedo && !this.gesture;
  }

  /** What is held of a document that is not open, its mask as run-length bytes; it may be ahead of the store. Null where nothing is. */
  held(frameId: string, labelId: string): { readonly state: DocumentState; readonly mask: Uint8Array } | null {
    const packed = this.packed.get(documentKey(frameId, labelId));
    return packed ? { state: packed.state, mask: packed.mask } : null;
  }

  /** Opens what was opened before in its present form, unsaved work included. False where it was not. */
  openAgain(frameId: string, labelId: string): boolean {
    const key = documentKey(frameId, labelId);
    if (this.current?.key === key) return true;
    if (!this.packed.has(key)) return false;
    this.activate(key);
    this.notify({ kind: 'document' });
    return true;
  }

  /**
   * Opens a loaded annotation. Where this editor holds it already the held form stays (it may be ahead of the store), unless the loaded
   * revision was written by somebody else and nothing here waits to be saved: then theirs replaces it.
   */
  open(loaded: LoadedAnnotation): void {
    const key = documentKey(loaded.frameId, loaded.labelId);
    const held = this.current?.key === key || this.packed.has(key);
    const foreign = loaded.revision !== null && !this.saves.isKnown(loaded.revision.id);
    if (held && (!foreign || this.saves.hasPending(key) || this.isInGesture)) {
      this.openAgain(loaded.frameId, loaded.labelId);
      if (loaded.proposal) this.receiveProposal(loaded.proposal);
      return;
    }
    this.close();
    this.packed.delete(key);
    this.saves.setLatest(key, loaded.revision?.id ?? null);
    this.current = createDocument(key, loaded);
    this.bytes = null;
    this.restored.fit(this.current, loaded.revision?.id ?? null);
    this.notify({ kind: 'document' });
  }

  /** Puts the open document away; a gesture in progress is cancelled. */
  close(): void {
    if (!this.current) return;
    this.cancelGesture();
    this.packed.set(this.current.key, packDocument(this.current, this.encoded()));
    this.current = null;
    this.notify({ kind: 'document' });
  }

  /** Forgets a document and its history, so that opening it takes the store's form. For what the reader gave up for somebody else's. */
  discard(frameId: string, labelId: string): void {
    const key = documentKey(frameId, labelId);
    if (this.current?.key === key) this.close();
    this.packed.delete(key);
    this.history.drop(key);
  }

  /**
   * A proposal arrived: no undo of its own. It becomes the working mask where nobody has changed or judged that yet, else it is only shown
   * beside it. One for a document that is not open is ignored: it is loaded with it.
   */
  receiveProposal(proposal: ProposalView): void {
    const document = this.current;
    if (!document || document.key !== documentKey(proposal.frameId, proposal.labelId)) return;
    const { width, height } = document.mask;
    // The one that is here already, loaded again, stays the object that was drawn.
    const isSame = document.proposal !== null && diffEncoded(document.proposal.mask, proposal.mask).length === 0;
    const proposalMask = isSame ? document.proposalMask : decodeMask(proposal.mask, width, height);
    this.current = { ...document, proposal, proposalMask };
    if (this.gesture) this.gesture.proposed = true;
    else this.adoptProposal();
    this.notify({ kind: 'document' });
  }

  /** The open document's proposal becomes its working mask where nobody has changed or judged that. */
  private adoptProposal(): void {
    const document = this.current;
    if (!document?.proposal || !document.proposalMask || !isPristine(document.state)) return;
    const toggles = diffMasks(document.mask.data, document.proposalMask.data, document.mask.width);
    const state = proposedState(document.proposal.id);
    if (toggles.length === 0 && sameState(state, document.state)) return;
    this.current = { ...document, state };
    this.history.absorb(document.key, toggles, state);
    this.toggle(toggles);
  }

  /** Marks the history: what follows is one gesture until it is completed, or rewound to this mark. */
  beginGesture(name: string): void {
    if (!this.current || this.gesture || this.refuses(this.current.labelId)) return;
    this.gesture = { name, before: this.current.mask.data.slice(), box: null, proposed: false };
  }

  /**
   * Changes pixels inside the gesture. `change` writes into the mask and returns the box that it wrote; `before` is the mask at the mark.
   */
  edit(change: (mask: BinaryMask, before: Uint8Array) => ImageBox | null): void {
    if (!this.current || !this.gesture) return;
    const box = change(this.current.mask, this.gesture.before);
    if (!box) return;
    this.gesture.box = unionBoxes(this.gesture.box, box);
    this.notify({ kind: 'pixels', box });
  }

  /** Paints inside the gesture, from one point to the next. See paintSegment; value 1 paints, 0 erases. */
  paint(from: ImagePoint, to: ImagePoint, radius: number, value: 0 | 1, pixelAspectRatio = 1): void {
    this.edit((mask) => paintSegment(mask, from, to, radius, value, pixelAspectRatio));
  }

  /** A whole gesture at once. */
  apply(name: string, change: (mask: BinaryMask) => ImageBox | null): void {
    if (!this.current || this.gesture) return;
    this.beginGesture(name);
    this.edit(change);
    this.completeGesture();
  }

  /** Ends the gesture: one history entry and one revision, or nothing where no pixel changed. */
  completeGesture(): void {
    const { gesture, current: document } = this;
    if (!gesture || !document) return;
    this.gesture = null;
    const { width, data } = document.mask;
    const toggles = gesture.box ? diffMasks(gesture.before, data, width, gesture.box) : new Uint32Array();
    if (toggles.length === 0) {
      if (gesture.proposed) this.adoptProposal();
      this.notify({ kind: 'document' });
      return;
    }
    const { proposalId } = document.state;
    this.record(gesture.name, toggles, {
      reviewState: 'edited',
      segmentAlgorithmType: proposalId === null ? 'MANUAL' : 'SEMIAUTOMATIC',
      proposalId,
    });
  }

  /** Rewinds to the mark, as if the gesture had not begun. */
  cancelGesture(): void {
    const { gesture, current: document } = this;
    if (!gesture || !document) return;
    this.gesture = null;
    document.mask.data.set(gesture.before);
    if (gesture.box) this.notify({ kind: 'pixels', box: gesture.box });
    if (gesture.proposed) this.adoptProposal();
    this.notify({ kind: 'document' });
  }

  /**
   * More of the latest gesture, which must be of the open document: it is taken back together with what was done before. A revision of its
   * own, so that what was done before is not held back until this is known.
   */
  amend(change: (mask: BinaryMask) => ImageBox | null): void {
    const document = this.current;
    if (!document || this.gesture || this.history.latest?.key !== document.key) return;
    if (this.refuses(document.labelId)) return;
    const before = document.mask.data.slice();
    const box = change(document.mask);
    const toggles = box ? diffMasks(before, document.mask.data, document.mask.width, box) : new Uint32Array();
    if (!box || toggles.length === 0) return;
    this.history.amend(toggles, document.state);
    this.notify({ kind: 'pixels', box });
    this.save(gestureNames.amend);
    this.notify({ kind: 'document' });
  }

  /** Replaces the whole mask as one gesture, for commands that compute a new one from it. */
  replaceMask(name: string, mask: BinaryMask): void {
    this.apply(name, (current) => {
      current.data.set(mask.data);
      return { x: 0, y: 0, width: current.width, height: current.height };
    });
  }

  /** The mask is right as it stands. False where that was refused. */
  accept(): boolean {
    const document = this.current;
    if (!document || this.gesture) return false;
    return this.decide('accept', document.mask, { ...document.state, reviewState: 'accepted' });
  }

  /** The structure is not in this frame: an empty mask that says so. False where that was refused. */
  markAbsent(): boolean {
    const document = this.current;
    if (!document || this.gesture) return false;
    return this.decide('absent', createMask(document.mask.width, document.mask.height), {
      reviewState: 'absent',
      segmentAlgorithmType: 'MANUAL',
      proposalId: document.state.proposalId,
    });
  }

  /** Gives up the changes for the model's own mask; itself one undo. */
  backToProposal(): void {
    const document = this.current;
    if (!document?.proposal || !document.proposalMask || this.gesture) return;
    this.decide('back-to-proposal', document.proposalMask, proposedState(document.proposal.id));
  }

  /**
   * Changes the masks of several documents of one label as one gesture: one revision each, taken back together. What is open stays open.
   * Returns how many were changed; none where the label is locked or a gesture is in progress.
   */
  applyToMany(name: string, changes: readonly DocumentChange[]): number {
    if (this.gesture || changes.some(({ loaded }) => this.refuses(loaded.labelId))) return 0;
    const open = this.current;
    const gesture = groupName(name);
    let changed = 0;
    for (const { loaded, mask, state } of changes) {
      this.open(loaded);
      const document = this.current!;
      const toggles = diffMasks(document.mask.data, mask.data, mask.width);
      if (toggles.length === 0 && sameState(state, document.state)) continue;
      this.toggle(toggles);
      this.record(gesture, toggles, state);
      changed += 1;
    }
    if (open) this.openAgain(open.frameId, open.labelId);
    else this.close();
    return changed;
  }

  /**
   * Takes the latest gesture back, opening its document where another is open; one over several documents leaves the open one open.
   * Appends a revision to each. Null where there is none, or where one of its documents is not held: that has to be opened first.
   */
  undo(): HistoryEntry | null {
    return this.replayAll(this.history.latestGesture, () => {
      const entry = this.history.undo();
      if (entry) this.replay(gestureNames.undo, entry, entry.before);
    });
  }

  redo(): HistoryEntry | null {
    return this.replayAll(this.history.nextRedoGesture, () => {
      const entry = this.history.redo();
      if (entry) this.replay(gestureNames.redo, entry, entry.after);
    });
  }

  private replayAll(entries: readonly HistoryEntry[], replayNext: () => void): HistoryEntry | null {
    const first = entries[0];
    const isHeld = entries.every(({ key }) => this.holds(key));
    if (!first || this.gesture || this.refuses(first.labelId) || !isHeld) return null;
    const open = this.current;
    entries.forEach(replayNext);
    if (entries.length > 1 && open) this.openAgain(open.frameId, open.labelId);
    return first;
  }

  private replay(gesture: 'undo' | 'redo', entry: HistoryEntry, state: DocumentState): void {
    this.activate(entry.key);
    this.current = { ...this.current!, state };
    this.toggle(entry.toggles);
    this.save(gesture);
    // Nobody has judged what there is now: a proposal that came since is what is shown, and what an accept takes, as after a restart.
    this.adoptProposal();
    this.notify({ kind: 'document' });
  }

  private decide(gesture: string, mask: BinaryMask, state: DocumentState): boolean {
    const document = this.current!;
    if (this.refuses(document.labelId)) return false;
    const toggles = diffMasks(document.mask.data, mask.data, mask.width);
    if (toggles.length === 0 && sameState(state, document.state)) return true;
    this.toggle(toggles);
    this.record(gesture, toggles, state);
    return true;
  }

  private record(gesture: string, toggles: Toggles, after: DocumentState): void {
    const document = this.current!;
    const { key, frameId, labelId } = document;
    this.history.push({ key, frameId, labelId, gesture, toggles, before: document.state, after });
    this.current = { ...document, state: after };
    this.save(gesture);
    this.notify({ kind: 'document' });
  }

  private save(gesture: string): void {
    const { frameId, labelId, state } = this.current!;
    this.saves.add({
      frameId,
      labelId,
      proposalId: state.proposalId,
      // An undo back to before the first word about this frame: a revision that says to use none of the earlier ones.
      reviewState: state.reviewState ?? 'rejected',
      segmentAlgorithmType: state.segmentAlgorithmType,
      mask: this.encoded(),
      gesture,
    });
  }

  private toggle(toggles: Toggles): void {
    const { mask } = this.current!;
    applyToggles(mask.data, toggles);
    const box = togglesBox(toggles, mask.width);
    if (box) this.notify({ kind: 'pixels', box });
  }

  private activate(key: string): void {
    if (this.current?.key === key) return;
    this.close();
    this.current = unpackDocument(key, this.packed.get(key)!);
    this.bytes = this.packed.get(key)!.mask;
    this.packed.delete(key);
  }

  private encoded(): Uint8Array {
    this.bytes ??= encodeMask(this.current!.mask);
    return this.bytes;
  }

  private notify(change: EditorChange): void {
    if (change.kind === 'pixels') this.bytes = null;
    for (const listener of this.listeners) listener(change);
  }
}
