// Owns the commands on exports.
import { exportFormats } from '../../export/registry.ts';
import type { AppContext } from '../context.ts';
import type { Handlers } from '../router.ts';
import { exportAnnotations } from '../workflows/export.ts';

export function exportHandlers(context: AppContext): Pick<Handlers, 'export:formats' | 'export:run'> {
  return {
    'export:formats': async () => exportFormats.map(({ id, title, description }) => ({ id, title, description })),
    'export:run': async (input) => exportAnnotations(context, input),
  };
}
