// Owns the one thing that the page sees of the main process: `window.sonosync`, two functions. Runs sandboxed, bundled as CommonJS.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { WindowBridge } from '../common/api.ts';

type Listener = (value: unknown) => void;

const listeners = new Map<string, Set<Listener>>();

ipcRenderer.on('sonosync:event', (_event, name: string, value: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(value);
});

const bridge: WindowBridge = {
  send: (name, input) => ipcRenderer.invoke('sonosync:send', name, input),
  on(name, listener) {
    const ofName = listeners.get(name) ?? new Set();
    listeners.set(name, ofName.add(listener));
    return () => {
      ofName.delete(listener);
    };
  },
  files: {
    // Throws for anything but a File of the page.
    pathOf: (file) => webUtils.getPathForFile(file as File),
    choose: (kind) => ipcRenderer.invoke('sonosync:choose', kind),
  },
};

contextBridge.exposeInMainWorld('sonosync', bridge);
