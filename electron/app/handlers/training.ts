// Owns the commands on downstream synchronization.
import type { AppContext } from '../context.ts';
import type { Handlers } from '../router.ts';
import { cancelTraining, checkTrainable, neededCorrections, synchronize } from '../workflows/synchronize.ts';

type TrainingCommand = 'training:count' | 'training:start' | 'training:cancel';

export function trainingHandlers(context: AppContext): Pick<Handlers, TrainingCommand> {
  return {
    'training:count': async ({ labelId }) => ({
      corrections: context.store.countCorrections(labelId),
      needed: neededCorrections,
    }),
    'training:start': async ({ labelId, seed }) => {
      checkTrainable(context, labelId);
      // The end, good or bad, is told by an event.
      synchronize(context, labelId, { seed }).catch(() => undefined);
      return { labelId };
    },
    'training:cancel': async ({ labelId }) => {
      cancelTraining(context, labelId);
      return {};
    },
  };
}
