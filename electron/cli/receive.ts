// Owns `receive`: takes images from scanners into the workspace until it is interrupted.
import type { Command } from 'commander';
import { defaultIntake } from '../app/intake.ts';
import type { IntakeSettings } from '../common/api.ts';
import { AppError } from '../common/errors.ts';
import { aeTitle, callers, hostAddress, portNumber } from './option-values.ts';
import { action } from './shell.ts';
import type { CommandResult } from './shell.ts';
import { withWorkspace } from './workspace.ts';

interface ReceiveOptions {
  readonly port: number;
  readonly aet: string;
  readonly host: string;
  readonly allow?: IntakeSettings['callers'];
}

export function addReceive(program: Command): void {
  program
    .command('receive')
    .description('receive images from scanners (DICOM C-STORE) into the workspace, until interrupted')
    .option('--port <n>', 'the port to listen on', portNumber, defaultIntake.port)
    .option('--aet <title>', 'the AE title under which scanners call', aeTitle, defaultIntake.aeTitle)
    .option('--host <address>', 'the interface to listen on; 0.0.0.0 for all', hostAddress, defaultIntake.host)
    .option('--allow <callers>', 'AE titles that may send, parted by commas; TITLE@HOST for one machine', callers)
    .action(
      action<ReceiveOptions>(({ port, aet, host, allow = [] }, _args, context) =>
        withWorkspace(context, { create: true }, async (app): Promise<CommandResult> => {
          const { intake } = app.context;
          const stopListening = app.events.on('intake:changed', ({ last, received }) => {
            if (last?.tone === 'trouble') context.note(last.text);
            context.progress(`${received} received`);
          });
          const settings = { enabled: true, aeTitle: aet, port, host, callers: allow };
          const { trouble } = await intake.use(settings);
          if (trouble !== null) throw new AppError('bad-input', trouble);
          const where = `${host}, port ${intake.port}`;
          context.note(`Listening on ${where} as ${aet}. End it with Ctrl-C.`);
          await interrupted(context.signal);
          stopListening();
          const { received, failed, refused } = await intake.status();
          return {
            json: { received, failed, refused },
            text: `${received} received, ${failed} could not be kept, ${refused} calls refused.`,
          };
        }),
      ),
    );
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
