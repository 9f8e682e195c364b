// Owns the commands on base models.
import type { AppContext } from '../context.ts';
import { listInstalledModels } from '../installed-models.ts';
import type { Handlers } from '../router.ts';
import { chooseModel } from '../workflows/choose-model.ts';

export function modelHandlers(context: AppContext): Pick<Handlers, 'model:list' | 'model:choose'> {
  return {
    'model:list': async () => listInstalledModels(context.home, context.modelFolders, context.model.model),
    'model:choose': async ({ id }) => chooseModel(context, id),
  };
}
