// Owns a small app for tests of workflows that need no network: the real store, handlers and events; its engine is never started.
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { App } from '../../electron/app/app.ts';
import { homeAt } from '../../electron/app/home.ts';
import { launchApp } from '../../electron/app/launch.ts';
import { pngFile, temporaryFolder } from './workspaces.ts';

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

/** Imports grey pictures of 12×8 pixels as one study; returns the ids of their frames. */
export async function importPictures(app: App, title: string, shades: readonly number[]): Promise<string[]> {
  const files = await Promise.all(shades.map((shade) => pngFile(`${title}/${title}-${shade}.png`, shade)));
  const { studyIds } = await app.send('study:import', { files });
  return app.context.store.listFrameRecords(studyIds[0]).map(({ id }) => id);
}
