// Owns the physical scale of the selected frame: its ultrasound regions, loaded with it.
import type { CommandOutput } from '../../electron/common/api.ts';
import type { UltrasoundRegion } from '../../electron/common/study.ts';
import type { Session } from './session.ts';
import type { SessionState } from './state.ts';

export interface FrameScale {
  readonly frameId: string;
  readonly regions: readonly UltrasoundRegion[];
  /** What was found wrong with the file when it was read, in words. */
  readonly warnings: readonly string[];
}

/** A file says its regions once; those of so many frames are kept. */
const keptFrames = 2000;
const knownScales = new WeakMap<Session, Map<string, FrameScale>>();

const none: readonly UltrasoundRegion[] = [];

export function followFrameScale(session: Session): void {
  session.store.subscribe((state, before) => {
    if (state.frameId !== before.frameId) void loadFrameScale(session);
  });
}

/** The regions of the selected frame; none until they are loaded. */
export function regionsOf({ frameScale, frameId }: Pick<SessionState, 'frameScale' | 'frameId'>) {
  return frameScale?.frameId === frameId ? frameScale.regions : none;
}

/** Without an answer there is no scale, and figures stay in pixels. */
async function loadFrameScale(session: Session): Promise<void> {
  const { api, store } = session;
  const { frameId } = store.getState();
  const known = knownScales.get(session) ?? new Map<string, FrameScale>();
  knownScales.set(session, known);
  const frameScale = frameId === null ? null : (known.get(frameId) ?? null);
  if (frameId === null || frameScale) {
    store.setState({ frameScale });
    return;
  }
  const answer: CommandOutput<'frame:regions'> | null = await api.send('frame:regions', { frameId }).catch(() => null);
  if (!answer) return;
  const loaded = { frameId, ...answer };
  known.set(frameId, loaded);
  const [oldest] = known.keys();
  if (known.size > keptFrames) known.delete(oldest);
  if (store.getState().frameId === frameId) store.setState({ frameScale: loaded });
}
