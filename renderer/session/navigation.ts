// Owns going somewhere: studies, frames, and what to annotate next.
import { offeredLabels } from './label-looks.ts';
import type { InstanceSummary, QueueItem, Strip } from '../../electron/common/api.ts';
import { t } from '../strings/index.ts';
import { fittedView } from './display.ts';
import { adoptTarget, requestMissingProposal } from './proposals.ts';
import { selectedFrame, type Session } from './session.ts';
import { describeFailure, type SessionState } from './state.ts';
import { neighbourStudy } from './study-tree.ts';

export const placeKey = 'sonosync.place';

/** The frame last seen of each study and each instance, so that coming back continues there. */
const lastFrames = new WeakMap<Session, Map<string, string>>();

export async function openStudy(session: Session, studyId: string): Promise<void> {
  const study = session.store.getState().studies.find((candidate) => candidate.id === studyId);
  if (!study) return;
  await openFrame(session, studyId, lastFrames.get(session)?.get(studyId) ?? study.firstFrameId);
}

export async function openInstance(session: Session, instance: InstanceSummary): Promise<void> {
  const { id, studyId, firstFrameId } = instance;
  await openFrame(session, studyId, lastFrames.get(session)?.get(id) ?? firstFrameId);
}

/**
 * Shows a frame with the selected label: its annotation, else its proposal, else one is asked for. A frame that is left before it has
 * loaded changes nothing any more.
 */
export async function openFrame(session: Session, studyId: string, frameId: string, labelId?: string): Promise<void> {
  const { api, store, editor, tools } = session;
  tools.cancel();
  const before = store.getState();
  const label = labelId ?? before.labelId ?? offeredLabels(before.labels)[0]?.id ?? null;
  const sameStrip = before.frames.some((frame) => frame.id === frameId);
  store.setState({
    studyId,
    frameId,
    labelId: label,
    ...(sameStrip ? {} : { frames: [], cine: null, frameDurationsMs: null }),
    playback: { ...before.playback, kind: 'still' },
    shownFrameId: null,
    opening: { kind: 'busy' },
    proposing: { kind: 'idle' },
    previewBox: null,
    earlierProposal: null,
    notice: null,
  });
  remember(session, studyId, frameId, label);
  if (label !== null && !editor.openAgain(frameId, label)) editor.close();
  const isCurrent = (): boolean => store.getState().frameId === frameId && store.getState().labelId === label;
  try {
    const [strip, loaded] = await Promise.all([
      sameStrip ? null : api.send('strip:load', { frameId }),
      label === null ? null : api.send('annotation:load', { frameId, labelId: label }),
    ]);
    for (const frame of strip?.frames ?? []) session.studyOfFrame.set(frame.id, studyId);
    if (!isCurrent()) return;
    if (strip) adoptStrip(session, strip);
    const frame = selectedFrame(store.getState());
    if (!frame) throw new Error('This frame is no longer part of its study.');
    lastFrames.get(session)?.set(frame.instanceId, frameId);
    const state = store.getState();
    const shown = selectedFrame(before);
    const sameShape = shown?.width === frame.width && shown.height === frame.height;
    if (!sameShape && state.canvasSize.width > 0) store.setState({ view: fittedView(state, frame) });
    // Where frames have begun to pass by meanwhile, it is opened when they stop.
    if (loaded && label !== null && state.shownFrameId === null)
      editor.open({ frameId, labelId: label, width: frame.width, height: frame.height, ...loaded });
    store.setState({ opening: { kind: 'idle' } });
    adoptTarget(session, loaded?.proposal ?? null);
    requestMissingProposal(session);
  } catch (error) {
    if (isCurrent()) store.setState({ opening: describeFailure(error) });
  }
}

/** The strip as the app has it now. */
export function adoptStrip({ store }: Session, { frames, cine, frameDurationsMs }: Strip): void {
  store.setState({ frames, cine, frameDurationsMs });
}

/** Loads the selected frame again, after a failure. */
export async function reopenFrame(session: Session): Promise<void> {
  const { studyId, frameId } = session.store.getState();
  if (studyId !== null && frameId !== null) await openFrame(session, studyId, frameId);
}

/** Steps inside the strip, from the frame that is shown; stops at its ends. */
export async function stepFrame(session: Session, step: number): Promise<void> {
  const { studyId, frameId, frames, shownFrameId } = session.store.getState();
  const shown = shownFrameId ?? frameId;
  const index = frames.findIndex((frame) => frame.id === shown);
  const next = frames[Math.min(frames.length - 1, Math.max(0, index + step))];
  if (studyId !== null && next && (next.id !== shown || shownFrameId !== null))
    await openFrame(session, studyId, next.id);
}

/** The study before or after the open one, of those that the study browser shows and in their order there. */
export async function stepStudy(session: Session, step: 1 | -1): Promise<void> {
  const state = session.store.getState();
  const next = neighbourStudy(state, state.studyId, step);
  if (next) await openStudy(session, next.id);
}

/** The frame that teaches most, other than the open one. */
export function nextInQueue(state: SessionState): QueueItem | null {
  return state.queue.find((item) => item.frameId !== state.frameId) ?? null;
}

/** Goes to the frame that teaches most, other than this one. Says so where there is none left. */
export async function openNext(session: Session): Promise<void> {
  const { store } = session;
  if (!nextInQueue(store.getState())) {
    const { frameId, labelId } = store.getState();
    // The last decision has to be durable before the queue can know of it.
    await session.editor.saves.whenSettled();
    await refreshQueue(session);
    // A reader who has gone on meanwhile, or has begun something, is not carried away.
    const now = store.getState();
    if (now.frameId !== frameId || now.labelId !== labelId || !session.tools.isIdle) return;
  }
  const next = nextInQueue(store.getState());
  if (!next) {
    store.setState({ notice: { tone: 'plain', text: t('notices.nothingLeft') } });
    return;
  }
  // Decided now; the list is asked for again once the decision is saved.
  store.setState((state) => ({ queue: state.queue.filter((item) => item.frameId !== state.frameId) }));
  await openFrame(session, next.studyId, next.frameId);
}

export async function refreshQueue(session: Session): Promise<void> {
  const { labelId } = session.store.getState();
  if (labelId === null) return;
  const queue = await session.api.send('queue:list', { labelId });
  if (session.store.getState().labelId === labelId) session.store.setState({ queue });
}

function remember(session: Session, studyId: string, frameId: string, labelId: string | null): void {
  const ofStudies = lastFrames.get(session) ?? new Map<string, string>();
  lastFrames.set(session, ofStudies.set(studyId, frameId));
  session.memory.setItem(placeKey, JSON.stringify({ studyId, frameId, labelId }));
}
