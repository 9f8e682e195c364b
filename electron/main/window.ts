// Owns the window and what its page may do: its own files, no other page, no other window, no permission, no Node.
import { BrowserWindow, dialog, protocol, session } from 'electron';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interfaceAddress, interfaceScheme, isOwnPage } from './admission.ts';
import { answerInterfaceRequest } from './interface-protocol.ts';

/** Before 'ready': the scheme is a real origin, so that fetch, modules and storage work and the content security policy holds. */
export function registerInterfaceScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: interfaceScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** After 'ready', once. */
export function serveInterface(interfaceFolder: string): void {
  protocol.handle(interfaceScheme, (request) => answerInterfaceRequest(interfaceFolder, request));
  const { defaultSession } = session;
  // Copying a path or an error to the clipboard is all that the page may ask for.
  const isGranted = (permission: string): boolean => permission === 'clipboard-sanitized-write';
  defaultSession.setPermissionRequestHandler((_contents, permission, decide) => decide(isGranted(permission)));
  defaultSession.setPermissionCheckHandler((_contents, permission) => isGranted(permission));
  defaultSession.setDevicePermissionHandler(() => false);
  // Nothing of the application comes from the network; what asks for it is cancelled.
  defaultSession.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !isOwnPage(details.url) && !/^(blob|data|devtools):/.test(details.url) });
  });
}

/** Opens the window; it shows itself when there is something to see. */
export function createWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 680,
    show: false,
    backgroundColor: '#0e1216',
    title: 'SonoSync',
    webPreferences: {
      // The bundle lies beside the main process's: dist/electron.
      preload: join(fileURLToPath(new URL('.', import.meta.url)), 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
    },
  });
  const { webContents } = window;
  const keepPage = (event: { preventDefault(): void; url: string }) => {
    if (!isOwnPage(event.url)) event.preventDefault();
  };
  webContents.on('will-navigate', keepPage);
  webContents.on('will-redirect', keepPage);
  webContents.on('will-frame-navigate', keepPage);
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-prevent-unload', (event) => {
    // The page holds its window open while something is unsaved; only the reader may let go of it.
    if (mayLose(window)) event.preventDefault();
  });
  window.once('ready-to-show', () => window.show());
  return window;
}

/** Asks whether to close with something unsaved. */
function mayLose(window: BrowserWindow): boolean {
  const [stay, close] = [0, 1];
  const answer = dialog.showMessageBoxSync(window, {
    type: 'warning',
    buttons: ['Stay', 'Close and lose it'],
    defaultId: stay,
    cancelId: stay,
    message: 'Not everything is saved.',
    detail:
      'The last changes could not be written yet; the foot of the window says why. If you close now, they are lost.',
  });
  return answer === close;
}

export async function loadInterface(window: BrowserWindow): Promise<void> {
  await window.loadURL(interfaceAddress);
}
