// Owns SONOSYNC_HOME: the user's own folder with settings, imported and trained models, and the workspaces that were given no other place.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Home {
  readonly folder: string;
  readonly modelsFolder: string;
  readonly settingsFile: string;
  /** The site's own table of prompt suggestions, in place of the shipped one; often absent. */
  readonly suggestionsFile: string;
  /** The workspace of the first run, with the sample study. */
  readonly sampleWorkspace: string;
}

/**
 * The folder that SONOSYNC_HOME names, else the platform's place for a user's application data.
 * @param callerFolder what a relative SONOSYNC_HOME is relative to.
 */
export function findHome(environment: NodeJS.ProcessEnv = process.env, callerFolder = process.cwd()): Home {
  const named = environment.SONOSYNC_HOME;
  return homeAt(named ? resolve(callerFolder, named) : platformFolder(environment));
}

export function homeAt(folder: string): Home {
  return {
    folder,
    modelsFolder: join(folder, 'models'),
    settingsFile: join(folder, 'settings.json'),
    suggestionsFile: join(folder, 'prompt-suggestions.json'),
    sampleWorkspace: join(folder, 'workspaces', 'sample'),
  };
}

function platformFolder(environment: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') {
    return join(environment.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'SonoSync');
  }
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'SonoSync');
  // XDG Base Directory Specification 0.8; relative values are to be ignored.
  return environment.XDG_DATA_HOME?.startsWith('/')
    ? join(environment.XDG_DATA_HOME, 'sonosync')
    : join(homedir(), '.local', 'share', 'sonosync');
}
