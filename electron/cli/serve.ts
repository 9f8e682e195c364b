// Owns `serve`: the application for a browser on this machine.
import type { Command } from 'commander';
import { callerFolder, callerPath } from '../app/caller.ts';
import { findHome } from '../app/home.ts';
import { serveInBrowser } from '../web/serve.ts';
import { modelFolder } from './engine-job.ts';
import { portNumber } from './option-values.ts';
import { action } from './shell.ts';

interface ServeOptions {
  readonly port: number;
  readonly model?: string;
  readonly open?: true;
}

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('serve the application on 127.0.0.1, for a browser on this machine')
    .option('--port <n>', 'a free one where it is left out', portNumber, 0)
    .option('--model <model>', 'id or folder of the base model')
    .option('--open', 'open the browser too')
    .action(
      action<ServeOptions>(async ({ port, model, open }, _args, context) => {
        await serveInBrowser({
          workspaceFolder: context.workspace === null ? null : callerPath(context.workspace),
          home: findHome(process.env, callerFolder()),
          model: model === undefined ? null : await modelFolder(model),
          port,
          openBrowser: open === true,
          signal: context.signal,
          warn: context.note,
          announce: (address) => {
            process.stdout.write(context.json ? `${JSON.stringify({ address })}\n` : `SonoSync: ${address}\n`);
          },
        });
        return { json: { ended: true }, text: 'SonoSync has ended.' };
      }),
    );
}
