// Owns the labels: which is selected, adding, changing and ordering them, and which adapter each uses.
import type { CommandInput } from '../../electron/common/api.ts';
import { offeredLabels } from './label-looks.ts';
import { openFrame, refreshQueue, reopenFrame } from './navigation.ts';
import { shownFrameId } from './playback.ts';
import { requestMissingProposal } from './proposals.ts';
import type { Session } from './session.ts';
import { refreshTraining } from './synchronization.ts';

export async function selectLabel(session: Session, labelId: string): Promise<void> {
  const { store } = session;
  const { studyId } = store.getState();
  const frameId = shownFrameId(store.getState());
  if (store.getState().labelId === labelId) return;
  // The first label of a workspace also opens its first frame.
  if (studyId === null || frameId === null) store.setState({ labelId });
  else await openFrame(session, studyId, frameId, labelId);
  store.setState({ trainingTrouble: null });
  await Promise.all([refreshQueue(session), refreshTraining(session)]);
}

/** Adds a label and selects it. Throws what the app throws, for the form that asked. */
export async function addLabel(session: Session, input: CommandInput<'label:add'>): Promise<void> {
  const label = await session.api.send('label:add', input);
  await refreshLabels(session);
  await selectLabel(session, label.id);
}

/** Adds labels of a set and selects the first of them. Throws what the app throws, for the form that asked. */
export async function applyLabelSet(session: Session, setId: string, names: readonly string[]): Promise<void> {
  const { added, kept } = await session.api.send('label-set:apply', { setId, names: [...names] });
  await refreshLabels(session);
  const [first] = [...added, ...kept];
  if (first) await selectLabel(session, first.id);
}

/** Changes a label. Another name or colour is seen at once; other prompts ask for another proposal. Throws what the app throws. */
export async function changeLabel(
  session: Session,
  labelId: string,
  change: Omit<CommandInput<'label:update'>, 'labelId'>,
): Promise<void> {
  await session.api.send('label:update', { labelId, ...change });
  await leaveUnofferedLabel(session);
}

/** Takes a label away that nobody used. Throws what the app throws where work hangs on it. */
export async function removeLabel(session: Session, labelId: string): Promise<void> {
  await session.api.send('label:remove', { labelId });
  await leaveUnofferedLabel(session);
}

/** Moves a label up or down among those that are offered. */
export async function moveLabel(session: Session, labelId: string, step: 1 | -1): Promise<void> {
  const { labels } = session.store.getState();
  const offered = offeredLabels(labels).map((label) => label.id);
  const other = offered[offered.indexOf(labelId) + step];
  if (other === undefined) return;
  const swapped = labels.map(({ id }) => (id === labelId ? other : id === other ? labelId : id));
  session.store.setState({ labels: swapped.map((id) => labels.find((label) => label.id === id)!) });
  await session.api.send('label:reorder', { labelIds: swapped });
  await refreshLabels(session);
}

/** Where the selected label is no longer offered, the first that is takes its place. */
async function leaveUnofferedLabel(session: Session): Promise<void> {
  await refreshLabels(session);
  const { labels, labelId } = session.store.getState();
  const offered = offeredLabels(labels);
  if (offered.some((label) => label.id === labelId)) return;
  if (offered.length > 0) await selectLabel(session, offered[0].id);
  else {
    session.editor.close();
    session.store.setState({ labelId: null, queue: [] });
  }
}

/** After a change that may be somebody else's: a label that is gone is left. */
export async function followLabels(session: Session): Promise<void> {
  await refreshLabels(session);
  const { labels, labelId } = session.store.getState();
  if (labelId !== null && !labels.some(({ id }) => id === labelId)) await leaveUnofferedLabel(session);
}

export async function refreshLabels(session: Session): Promise<void> {
  const labels = await session.api.send('label:list', {});
  session.store.setState({ labels });
  const [first] = offeredLabels(labels);
  if (session.store.getState().labelId === null && first) {
    session.store.setState({ labelId: first.id });
    await Promise.all([reopenFrame(session), refreshQueue(session), refreshTraining(session)]);
  }
  // Another adapter may be at work now.
  if (session.store.getState().opening.kind === 'idle') requestMissingProposal(session);
}

/** Makes an adapter the label's own, null for the base model; the proposal follows. */
export async function activateAdapter(session: Session, labelId: string, adapterId: string | null): Promise<void> {
  await session.api.send('adapter:activate', { labelId, adapterId });
  await Promise.all([refreshLabels(session), refreshTraining(session)]);
}
