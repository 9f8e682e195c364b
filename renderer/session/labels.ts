// Owns the labels: which is selected, adding one, and which adapter each uses.
import type { CommandInput } from '../../electron/common/api.ts';
import { openFrame, refreshQueue, reopenFrame } from './navigation.ts';
import { requestMissingProposal } from './proposals.ts';
import type { Session } from './session.ts';
import { refreshTraining } from './synchronization.ts';

export async function selectLabel(session: Session, labelId: string): Promise<void> {
  const { store } = session;
  const { studyId, frameId } = store.getState();
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

export async function refreshLabels(session: Session): Promise<void> {
  const labels = await session.api.send('label:list', {});
  session.store.setState({ labels });
  if (session.store.getState().labelId === null && labels.length > 0) {
    session.store.setState({ labelId: labels[0].id });
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
