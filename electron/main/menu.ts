// Owns the application menu: the platform's own entries. What the application does is in the interface, where every action has its key.
import { app, Menu } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';

/** Undo and redo are left out: the menu's would act on text fields and take the keys from the editor. */
export function setMenu(): void {
  const mac: MenuItemConstructorOptions[] = process.platform === 'darwin' ? [{ role: 'appMenu' }] : [];
  const developer: MenuItemConstructorOptions[] = app.isPackaged ? [] : [{ role: 'toggleDevTools' }];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...mac,
      { label: 'File', submenu: [process.platform === 'darwin' ? { role: 'close' } : { role: 'quit' }] },
      { label: 'Edit', submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }] },
      { label: 'View', submenu: [{ role: 'reload' }, { role: 'togglefullscreen' }, ...developer] },
      { role: 'windowMenu' },
    ]),
  );
}
