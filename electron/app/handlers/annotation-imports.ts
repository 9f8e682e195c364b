// Owns the commands on annotations from elsewhere.
import type { AppContext } from '../context.ts';
import type { Handlers } from '../router.ts';
import { decideConflict, listConflicts } from '../workflows/conflicts.ts';
import { importAnnotations } from '../workflows/import-annotations.ts';

type ImportCommand = 'annotation:import' | 'conflict:list' | 'conflict:decide';

export function annotationImportHandlers(context: AppContext): Pick<Handlers, ImportCommand> {
  return {
    'annotation:import': async (input) => importAnnotations(context, input),
    'conflict:list': async () => listConflicts(context),
    'conflict:decide': async ({ conflictId, take }) => ({ revisionId: decideConflict(context, conflictId, take) }),
  };
}
