// Owns the commands that are one job of the engine: options go in as JSON, progress comes out on standard error.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createEngineClient } from '../app/engine-client.ts';
import type { EngineClient } from '../app/engine-client.ts';
import { forkEngine } from '../app/engine-process.ts';
import { findHome } from '../app/home.ts';
import { findInstallation } from '../app/installation.ts';
import { findBaseModel, modelSearchFolders } from '../app/base-model.ts';
import { callerFolder, callerPath } from '../app/caller.ts';
import type { JobName } from '../common/engine-protocol.ts';
import type { CommandContext } from './shell.ts';

/** Runs `work` with an engine of its own, which is gone afterwards. */
export async function withEngine<T>(work: (engine: EngineClient) => Promise<T>): Promise<T> {
  const engine = createEngineClient({ spawn: (environment) => forkEngine(environment) });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

/** Runs one job to its end with an engine of its own. Throws the engine's AppError, or AbortError after Ctrl-C. */
export function runJob(
  job: JobName,
  options: Readonly<Record<string, unknown>>,
  context: CommandContext,
): Promise<Readonly<Record<string, unknown>>> {
  return withEngine((engine) => runJobOn(engine, job, options, context));
}

/** The same on an engine that is there. Undefined options are left out. */
export function runJobOn(
  engine: EngineClient,
  job: JobName,
  options: Readonly<Record<string, unknown>>,
  context: CommandContext,
): Promise<Readonly<Record<string, unknown>>> {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return engine.call(
    'job:run',
    { job, options: given },
    {
      signal: context.signal,
      onProgress: ({ message, fraction }) => {
        context.note(fraction === null ? message : `${(100 * fraction).toFixed(0).padStart(3)} %  ${message}`);
      },
      onRetry: (reason) => context.note(`${reason} The job starts again.`),
    },
  );
}

/**
 * The folder of a model that was named by its id or its folder; a relative path starts where the user called from.
 * Throws AppError('not-found') naming the models there are.
 */
export async function modelFolder(idOrFolder: string): Promise<string> {
  const searchFolders = modelSearchFolders(findInstallation(), findHome(process.env, callerFolder()));
  const path = callerPath(idOrFolder);
  const isPath = /[\\/]|^\.{1,2}$/.test(idOrFolder);
  try {
    return (await findBaseModel(isPath ? path : idOrFolder, searchFolders)).folder;
  } catch (error) {
    // A folder in the caller's own may have a plain name, too; an installed model of that id comes first.
    if (!isPath && existsSync(join(path, 'manifest.json'))) return (await findBaseModel(path, searchFolders)).folder;
    throw error;
  }
}
