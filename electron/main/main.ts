// Owns the life of the Electron host: one instance, one window, one app behind it, and an orderly end.
import { app as electron, BrowserWindow, dialog, shell } from 'electron';
import type { App } from '../app/app.ts';
import { findInstallation } from '../app/installation.ts';
import { launchApp } from '../app/launch.ts';
import { AppError, messageOf } from '../common/errors.ts';
import { namedWorkspace, refuseSecondWorkspace } from './command-line.ts';
import { spawnUtilityEngine } from './engine.ts';
import { connectWindow } from './ipc.ts';
import { setMenu } from './menu.ts';
import { createWindow, loadInterface, registerInterfaceScheme, serveInterface } from './window.ts';

let running: App | null = null;
const wantedWorkspace = namedWorkspace(process.argv);

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
    workspaceFolder: wantedWorkspace,
    spawn: spawnUtilityEngine,
    openFolder,
    warn: (message) => process.stderr.write(`SonoSync: ${message}\n`),
  });
  running.warmUp();
  running.openIntake();
  await openWindow(running);
}

/** In the system's file manager. */
async function openFolder(folder: string): Promise<void> {
  const trouble = await shell.openPath(folder);
  if (trouble !== '') throw new AppError('unsupported', `${folder} cannot be shown: ${trouble}`);
}

/** Says what happened in a window of the system's, since there may be none of ours. */
function fail(error: unknown): void {
  dialog.showErrorBox('SonoSync cannot start', messageOf(error));
  electron.exit(1);
}

/** Shows the window that is there; a second start that wants another workspace is told why it does not get it. */
function answerSecondStart(second: unknown): void {
  const [window] = BrowserWindow.getAllWindows();
  if (!window || !running) return;
  if (window.isMinimized()) window.restore();
  window.focus();
  const wanted = second as { readonly workspace?: string | null } | null; // what a start of this file hands to the lock, or an older one
  const message = refuseSecondWorkspace(running.context.store.folder, wanted?.workspace ?? null);
  if (message) void dialog.showMessageBox(window, { type: 'info', message });
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
if (electron.requestSingleInstanceLock({ workspace: wantedWorkspace })) {
  electron.on('second-instance', (_event, _argv, _folder, second) => answerSecondStart(second));
  electron.on('window-all-closed', () => electron.quit());
  electron.on('will-quit', closeInOrder);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => electron.quit());
  start().catch(fail);
} else {
  electron.quit();
}
