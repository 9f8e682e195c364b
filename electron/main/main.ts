// Owns the life of the Electron host: one instance, one window, one app behind it, and an orderly end.
import { app as electron, BrowserWindow, dialog, shell } from 'electron';
import type { App } from '../app/app.ts';
import { callerPath } from '../app/caller.ts';
import { findInstallation } from '../app/installation.ts';
import { launchApp } from '../app/launch.ts';
import { AppError } from '../common/errors.ts';
import { spawnUtilityEngine } from './engine.ts';
import { connectWindow } from './ipc.ts';
import { setMenu } from './menu.ts';
import { createWindow, loadInterface, registerInterfaceScheme, serveInterface } from './window.ts';

let running: App | null = null;

/** The workspace that `--workspace DIR` names, or null for that of the first run. */
function workspaceFolder(): string | null {
  const named = electron.commandLine.getSwitchValue('workspace');
  return named === '' ? null : callerPath(named);
}

async function openWindow(app: App): Promise<void> {
  const window = createWindow();
  const disconnect = connectWindow(app, window);
  window.on('closed', disconnect);
  await loadInterface(window);
}

async function start(): Promise<void> {
  await electron.whenReady();
  setMenu();
  serveInterface(findInstallation().interfaceFolder);
  running = await launchApp({
    host: 'electron',
    workspaceFolder: workspaceFolder(),
    spawn: spawnUtilityEngine,
    openFolder,
    warn: (message) => process.stderr.write(`SonoSync: ${message}\n`),
  });
  running.warmUp();
  await openWindow(running);
}

/** In the system's file manager. */
async function openFolder(folder: string): Promise<void> {
  const trouble = await shell.openPath(folder);
  if (trouble !== '') throw new AppError('unsupported', `${folder} cannot be shown: ${trouble}`);
}

/** Says what happened in a window of the system's, since there may be none of ours. */
function fail(error: unknown): void {
  dialog.showErrorBox('SonoSync cannot start', error instanceof Error ? error.message : String(error));
  electron.exit(1);
}

/** Lets the engine end and the workspace close before the process does. */
function closeInOrder(event: Electron.Event): void {
  if (!running) return;
  event.preventDefault();
  const closing = running;
  running = null;
  void closing.close().finally(() => electron.quit());
}

registerInterfaceScheme();
if (electron.requestSingleInstanceLock()) {
  electron.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  electron.on('window-all-closed', () => electron.quit());
  electron.on('will-quit', closeInOrder);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => electron.quit());
  start().catch(fail);
} else {
  electron.quit();
}
