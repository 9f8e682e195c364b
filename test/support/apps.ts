// Owns small apps for tests: the real store, handlers and events, with an engine that is never started, or one whose network is a threshold.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { createApp, type App } from '../../electron/app/app.ts';
import { createEngineClient } from '../../electron/app/engine-client.ts';
import { forkEngine } from '../../electron/app/engine-process.ts';
import { homeAt } from '../../electron/app/home.ts';
import { launchApp } from '../../electron/app/launch.ts';
import { untrainedModelId, writeUntrainedModel } from './model.ts';
import { pngFile, temporaryFolder } from './workspaces.ts';

const stepEngine = fileURLToPath(new URL('./step-engine.ts', import.meta.url));

/** An app on a new workspace, closed when the test is over. */
export async function openApp(workspaceFolder: string = join(temporaryFolder(), 'workspace')): Promise<App> {
  const app = await launchApp({
    host: 'cli',
    workspaceFolder,
    home: homeAt(join(temporaryFolder(), 'home')),
    warn: () => undefined,
  });
  onTestFinished(() => app.close());
  return app;
}

/** An app in `folder` with the engine of step-engine.ts, whose answers are quick and known. The caller closes it. */
export async function createAppOnStepEngine(folder: string): Promise<App> {
  const home = homeAt(join(folder, 'home'));
  await writeUntrainedModel(home.modelsFolder);
  return createApp({
    workspaceFolder: join(folder, 'workspace'),
    home,
    host: 'cli',
    engine: createEngineClient({ spawn: (environment) => forkEngine(environment, stepEngine) }),
    reader: 'A. Reader',
    model: untrainedModelId,
  });
}

/** Imports grey pictures of 12×8 pixels as one study; returns the ids of their frames. */
export async function importPictures(app: App, title: string, shades: readonly number[]): Promise<string[]> {
  const files = await Promise.all(shades.map((shade) => pngFile(`${title}/${title}-${shade}.png`, shade)));
  const { studyIds } = await app.send('study:import', { files });
  return app.context.store.listFrameRecords(studyIds[0]).map(({ id }) => id);
}
