// Owns what is proposed before the reader asks: for the frames that come next, while nothing else is waited for; and the job for every frame
// of a cine or a study.
import type { EventValue } from '../../electron/common/api.ts';
import { messageOf } from '../../electron/common/errors.ts';
import { shownNumber, t } from '../strings/index.ts';
import { promptsInEffect } from './proposals.ts';
import type { Session } from './session.ts';
import type { SessionState } from './state.ts';

/** The job for many frames, as the app told of it last. */
export interface ProposeRun {
  readonly labelId: string;
  readonly done: number;
  readonly total: number;
  readonly framesPerSecond: number;
  readonly secondsLeft: number | null;
  /** Cancel was pressed and has not been answered yet. */
  readonly cancelling: boolean;
}

/** How many frames are proposed for ahead of the reader. */
const framesAhead = 6;

/** How long the reader has to stay on a frame; who only passes by leaves nothing behind. */
const stayMs = 120;

/** Follows the reader: where they stay, the next frames get their proposals. Returns the function that ends it. */
export function followReader(session: Session): () => void {
  const { api, store } = session;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = '';
  const ask = (): void => {
    const state = store.getState();
    const { labelId } = state;
    const prompts = promptsInEffect(state);
    if (labelId === null || !prompts || !isResting(state)) return;
    const frameIds = nextFrames(state);
    const wish = JSON.stringify([labelId, frameIds, prompts, state.status?.model?.id]);
    if (wish === asked) return;
    asked = wish;
    // What fails here says so when its frame is opened.
    api.send('proposal:prepare', { labelId, frameIds, prompts: { ...prompts, mode: 'whole' } }).catch(() => {});
  };
  const unsubscribe = store.subscribe((state, before) => {
    const moved = places.some((name) => state[name] !== before[name]);
    if (!moved) return;
    clearTimeout(timer);
    timer = setTimeout(ask, stayMs);
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}

const places = [
  'frameId',
  'labelId',
  'opening',
  'proposing',
  'playback',
  'chosenPrompts',
  'frames',
  'proposeRun',
] as const;

function isResting({ opening, proposing, playback, proposeRun }: SessionState): boolean {
  return opening.kind === 'idle' && proposing.kind === 'idle' && playback.kind === 'still' && proposeRun === null;
}

/** The frames after the open one that nobody has said anything about, and the one that the queue has next. */
export function nextFrames({ frames, frameId, labelId, queue }: SessionState): string[] {
  const index = frames.findIndex((frame) => frame.id === frameId);
  const after = index < 0 ? [] : frames.slice(index + 1, index + 1 + framesAhead);
  const bare = after.filter(({ states }) => states[labelId ?? ''] === undefined).map(({ id }) => id);
  const queued = queue.find((item) => item.frameId !== frameId)?.frameId;
  return [...new Set([...bare.slice(0, 1), ...(queued === undefined ? [] : [queued]), ...bare])];
}

/** Asks for proposals for every frame of the strip, or of the whole study. */
export async function proposeForAll(session: Session, extent: 'strip' | 'study'): Promise<void> {
  const { api, store } = session;
  const state = store.getState();
  const { labelId, frameId, studyId, proposeRun } = state;
  const prompts = promptsInEffect(state);
  if (labelId === null || frameId === null || studyId === null || !prompts || proposeRun) return;
  const begun = { labelId, done: 0, framesPerSecond: 0, secondsLeft: null, cancelling: false };
  store.setState({ proposeRun: { ...begun, total: 0 }, notice: null });
  try {
    const scope = extent === 'strip' ? { frameId } : { studyId };
    const { frames } = await api.send('proposal:start', { labelId, scope, prompts: { ...prompts, mode: 'whole' } });
    // The first events may have come before this answer.
    store.setState(({ proposeRun }) =>
      proposeRun?.total === 0 ? { proposeRun: { ...proposeRun, total: frames } } : {},
    );
  } catch (error) {
    const text = messageOf(error);
    store.setState({ proposeRun: null, notice: { tone: 'trouble', text } });
  }
}

export async function cancelProposeForAll({ api, store }: Session): Promise<void> {
  const { proposeRun } = store.getState();
  if (!proposeRun) return;
  store.setState({ proposeRun: { ...proposeRun, cancelling: true } });
  await api.send('proposal:cancel', {});
}

export function recordProposing({ store }: Session, progress: EventValue<'proposal:progressed'>): void {
  store.setState(({ proposeRun }) => ({ proposeRun: { ...progress, cancelling: proposeRun?.cancelling ?? false } }));
}

export function endProposing({ store }: Session, end: EventValue<'proposal:finished'>): void {
  const { done, total, framesPerSecond, cancelled, trouble } = end;
  const words = (): string => {
    if (trouble !== null) return t('proposals.notAll', { done, count: total, reason: trouble });
    if (cancelled) return t('proposals.cancelled', { count: done, total });
    if (total === 0) return t('proposals.allThere');
    return t('proposals.done', { count: done, rate: shownNumber(framesPerSecond, 1) });
  };
  const tone = trouble === null ? 'plain' : 'trouble';
  store.setState({ proposeRun: null, notice: { tone, text: words() } });
}
