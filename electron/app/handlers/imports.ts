// Owns the commands on import, and on receiving from a scanner.
import type { AppContext } from '../context.ts';
import type { Handlers } from '../router.ts';
import { cancelImport, importStudies, viewImport } from '../workflows/import.ts';

type ImportCommand = 'study:import' | 'import:stage' | 'import:cancel' | 'intake:status' | 'intake:configure';

export function importHandlers(context: AppContext): Pick<Handlers, ImportCommand> {
  return {
    'study:import': async ({ jobId, ...input }) => viewImport(await importStudies(context, input, { jobId })),
    'import:stage': async ({ jobId, parts }) => {
      await context.store.stageImport(jobId, parts);
      return {};
    },
    'import:cancel': async ({ jobId }) => {
      await cancelImport(context, jobId);
      return {};
    },
    'intake:status': async () => context.intake.status(),
    'intake:configure': async (settings) => context.intake.configure(settings),
  };
}
