// Owns what the page knows of synchronization: how many corrections there are, the run in progress, its end, and the adapters of the label.
import type { EventValue } from '../../electron/common/api.ts';
import { messageOf } from '../../electron/common/errors.ts';
import type { Session } from './session.ts';
import type { CurvePoint, TrainingRun } from './state.ts';

export async function refreshTraining(session: Session): Promise<void> {
  const { labelId } = session.store.getState();
  if (labelId === null) return;
  const [corrections, adapters] = await Promise.all([
    session.api.send('training:count', { labelId }),
    session.api.send('adapter:list', { labelId }),
  ]);
  if (session.store.getState().labelId === labelId) session.store.setState({ corrections, adapters });
}

export async function startSynchronization(session: Session): Promise<void> {
  const { api, store, editor } = session;
  const { labelId, training } = store.getState();
  if (labelId === null || training) return;
  store.setState({
    training: emptyRun(labelId),
    lastRun: null,
    trainingResult: null,
    trainingTrouble: null,
    rightPanelShown: true,
  });
  try {
    await editor.saves.whenSettled();
    await api.send('training:start', { labelId });
  } catch (error) {
    const message = messageOf(error);
    store.setState({ training: null, trainingTrouble: { labelId, message } });
  }
}

export async function cancelSynchronization(session: Session): Promise<void> {
  const { api, store } = session;
  const { training } = store.getState();
  if (!training) return;
  store.setState({ training: { ...training, cancelling: true } });
  try {
    await api.send('training:cancel', { labelId: training.labelId });
  } catch (error) {
    const message = messageOf(error);
    store.setState({ training, trainingTrouble: { labelId: training.labelId, message } });
  }
}

export function recordProgress(session: Session, progress: EventValue<'training:progressed'>): void {
  const { training } = session.store.getState();
  const run = training?.labelId === progress.labelId ? training : emptyRun(progress.labelId);
  const { labelId, phase, step, steps, secondsLeft, loss, validationDice } = progress;
  const next: TrainingRun = {
    labelId,
    phase,
    step,
    steps,
    secondsLeft,
    losses: addPoint(run.losses, step, loss),
    dice: addPoint(run.dice, step, validationDice),
    cancelling: run.cancelling,
  };
  session.store.setState({ training: next, lastRun: next });
}

function addPoint(points: readonly CurvePoint[], step: number, value: number | null): readonly CurvePoint[] {
  return value === null ? points : [...points, { step, value }];
}

function emptyRun(labelId: string): TrainingRun {
  return { labelId, phase: 'encoding', step: 0, steps: 0, secondsLeft: null, losses: [], dice: [], cancelling: false };
}
