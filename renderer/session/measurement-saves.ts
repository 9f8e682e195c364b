// Owns the way of every change of a measurement to the disk: one queue, in order, each revision the child of the one before. What fails stays
// queued and is tried again; what the app refuses for good is given up, and whoever listens is told.
import type { Api, MeasurementView } from '../../electron/common/api.ts';
import { AppError, type ErrorCode } from '../../electron/common/errors.ts';
import type { MeasurementShape } from '../../electron/common/measurements.ts';
import { type RetryOptions, RetryQueue } from '../editor/retry-queue.ts';
import type { SaveState } from '../editor/save-state.ts';

/** What is kept of a measurement at a time. */
export interface MeasurementContent extends MeasurementShape {
  readonly labelId: string | null;
}

/** A revision that waits for its parent's id; null content takes the measurement away. */
export interface MeasurementDraft {
  readonly trackingUID: string;
  readonly frameId: string;
  readonly content: MeasurementContent | null;
}

export interface MeasurementSavesListener {
  /** Something waits, has arrived or failed. */
  changed(): void;
  /** A draft has arrived; null where it took the measurement away. */
  saved(draft: MeasurementDraft, view: MeasurementView | null): void;
  /** The app will not take it, however often it is asked. It and what was to follow it are given up. */
  refused(draft: MeasurementDraft, error: AppError): void;
}

/** To ask again would be answered the same. */
const finalCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['bad-input', 'not-found', 'conflict']);

export class MeasurementSaves {
  private readonly api: Pick<Api, 'send'>;
  private readonly queue: RetryQueue<MeasurementDraft>;
  /** The latest revision of every measurement that was met, removed ones included. */
  private readonly latest = new Map<string, string>();
  private readonly listeners = new Set<MeasurementSavesListener>();
  private savedAt: string | null = null;

  constructor(api: Pick<Api, 'send'>, options: RetryOptions = {}) {
    this.api = api;
    this.queue = new RetryQueue({
      ...options,
      send: (draft) => this.send(draft),
      onChange: () => this.tell((listener) => listener.changed()),
    });
  }

  listen(listener: MeasurementSavesListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Those of a frame that have not arrived, in the order in which they were made. */
  draftsOf(frameId: string): readonly MeasurementDraft[] {
    return this.queue.items.filter((draft) => draft.frameId === frameId);
  }

  get state(): SaveState {
    const { items, trouble } = this.queue;
    const { savedAt } = this;
    if (trouble !== null) return { kind: 'retrying', pending: items.length, savedAt, message: trouble };
    return items.length > 0 ? { kind: 'saving', pending: items.length, savedAt } : { kind: 'saved', savedAt };
  }

  /** Measurements as loaded: what comes next are their children. */
  know(measurements: readonly MeasurementView[]): void {
    for (const { trackingUID, id } of measurements) {
      // What waits here goes on top of what this page wrote itself.
      if (!this.queue.items.some((draft) => draft.trackingUID === trackingUID)) this.latest.set(trackingUID, id);
    }
  }

  add(draft: MeasurementDraft): void {
    this.queue.add(draft);
  }

  retryNow(): void {
    this.queue.retryNow();
  }

  /** Settles when everything has arrived. */
  async whenSettled(): Promise<void> {
    await this.queue.whenSettled();
  }

  private async send(draft: MeasurementDraft): Promise<void> {
    const { trackingUID } = draft;
    try {
      const view = await this.append(draft);
      this.tell((listener) => listener.saved(draft, view));
    } catch (error) {
      if (!(error instanceof AppError) || !finalCodes.has(error.code)) throw error;
      this.queue.drop((other) => other.trackingUID === trackingUID);
      this.tell((listener) => listener.refused(draft, error));
    }
  }

  /** The same on the same parent again is the same revision: an answer that was lost does no harm. */
  private async append({ trackingUID, frameId, content }: MeasurementDraft): Promise<MeasurementView | null> {
    const parentId = this.latest.get(trackingUID) ?? null;
    if (content) {
      const { kind, points, labelId } = content;
      const view = await this.api.send('measurement:save', { trackingUID, parentId, frameId, labelId, kind, points });
      this.latest.set(trackingUID, view.id);
      this.savedAt = view.createdAt;
      return view;
    }
    if (parentId !== null) {
      const { id } = await this.api.send('measurement:remove', { trackingUID, parentId });
      this.latest.set(trackingUID, id);
      this.savedAt = new Date().toISOString();
    }
    return null;
  }

  private tell(what: (listener: MeasurementSavesListener) => void): void {
    for (const listener of this.listeners) what(listener);
  }
}

/** A list of a frame as it will be when the drafts have arrived. */
export function withDrafts(
  list: readonly MeasurementView[],
  drafts: readonly MeasurementDraft[],
  reader: string,
): MeasurementView[] {
  return drafts.reduce<MeasurementView[]>(
    (before, { trackingUID, frameId, content }) => {
      if (!content) return before.filter((one) => one.trackingUID !== trackingUID);
      const { kind, points, labelId } = content;
      const changed = { kind, points: [...points], labelId };
      if (before.some((one) => one.trackingUID === trackingUID)) {
        return before.map((one) => (one.trackingUID === trackingUID ? { ...one, ...changed } : one));
      }
      // The revision has no id before it is kept.
      return [...before, { id: '', trackingUID, frameId, ...changed, reader, createdAt: '' }];
    },
    [...list],
  );
}

/** A UID as the app makes them: a random UUID under 2.25, in decimal (PS3.5 B.2). */
export function newTrackingUID(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return `2.25.${bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)}`;
}
