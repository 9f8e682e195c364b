// Owns what the page does about base models: listing them, choosing one, and following a choice wherever it was made.
import type { CommandOutput } from '../../electron/common/api.ts';
import { refreshLabels } from './labels.ts';
import type { Session } from './session.ts';
import { refreshTraining } from './synchronization.ts';

export type InstalledModels = CommandOutput<'model:list'>;

export function listModels({ api }: Session): Promise<InstalledModels> {
  return api.send('model:list', {});
}

/** Makes a model the active one. Throws what the app throws, for the dialog that asked. */
export async function chooseModel(session: Session, id: string): Promise<void> {
  await session.api.send('model:choose', { id });
  await followModel(session);
}

/** Another model may be at work now: its name, the adapters that fit it, and a proposal of its own for what nobody has judged. */
export async function followModel(session: Session): Promise<void> {
  const status = await session.api.send('app:status', {});
  session.store.setState({ status });
  await Promise.all([refreshLabels(session), refreshTraining(session)]);
}
