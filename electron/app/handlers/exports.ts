// Owns the commands on exports.
import { AppError } from '../../common/errors.ts';
import type { AppContext } from '../context.ts';
import type { Handlers } from '../router.ts';

export function exportHandlers(_context: AppContext): Pick<Handlers, 'export:formats' | 'export:run'> {
  return {
    'export:formats': async () => [],
    'export:run': async ({ format }) => {
      throw new AppError('unsupported', `There is no export format "${format}".`);
    },
  };
}
