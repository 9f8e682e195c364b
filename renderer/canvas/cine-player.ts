// Owns the beat of a playing cine: with every frame of the screen the time since the last one passes. Keeps the frames ahead on their way.
import type { CinePosition } from '../session/cine-clock.ts';
import { framesToPrepare, passTime, shownFrameId, shownIndex } from '../session/playback.ts';
import { selectedFrame, type Session } from '../session/session.ts';
import type { FrameImages } from './frame-images.ts';

/** Follows the session from now on. Returns the function that ends it. */
export function attachPlayer(session: Session, images: FrameImages): () => void {
  const { store } = session;
  let position: CinePosition | null = null;
  let request: number | null = null;
  let lastBeat = 0;

  const prepare = (): void => {
    const state = store.getState();
    const frame = selectedFrame(state);
    if (frame) images.prepare(framesToPrepare(state, position, images.capacityFor(frame)));
  };
  const beat = (now: number): void => {
    request = null;
    if (!position) return;
    position = passTime(session, position, now - lastBeat, (id) => images.has(id));
    lastBeat = now;
    request = requestAnimationFrame(beat);
  };
  const start = (): void => {
    position = { index: Math.max(0, shownIndex(store.getState())), shownMs: 0, direction: 1 };
    lastBeat = performance.now();
    request ??= requestAnimationFrame(beat);
  };
  const stop = (): void => {
    position = null;
    if (request !== null) cancelAnimationFrame(request);
    request = null;
  };

  const unsubscribe = store.subscribe((state, before) => {
    if (state.playback.kind !== before.playback.kind) {
      if (state.playback.kind === 'playing') start();
      else stop();
    }
    const moved = shownFrameId(state) !== shownFrameId(before) || state.frames !== before.frames;
    if (moved || state.playback !== before.playback) prepare();
  });
  prepare();
  return () => {
    unsubscribe();
    stop();
  };
}
