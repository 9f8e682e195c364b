// Owns what is known of the labels in the frame that is shown: their latest masks, loaded once a frame, kept and followed as they change.
import type { RevisionView } from '../../electron/common/api.ts';
import type { ReviewState } from '../../electron/common/study.ts';
import type { Editor } from '../editor/editor.ts';
import { documentKey } from '../editor/save-queue.ts';
import { type LabelLook, lookOf, offeredLabels } from './label-looks.ts';
import type { Session } from './session.ts';
import type { SessionState } from './state.ts';

export interface FrameMasks {
  readonly frameId: string;
  readonly revisions: readonly RevisionView[];
}

/** A mask that is drawn beside the one being worked on. */
export interface OtherMask {
  readonly labelId: string;
  readonly name: string;
  /** Its place in the list, from 1: the key that selects it. */
  readonly number: number;
  readonly color: string;
  readonly look: LabelLook;
  readonly reviewState: ReviewState;
  /** Run-length bytes at the size of the frame. */
  readonly mask: Uint8Array;
}

/** Frames whose masks are kept: a cine that was seen once plays with them at once. */
const keptFrames = 1000;

/** Has the masks of whichever frame is shown, and loads them again when they were changed elsewhere. */
export function followFrameMasks(session: Session): void {
  const { api, store, editor } = session;
  const masks = new KnownMasks(session);
  store.subscribe((state, before) => {
    if (shownFrame(state) !== shownFrame(before)) masks.show(shownFrame(state));
  });
  api.on('annotation:saved', ({ frameId, labelId, revisionId }) => {
    masks.forget(frameId);
    // What was written here is held here.
    const mine = editor.saves.isKnown(revisionId) || editor.saves.hasPending(documentKey(frameId, labelId));
    if (!mine && frameId === shownFrame(store.getState())) masks.load(frameId);
  });
}

/** The frame on the canvas: the one that passes by, else the open one. */
function shownFrame({ shownFrameId, frameId }: Pick<SessionState, 'shownFrameId' | 'frameId'>): string | null {
  return shownFrameId ?? frameId;
}

class KnownMasks {
  private readonly session: Session;
  private readonly known = new Map<string, FrameMasks>();
  private loading = false;
  /** Frames that changed while their masks were on the way. */
  private readonly outdated = new Set<string>();
  /** The frame to load when the one on its way has come. While frames pass by, those in between are left out. */
  private next: string | null = null;

  constructor(session: Session) {
    this.session = session;
  }

  show(frameId: string | null): void {
    const frameMasks = frameId === null ? null : (this.known.get(frameId) ?? null);
    const { store } = this.session;
    store.setState({ frameMasks });
    // One that is opened is asked for again, whatever was missed of it; there is no time for that while frames pass by.
    const isOpened = store.getState().shownFrameId === null;
    if (frameId !== null && (isOpened || !frameMasks)) this.load(frameId);
  }

  load(frameId: string): void {
    this.next = frameId;
    if (!this.loading) void this.loadNext();
  }

  forget(frameId: string): void {
    this.known.delete(frameId);
    if (this.loading) this.outdated.add(frameId);
  }

  /** What cannot be loaded is not drawn; the frame's own loading says what is wrong. */
  private async loadNext(): Promise<void> {
    const { api, store } = this.session;
    this.loading = true;
    while (this.next !== null) {
      const frameId = this.next;
      this.next = null;
      const loaded = await api.send('annotation:load-frame', { frameId }).catch(() => null);
      if (!loaded) continue;
      const frameMasks = this.withKnown({ frameId, ...loaded });
      if (!this.outdated.delete(frameId)) this.keep(frameMasks);
      if (frameId === shownFrame(store.getState())) store.setState({ frameMasks });
    }
    this.loading = false;
    this.outdated.clear();
  }

  /** The same object where nothing has changed, and the same revisions as far as they have not: what is drawn of them stays drawn. */
  private withKnown(loaded: FrameMasks): FrameMasks {
    const shown = this.session.store.getState().frameMasks;
    const known = this.known.get(loaded.frameId) ?? (shown?.frameId === loaded.frameId ? shown : undefined);
    if (!known) return loaded;
    const revisions = loaded.revisions.map((one) => known.revisions.find(({ id }) => id === one.id) ?? one);
    const isSame =
      revisions.length === known.revisions.length && revisions.every((one, at) => one === known.revisions[at]);
    return isSame ? known : { ...loaded, revisions };
  }

  private keep(frameMasks: FrameMasks): void {
    // Taken out and put in again, the oldest comes first in the map.
    this.known.delete(frameMasks.frameId);
    this.known.set(frameMasks.frameId, frameMasks);
    const [oldest] = this.known.keys();
    if (this.known.size > keptFrames) this.known.delete(oldest);
  }
}

/**
 * The masks that are to be drawn beside the one being worked on, in the order of the labels: what somebody corrected or accepted. While
 * frames pass by none is worked on, and that of the selected label is among them. What this editor holds is ahead of what was loaded.
 */
export function otherMasks(state: SessionState, editor: Pick<Editor, 'held'>): OtherMask[] {
  const { labelId, frameMasks, labels, othersHidden } = state;
  const frameId = shownFrame(state);
  if (frameId === null) return [];
  const isPassing = state.shownFrameId !== null;
  const masks: OtherMask[] = [];
  for (const [index, { id, name, color }] of offeredLabels(labels).entries()) {
    const look = lookOf(state, id);
    const isAskedFor = id === labelId ? isPassing : !othersHidden;
    if (!isAskedFor || !look.visible) continue;
    const held = editor.held(frameId, id);
    const loaded = frameMasks?.frameId === frameId ? frameMasks.revisions.find((one) => one.labelId === id) : undefined;
    const reviewState = held ? held.state.reviewState : loaded?.reviewState;
    const mask = held?.mask ?? loaded?.mask;
    if (!mask || (reviewState !== 'edited' && reviewState !== 'accepted')) continue;
    masks.push({ labelId: id, name, number: index + 1, color, look, reviewState, mask });
  }
  return masks;
}
