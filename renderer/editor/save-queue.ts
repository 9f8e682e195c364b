// Owns the way of every gesture to the disk: one queue, in order, each revision the child of the one before. What fails stays queued and
// is tried again; nothing is dropped but by the reader's own choice.
import type { Api, CommandInput } from '../../electron/common/api.ts';
import { AppError } from '../../electron/common/errors.ts';
import { type RetryOptions, RetryQueue } from './retry-queue.ts';
import type { SaveState } from './save-state.ts';

/** A revision that waits for its parent's id. */
export type RevisionDraft = Omit<CommandInput<'annotation:save'>, 'parentId'>;

export function documentKey(frameId: string, labelId: string): string {
  return `${frameId}/${labelId}`;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

export class SaveQueue {
  private readonly api: Pick<Api, 'send'>;
  private readonly drafts: RetryQueue<RevisionDraft>;
  private readonly latest = new Map<string, string>();
  private readonly known = new Set<string>();
  private readonly conflicts = new Map<string, AppError>();
  private readonly listeners = new Set<(state: SaveState) => void>();
  private savedAt: string | null = null;

  constructor(api: Pick<Api, 'send'>, options: RetryOptions = {}) {
    this.api = api;
    this.drafts = new RetryQueue({
      ...options,
      send: (draft, triedBefore) => this.send(draft, triedBefore),
      isHeld: (draft) => this.conflicts.has(keyOf(draft)),
      onChange: () => this.notify(),
    });
  }

  /** Called with the new state after every change of it; returns the function that ends the subscription. */
  subscribe(listener: (state: SaveState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get state(): SaveState {
    const { items, trouble } = this.drafts;
    const pending = items.length;
    const savedAt = this.savedAt;
    const conflicted = items.find((draft) => this.conflicts.has(keyOf(draft)));
    if (trouble !== null) return { kind: 'retrying', pending, savedAt, message: trouble };
    if (conflicted) {
      const { frameId, labelId } = conflicted;
      const { message, code } = this.conflicts.get(keyOf(conflicted))!;
      return { kind: 'conflict', pending, savedAt, message, refused: code !== 'conflict', frameId, labelId };
    }
    return pending > 0 ? { kind: 'saving', pending, savedAt } : { kind: 'saved', savedAt };
  }

  /** The record as loaded: the next revision's parent. */
  setLatest(key: string, revisionId: string | null): void {
    if (revisionId === null) this.latest.delete(key);
    else {
      this.latest.set(key, revisionId);
      this.known.add(revisionId);
    }
  }

  /** Whether this revision was loaded or written here before. */
  isKnown(revisionId: string): boolean {
    return this.known.has(revisionId);
  }

  hasPending(key: string): boolean {
    return this.drafts.items.some((draft) => keyOf(draft) === key);
  }

  add(draft: RevisionDraft): void {
    this.drafts.add(draft);
  }

  /** Tries at once instead of waiting for the next turn. */
  retryNow(): void {
    this.drafts.retryNow();
  }

  /** The reader's answer to a conflict: their own revisions go on top of the other's, or are given up for it. */
  async resolveConflict(key: string, answer: 'keep-mine' | 'take-theirs'): Promise<void> {
    const draft = this.drafts.items.find((candidate) => keyOf(candidate) === key);
    if (!draft) return;
    const { frameId, labelId } = draft;
    // What is there no more has no latest revision, and can still be given up.
    const loaded = await this.api.send('annotation:load', { frameId, labelId }).catch((error: unknown) => {
      if (!isFinal(error)) throw error;
      return { revision: null };
    });
    this.setLatest(key, loaded.revision?.id ?? null);
    if (answer === 'take-theirs') this.drafts.drop((candidate) => keyOf(candidate) === key);
    this.conflicts.delete(key);
    this.drafts.retryNow();
    this.notify();
  }

  /** Settles when nothing can be sent any more: everything is saved, or what is left waits for an answer. */
  async whenSettled(): Promise<void> {
    await this.drafts.whenSettled();
  }

  /** A conflict, or a label that is gone, is nothing that a later try mends: the draft waits for the reader's answer, the others go on. */
  private async send(draft: RevisionDraft, triedBefore: boolean): Promise<void> {
    try {
      await this.save(draft, triedBefore);
    } catch (error) {
      if (!isFinal(error)) throw error;
      this.conflicts.set(keyOf(draft), error);
    }
  }

  private async save(draft: RevisionDraft, triedBefore: boolean): Promise<void> {
    const key = keyOf(draft);
    const parentId = this.latest.get(key) ?? null;
    try {
      const { revisionId, savedAt } = await this.api.send('annotation:save', { ...draft, parentId });
      this.record(key, revisionId, savedAt);
    } catch (error) {
      const conflict = error instanceof AppError && error.code === 'conflict';
      if (!conflict || !triedBefore) throw error;
      // The first try may have been written and only its answer lost: then the latest revision is this very draft.
      const { frameId, labelId } = draft;
      const { revision } = await this.api.send('annotation:load', { frameId, labelId });
      const mine =
        revision?.parentId === parentId && revision.gesture === draft.gesture && sameBytes(revision.mask, draft.mask);
      if (!revision || !mine) throw error;
      this.record(key, revision.id, revision.createdAt);
    }
  }

  private record(key: string, revisionId: string, savedAt: string): void {
    this.setLatest(key, revisionId);
    this.savedAt = savedAt;
  }

  private notify(): void {
    const state = this.state;
    for (const listener of this.listeners) listener(state);
  }
}

/** To ask again would be answered the same. */
function isFinal(error: unknown): error is AppError {
  return error instanceof AppError && ['conflict', 'not-found', 'bad-input'].includes(error.code);
}

function keyOf(draft: RevisionDraft): string {
  return documentKey(draft.frameId, draft.labelId);
}
