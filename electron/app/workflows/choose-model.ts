// Owns the change of the base model: checked first, remembered, then used for everything that is asked from then on.
import type { CommandOutput } from '../../common/api.ts';
import { isAbortError, messageOf } from '../../common/errors.ts';
import type { AppContext } from '../context.ts';
import { findIntactModel } from '../installed-models.ts';
import { saveSettings } from '../settings.ts';

/**
 * Makes an installed model the active one. Its files are compared with their hashes and the engine loads it before anything changes.
 * Work that runs goes on with the model that it began with; adapters of another model stay stored and rest until that is chosen again.
 * Throws AppError('not-found') naming the models there are, 'corrupt' naming the file, 'storage' where the choice cannot be kept.
 */
export async function chooseModel(context: AppContext, id: string): Promise<CommandOutput<'model:choose'>> {
  const { engine, events, home, modelFolders } = context;
  const model = await findIntactModel(id, modelFolders);
  await engine.call('model:describe', { model: { folder: model.folder } });
  await saveSettings(home, { model: model.id });
  context.model = { model };
  const chosen = { id: model.id, title: model.title, hash: model.hash };
  events.emit('model:changed', chosen);
  // Its outcome is told by 'engine:changed'; the fastest provider may be another for this network.
  engine.call('engine:probe', { model: { folder: model.folder } }).catch((error: unknown) => {
    if (isAbortError(error)) return;
    const summary = `The providers could not be compared with this model. ${messageOf(error)}`;
    events.emit('engine:changed', { ...engine.state(), summary });
  });
  return chosen;
}
