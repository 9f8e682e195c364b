// Owns the Electron runtime of a source checkout: where it is, whether it fits here, and the one attempt to fetch it.
// Its binary comes from another host than the packages, which closed networks refuse; so the attempt is short and remembered.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How long fetching may take before the browser is used instead. */
export const fetchLimitMs = 60_000;

/** Windows and macOS have a screen; elsewhere X11 or Wayland says so. */
export function hasDisplay(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(environment.DISPLAY) || Boolean(environment.WAYLAND_DISPLAY);
}

/** The executable inside a runtime's folder (as in electron/install.js). */
export function executablePath(folder: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') return join(folder, 'electron.exe');
  if (platform === 'darwin') return join(folder, 'Electron.app', 'Contents', 'MacOS', 'Electron');
  return join(folder, 'electron');
}

/** The runtime that ELECTRON_OVERRIDE_DIST_PATH names, else the fetched one; null where there is none. */
export function findRuntime(root: string, environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null {
  const named = environment.ELECTRON_OVERRIDE_DIST_PATH;
  const folders = [...(named ? [named] : []), join(root, 'node_modules', 'electron', 'dist')];
  return folders.map((folder) => executablePath(folder, platform)).find((path) => existsSync(path)) ?? null;
}

export function runtimeVersion(root: string): string {
  const file = join(root, 'node_modules', 'electron', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version; // a package's own file
}

/** Fetches the runtime into node_modules. Returns null when it is there, else why it is not, in words. */
export function fetchRuntime(root: string, limitMs: number = fetchLimitMs): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(0, 2000);
    });
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => {
      if (code === 0) resolve(null);
      else resolve(signal ? `no answer within ${limitMs / 1000} s` : firstLine(said));
    });
  });
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? 'the download failed';
}
