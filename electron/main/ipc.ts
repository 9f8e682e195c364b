// Owns the channels between the window and the app: commands in (checked by name and by sender), events out, files chosen in a dialog.
import { dialog, ipcMain } from 'electron';
import type { BrowserWindow, IpcMainInvokeEvent } from 'electron';
import type { ApiReply } from '../common/api.ts';
import type { App } from '../app/app.ts';
import { chooseChannel, eventChannel, isOwnPage, refuse, sendChannel } from './admission.ts';

/** Answers this window's own page, and nobody else. Returns the function that ends it. */
export function connectWindow(app: App, window: BrowserWindow): () => void {
  ipcMain.handle(sendChannel, (event, name: unknown, input: unknown): Promise<ApiReply<unknown>> => {
    const refusal = refuse(name, isSentBy(event, window));
    return refusal ? Promise.resolve({ ok: false, error: refusal }) : app.route(String(name), input);
  });
  const unsubscribe = app.events.subscribe((name, value) => {
    if (!window.isDestroyed()) window.webContents.send(eventChannel, name, value);
  });
  ipcMain.handle(chooseChannel, async (event, kind: unknown): Promise<string[]> => {
    if (!isSentBy(event, window)) return [];
    const properties = kind === 'folder' ? (['openDirectory'] as const) : (['openFile'] as const);
    const chosen = await dialog.showOpenDialog(window, { properties: [...properties, 'multiSelections'] });
    return chosen.canceled ? [] : chosen.filePaths;
  });
  return () => {
    unsubscribe();
    ipcMain.removeHandler(chooseChannel);
    ipcMain.removeHandler(sendChannel);
  };
}

/** The top frame of the window, showing the application's own page: a frame that left it or is embedded is none of ours. */
function isSentBy(event: IpcMainInvokeEvent, window: BrowserWindow): boolean {
  const frame = event.senderFrame;
  if (!frame || window.isDestroyed() || event.sender !== window.webContents) return false;
  return frame.parent === null && isOwnPage(frame.url);
}
