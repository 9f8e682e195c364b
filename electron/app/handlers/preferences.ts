// Owns the commands on what the interface remembers.
import type { preferenceCommands } from '../../common/api/preferences.ts';
import type { AppContext } from '../context.ts';
import type { Handlers } from '../router.ts';

export function preferenceHandlers({ preferences }: AppContext): Pick<Handlers, keyof typeof preferenceCommands> {
  return {
    'preference:load': async () => preferences.load(),
    'preference:save': async ({ scope, entries }) => {
      await preferences.save(scope, entries);
      return {};
    },
  };
}
