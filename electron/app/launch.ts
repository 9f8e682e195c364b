// Owns how a host begins: home folder, settings, engine, workspace, and the sample study where none was named.
import { messageOf } from '../common/errors.ts';
import { createApp } from './app.ts';
import type { App, AppOptions } from './app.ts';
import { createEngineClient } from './engine-client.ts';
import { forkEngine } from './engine-process.ts';
import type { SpawnEngine } from './engine-process.ts';
import { findHome } from './home.ts';
import type { Home } from './home.ts';
import { findInstallation } from './installation.ts';
import { loadSettings, readerName } from './settings.ts';
import { addSampleStudy } from './workflows/first-run.ts';

export interface LaunchOptions {
  readonly host: AppOptions['host'];
  /** Null takes the workspace of the first run, which holds the sample study. */
  readonly workspaceFolder: string | null;
  /** False refuses a folder that is no workspace yet. */
  readonly create?: boolean;
  /** Id or folder of the base model; null takes the settings', else the starter model. */
  readonly model?: string | null;
  readonly home?: Home;
  /** How the engine is started: as a child of plain Node where it is left out. */
  readonly spawn?: SpawnEngine;
  readonly openFolder?: AppOptions['openFolder'];
  readonly warn: (message: string) => void;
}

/** Opens the app. Throws what createApp throws; nothing is left running then. */
export async function launchApp(options: LaunchOptions): Promise<App> {
  const home = options.home ?? findHome();
  const settings = await loadSettings(home, options.warn);
  const installation = findInstallation();
  const model = options.model ?? settings.model;
  const engine = createEngineClient({ spawn: options.spawn ?? ((environment) => forkEngine(environment)) });
  try {
    const app = await createApp({
      workspaceFolder: options.workspaceFolder ?? home.sampleWorkspace,
      create: options.create ?? true,
      home,
      host: options.host,
      engine,
      reader: readerName(settings),
      installation,
      ...(options.openFolder ? { openFolder: options.openFolder } : {}),
      ...(model ? { model } : {}),
    });
    if (options.workspaceFolder === null) await offerSampleStudy(app, installation.resourcesFolder, options.warn);
    return app;
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** Without its sample the application is empty, not broken. */
async function offerSampleStudy(app: App, resourcesFolder: string, warn: LaunchOptions['warn']): Promise<void> {
  try {
    await addSampleStudy(app.context, resourcesFolder);
  } catch (error) {
    warn(`The sample study could not be opened. ${messageOf(error)}`);
  }
}
