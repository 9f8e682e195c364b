// Owns the commands that work on a workspace: the app is opened for one command and closed after it.
import type { App } from '../app/app.ts';
import { callerFolder, callerPath } from '../app/caller.ts';
import { findHome } from '../app/home.ts';
import { launchApp } from '../app/launch.ts';
import { AppError } from '../common/errors.ts';
import type { CommandContext } from './shell.ts';

/** Runs `work` on the workspace of `--workspace`. With `create` false a folder that is none yet is refused. */
export async function withWorkspace<T>(
  context: CommandContext,
  options: { readonly create: boolean },
  work: (app: App) => Promise<T>,
): Promise<T> {
  if (!context.workspace) throw new AppError('bad-input', 'This command works on a workspace: add --workspace DIR.');
  const app = await launchApp({
    host: 'cli',
    workspaceFolder: callerPath(context.workspace),
    create: options.create,
    home: findHome(process.env, callerFolder()),
    warn: context.note,
  });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}
