// Owns `sync`: downstream synchronization of one label on its corrections.
import type { Command } from 'commander';
import { synchronize } from '../app/workflows/synchronize.ts';
import { wholeNumber } from './option-values.ts';
import { action } from './shell.ts';
import { withWorkspace } from './workspace.ts';

export function addSync(program: Command): void {
  program
    .command('sync')
    .description('train a label on its corrections, and use what was learned where it is better')
    .requiredOption('--label <label>', 'id or name')
    .option('--seed <n>', 'of every random choice', wholeNumber, 1)
    .action(
      action<{ label: string; seed: number }>((options, _args, context) =>
        withWorkspace(context, { create: false }, async (app) => {
          const label = app.context.store.labelNamed(options.label);
          app.warmUp();
          const result = await synchronize(app.context, label.id, {
            seed: options.seed,
            signal: context.signal,
            onProgress: ({ phase, step, steps, loss, validationDice }) => {
              const figures = [
                loss === null ? '' : `loss ${loss.toFixed(4)}`,
                validationDice === null ? '' : `validation Dice ${validationDice.toFixed(4)}`,
              ];
              context.note([`${phase} ${step} of ${steps}`, ...figures.filter(Boolean)].join('  '));
            },
          });
          const { adapterId, activated, reason, validationBefore, validationAfter, caution, corrections, seconds } =
            result;
          return {
            json: {
              label: label.id,
              adapter: adapterId,
              activated,
              reason,
              validationBefore,
              validationAfter,
              caution,
              corrections,
              seconds,
            },
            text: [reason, caution].filter(Boolean).join('\n'),
          };
        }),
      ),
    );
}
