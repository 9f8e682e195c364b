// Owns `propose`: proposals for every frame that nobody has decided on, of one label or all.
import type { Command } from 'commander';
import { preAnnotate } from '../app/workflows/pre-annotate.ts';
import { describeUnreadable } from '../app/workflows/unreadable-frames.ts';
import { AppError } from '../common/errors.ts';
import type { Frame } from '../common/study.ts';
import { action } from './shell.ts';
import type { CommandResult } from './shell.ts';
import { withWorkspace } from './workspace.ts';

export function addPropose(program: Command): void {
  program
    .command('propose')
    .description('propose masks for all frames that nobody has annotated yet')
    .option('--label <label>', 'id or name; all labels where it is left out')
    .option('--accept', 'accept each proposal as it is')
    .action(
      action<{ label?: string; accept?: true }>((options, _args, context) =>
        withWorkspace(context, { create: false }, async (app): Promise<CommandResult> => {
          const { store } = app.context;
          const labels = options.label ? [store.labelNamed(options.label)] : store.listLabels();
          if (labels.length === 0)
            throw new AppError('bad-input', 'The workspace has no label: add one with "label add".');
          app.warmUp();
          const proposals = [];
          const unreadable = [];
          for (const label of labels) {
            const outcome = await preAnnotate(app.context, label, {
              accept: options.accept === true,
              signal: context.signal,
              onProgress: (done, total) => context.note(`${label.name}: ${done} of ${total}`),
            });
            const placeOf = (frame: Frame) => ({
              instance: store.frameContext(frame.id).instance.sopInstanceUID,
              frame: frame.frameNumber,
              label: label.id,
            });
            for (const { frame, proposal } of outcome.proposals) {
              proposals.push({ ...placeOf(frame), meanProbability: proposal.meanProbability });
            }
            for (const { frame, reason } of outcome.unreadable) unreadable.push({ ...placeOf(frame), reason });
            const trouble = describeUnreadable(outcome.unreadable);
            if (trouble !== null) context.note(`${label.name}: ${trouble}`);
          }
          return {
            json: { proposals, unreadable },
            text: `${proposals.length} proposals.`,
            incomplete: unreadable.length > 0,
          };
        }),
      ),
    );
}
