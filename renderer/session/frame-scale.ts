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
async function loadFrameScale({ api, store }: Session): Promise<void> {
  const { frameId } = store.getState();
  if (frameId === null) {
    store.setState({ frameScale: null });
    return;
  }
  const answer: CommandOutput<'frame:regions'> | null = await api.send('frame:regions', { frameId }).catch(() => null);
  if (answer && store.getState().frameId === frameId) store.setState({ frameScale: { frameId, ...answer } });
}
