// Owns the way of every gesture to the disk: one queue, in order, each revision the child of the one before. What fails stays queued and
// is tried again; nothing is dropped but by the reader's own choice.
import type { Api, CommandInput } from '../../electron/common/api.ts';
import { AppError } from '../../electron/common/errors.ts';

/** A revision that waits for its parent's id. */
export type RevisionDraft = Omit<CommandInput<'annotation:save'>, 'parentId'>;

export type SaveState =
  | { readonly kind: 'saved'; readonly savedAt: string | null }
  | { readonly kind: 'saving'; readonly pending: number; readonly savedAt: string | null }
  | { readonly kind: 'retrying'; readonly pending: number; readonly savedAt: string | null; readonly message: string }
  | {
      readonly kind: 'conflict';
      readonly pending: number;
      readonly savedAt: string | null;
      readonly message: string;
      readonly frameId: string;
      readonly labelId: string;
    };

export interface SaveQueueOptions {
  /** Waits between tries, in milliseconds; the last repeats. */
  readonly retryDelaysMs?: readonly number[];
}

export function documentKey(frameId: string, labelId: string): string {
  return `${frameId}/${labelId}`;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

export class SaveQueue {
  private readonly api: Pick<Api, 'send'>;
  private readonly retryDelaysMs: readonly number[];
  private readonly drafts: RevisionDraft[] = [];
  private readonly latest = new Map<string, string>();
  private readonly known = new Set<string>();
  private readonly conflicts = new Map<string, string>();
  private readonly listeners = new Set<(state: SaveState) => void>();
  private running: Promise<void> | null = null;
  private wake: (() => void) | null = null;
  private savedAt: string | null = null;
  private trouble: string | null = null;

  constructor(api: Pick<Api, 'send'>, options: SaveQueueOptions = {}) {
    this.api = api;
    this.retryDelaysMs = options.retryDelaysMs ?? [500, 1000, 2000, 5000, 10_000];
  }

  /** Called with the new state after every change of it; returns the function that ends the subscription. */
  subscribe(listener: (state: SaveState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get state(): SaveState {
    const pending = this.drafts.length;
    const savedAt = this.savedAt;
    const conflicted = this.drafts.find((draft) => this.conflicts.has(keyOf(draft)));
    if (this.trouble !== null) return { kind: 'retrying', pending, savedAt, message: this.trouble };
    if (conflicted) {
      const { frameId, labelId } = conflicted;
      return { kind: 'conflict', pending, savedAt, message: this.conflicts.get(keyOf(conflicted))!, frameId, labelId };
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
    return this.drafts.some((draft) => keyOf(draft) === key);
  }

  add(draft: RevisionDraft): void {
    this.drafts.push(draft);
    this.start();
    this.notify();
  }

  /** Tries at once instead of waiting for the next turn. */
  retryNow(): void {
    this.wake?.();
    this.start();
  }

  /** The reader's answer to a conflict: their own revisions go on top of the other's, or are given up for it. */
  async resolveConflict(key: string, answer: 'keep-mine' | 'take-theirs'): Promise<void> {
    const draft = this.drafts.find((candidate) => keyOf(candidate) === key);
    if (!draft) return;
    const { frameId, labelId } = draft;
    const { revision } = await this.api.send('annotation:load', { frameId, labelId });
    this.setLatest(key, revision?.id ?? null);
    if (answer === 'take-theirs') {
      const kept = this.drafts.filter((candidate) => keyOf(candidate) !== key);
      this.drafts.splice(0, this.drafts.length, ...kept);
    }
    this.conflicts.delete(key);
    this.start();
    this.notify();
  }

  /** Settles when nothing can be sent any more: everything is saved, or what is left waits for an answer. */
  async whenSettled(): Promise<void> {
    while (this.running) await this.running;
  }

  private start(): void {
    this.running ??= this.run().finally(() => {
      this.running = null;
      // Something that could be sent arrived after the last look.
      if (this.nextDraft()) this.start();
      this.notify();
    });
  }

  private nextDraft(): RevisionDraft | undefined {
    return this.drafts.find((draft) => !this.conflicts.has(keyOf(draft)));
  }

  private async run(): Promise<void> {
    let failures = 0;
    for (let draft = this.nextDraft(); draft; draft = this.nextDraft()) {
      try {
        await this.save(draft, failures > 0);
        failures = 0;
        this.trouble = null;
      } catch (error) {
        if (error instanceof AppError && error.code === 'conflict') {
          this.conflicts.set(keyOf(draft), error.message);
          this.trouble = null;
        } else {
          this.trouble = error instanceof Error ? error.message : String(error);
          this.notify();
          await this.pause(this.retryDelaysMs[Math.min(failures, this.retryDelaysMs.length - 1)]);
          failures += 1;
        }
      }
      this.notify();
    }
  }

  private async save(draft: RevisionDraft, triedBefore: boolean): Promise<void> {
    const key = keyOf(draft);
    const parentId = this.latest.get(key) ?? null;
    try {
      const { revisionId, savedAt } = await this.api.send('annotation:save', { ...draft, parentId });
      this.finish(draft, revisionId, savedAt);
    } catch (error) {
      const conflict = error instanceof AppError && error.code === 'conflict';
      if (!conflict || !triedBefore) throw error;
      // The first try may have been written and only its answer lost: then the latest revision is this very draft.
      const { frameId, labelId } = draft;
      const { revision } = await this.api.send('annotation:load', { frameId, labelId });
      const mine =
        revision?.parentId === parentId && revision.gesture === draft.gesture && sameBytes(revision.mask, draft.mask);
      if (!revision || !mine) throw error;
      this.finish(draft, revision.id, revision.createdAt);
    }
  }

  private finish(draft: RevisionDraft, revisionId: string, savedAt: string): void {
    this.setLatest(keyOf(draft), revisionId);
    this.drafts.splice(this.drafts.indexOf(draft), 1);
    this.savedAt = savedAt;
  }

  private async pause(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }

  private notify(): void {
    const state = this.state;
    for (const listener of this.listeners) listener(state);
  }
}

function keyOf(draft: RevisionDraft): string {
  return documentKey(draft.frameId, draft.labelId);
}
