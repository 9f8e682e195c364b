// Owns playing and scrubbing a cine: which frame is shown while none is open for work. Opening a frame ends both; the document is put away
// while frames pass by, so that nothing is decided on a frame that is not looked at.
import { advance, type CinePosition, frameDurations, framesAhead, playSpeeds } from './cine-clock.ts';
import { openFrame } from './navigation.ts';
import type { Session } from './session.ts';
import type { SessionState } from './state.ts';

/** The frame on the canvas: the one that passes by, else the open one. */
export function shownFrameId(state: Pick<SessionState, 'shownFrameId' | 'frameId'>): string | null {
  return state.shownFrameId ?? state.frameId;
}

/** Its place in the strip, from 0; -1 where there is none. */
export function shownIndex(state: SessionState): number {
  const id = shownFrameId(state);
  return state.frames.findIndex((frame) => frame.id === id);
}

export function canPlay({ store }: Session): boolean {
  const { cine, frames } = store.getState();
  return cine !== null && frames.length > 1;
}

export async function togglePlay(session: Session): Promise<void> {
  if (session.store.getState().playback.kind === 'playing') await stop(session);
  else play(session);
}

export function play(session: Session): void {
  if (!canPlay(session)) return;
  begin(session, 'playing', Math.max(0, shownIndex(session.store.getState())));
}

/** Shows another frame of the strip without opening it, as while a hand drags along the timeline. */
export function scrubTo(session: Session, index: number): void {
  const { frames, playback, shownFrameId } = session.store.getState();
  const frame = frames[Math.min(frames.length - 1, Math.max(0, index))];
  if (!frame || (playback.kind === 'scrubbing' && frame.id === shownFrameId)) return;
  begin(session, 'scrubbing', frames.indexOf(frame));
}

/** Ends playing or scrubbing; the frame that is shown is opened. */
export async function stop(session: Session): Promise<void> {
  const { playback, studyId } = session.store.getState();
  if (playback.kind === 'still') return;
  const frameId = shownFrameId(session.store.getState());
  if (studyId !== null && frameId !== null) await openFrame(session, studyId, frameId);
}

function begin(session: Session, kind: 'playing' | 'scrubbing', index: number): void {
  const { store, tools, editor } = session;
  tools.cancel();
  editor.close();
  store.setState(({ playback, frames }) => ({
    playback: { ...playback, kind },
    shownFrameId: frames[index].id,
    proposing: { kind: 'idle' },
    notice: null,
  }));
}

/**
 * Lets `elapsedMs` of the reader's time pass from a position, and returns the one after it. Frames that are not ready are dropped: the
 * latest ready one on the way is shown, and where none is, the one before stays.
 */
export function passTime(
  { store }: Session,
  position: CinePosition,
  elapsedMs: number,
  isReady: (frameId: string) => boolean,
): CinePosition {
  const { playback, frames, frameDurationsMs } = store.getState();
  const durations = frameDurations(frames.length, frameDurationsMs);
  const next = advance(position, elapsedMs * playback.speed, durations, playback.order);
  if (next.index === position.index) return next;
  const passed = framesAhead(position, frames.length, playback.order, frames.length);
  const onTheWay = passed.slice(0, passed.indexOf(next.index) + 1);
  const shown = onTheWay.findLast((index) => isReady(frames[index].id));
  if (shown !== undefined) store.setState({ shownFrameId: frames[shown].id });
  return next;
}

/** The frames to have ready, most urgent first, `count` of them: those ahead of where it plays, else those around the one shown. */
export function framesToPrepare(state: SessionState, playing: CinePosition | null, count: number): string[] {
  const { playback, frames, cine } = state;
  if (playing) {
    return framesAhead(playing, frames.length, playback.order, count).map((index) => frames[index].id);
  }
  const index = shownIndex(state);
  if (index < 0) return [];
  // Single pictures are stepped through one by one; a cine is going to be played or scrubbed.
  const reach = cine === null ? 1 : frames.length;
  const around: string[] = [];
  for (let distance = 1; distance <= reach && around.length < count; distance += 1) {
    for (const neighbour of [frames[index + distance], frames[index - distance]]) {
      if (neighbour && around.length < count) around.push(neighbour.id);
    }
  }
  return around;
}

export function changeSpeed({ store }: Session, step: 1 | -1): void {
  store.setState(({ playback }) => {
    const at = playSpeeds.findIndex((speed) => speed === playback.speed);
    const speed = playSpeeds[Math.min(playSpeeds.length - 1, Math.max(0, at + step))];
    return { playback: { ...playback, speed } };
  });
}

export function toggleOrder({ store }: Session): void {
  store.setState(({ playback }) => ({
    playback: { ...playback, order: playback.order === 'loop' ? 'bounce' : 'loop' },
  }));
}
