// Electron cannot run without a display and its runtime; what the host asks of it can be seen without. The window itself is tested in
// test/e2e/electron.spec.ts, where a runtime is there.
import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { App } from '../../electron/app/app.ts';
import { EventHub } from '../../electron/app/event-hub.ts';

type Handler = (event: unknown, ...values: unknown[]) => unknown;

const asked = vi.hoisted(() => ({
  handlers: new Map<string, Handler>(),
  windows: [] as unknown[],
  session: {} as Record<string, (...values: never[]) => unknown>,
  schemes: [] as unknown[],
  dialogs: [] as unknown[],
  chosen: { canceled: false, filePaths: ['/scans/exam', '/scans/b.dcm'] },
}));

vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  class Contents extends Emitter {
    openHandler: (() => { action: string }) | null = null;
    sent: unknown[][] = [];
    setWindowOpenHandler(handler: () => { action: string }) {
      this.openHandler = handler;
    }
    send(...values: unknown[]) {
      this.sent.push(values);
    }
  }
  class BrowserWindow extends Emitter {
    options: unknown;
    webContents = new Contents();
    constructor(options: unknown) {
      super();
      this.options = options;
      asked.windows.push(this);
    }
    isDestroyed() {
      return false;
    }
  }
  const keep = (name: string) => (value: (...values: never[]) => unknown) => {
    asked.session[name] = value;
  };
  return {
    BrowserWindow,
    dialog: {
      showOpenDialog: async (_window: unknown, options: unknown) => {
        asked.dialogs.push(options);
        return asked.chosen;
      },
    },
    ipcMain: {
      handle: (channel: string, handler: Handler) => asked.handlers.set(channel, handler),
      removeHandler: (channel: string) => asked.handlers.delete(channel),
    },
    protocol: {
      registerSchemesAsPrivileged: (schemes: unknown[]) => asked.schemes.push(...schemes),
      handle: (scheme: string, handler: (...values: never[]) => unknown) => {
        asked.session[scheme] = handler;
      },
    },
    session: {
      defaultSession: {
        setPermissionRequestHandler: keep('permissionRequest'),
        setPermissionCheckHandler: keep('permissionCheck'),
        setDevicePermissionHandler: keep('devicePermission'),
        webRequest: { onBeforeRequest: keep('request') },
      },
    },
  };
});

const { connectWindow } = await import('../../electron/main/ipc.ts');
const { createWindow, registerInterfaceScheme, serveInterface } = await import('../../electron/main/window.ts');

interface FakeContents extends EventEmitter {
  openHandler: () => { action: string };
  sent: unknown[][];
}

let window: ReturnType<typeof createWindow>;
let contents: FakeContents;
let events: EventHub;
let routed: unknown[];

beforeEach(() => {
  window = createWindow();
  contents = window.webContents as unknown as FakeContents;
  events = new EventHub();
  routed = [];
  const app = {
    events,
    route: async (name: string, input: unknown) => {
      routed.push([name, input]);
      return { ok: true, value: 'answer' };
    },
  };
  return connectWindow(app as unknown as App, window);
});

function send(sender: unknown, frame: unknown, name: unknown): unknown {
  return asked.handlers.get('sonosync:send')?.({ sender, senderFrame: frame }, name, { some: 'input' });
}

describe('the window', () => {
  it('keeps Node out of its page', () => {
    expect(Reflect.get(window, 'options')).toMatchObject({
      webPreferences: {
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        preload: expect.stringMatching(/preload\.cjs$/),
      },
    });
  });

  it('stays on its own page and opens no other', () => {
    for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      const away = { preventDefault: vi.fn(), url: 'https://example.org/' };
      contents.emit(name, away);
      expect(away.preventDefault).toHaveBeenCalledOnce();
      const own = { preventDefault: vi.fn(), url: 'sonosync://app/index.html' };
      contents.emit(name, own);
      expect(own.preventDefault).not.toHaveBeenCalled();
    }
    expect(contents.openHandler()).toEqual({ action: 'deny' });
    const webview = { preventDefault: vi.fn() };
    contents.emit('will-attach-webview', webview);
    expect(webview.preventDefault).toHaveBeenCalledOnce();
  });

  it('loads from its own scheme, an origin of its own, and from nowhere else; it gets no permission', async () => {
    registerInterfaceScheme();
    expect(asked.schemes).toMatchObject([{ scheme: 'sonosync', privileges: { standard: true, secure: true } }]);
    serveInterface('/nowhere');
    const decide = vi.fn();
    asked.session.permissionRequest(null as never, 'media' as never, decide as never);
    expect(decide).toHaveBeenCalledWith(false);
    expect(asked.session.permissionCheck()).toBe(false);
    expect(asked.session.devicePermission()).toBe(false);
    const cancelled = (url: string) => {
      const answer = vi.fn();
      asked.session.request({ url } as never, answer as never);
      return (answer.mock.calls[0] as [{ cancel: boolean }])[0].cancel;
    };
    expect(cancelled('sonosync://app/assets/index.js')).toBe(false);
    expect(cancelled('blob:sonosync://app/1234')).toBe(false);
    expect(cancelled('https://example.org/')).toBe(true);
    expect(cancelled('file:///etc/passwd')).toBe(true);
  });
});

describe('its channel', () => {
  const own = { url: 'sonosync://app/', parent: null };

  it('hands commands of its own page to the router', async () => {
    expect(await send(window.webContents, own, 'study:list')).toEqual({ ok: true, value: 'answer' });
    expect(routed).toEqual([['study:list', { some: 'input' }]]);
  });

  it('refuses embedded frames, other pages, other windows, frames that are gone and unknown commands', async () => {
    const refused = [
      [window.webContents, { url: 'sonosync://app/', parent: own }, 'study:list', 'unauthorized'],
      [window.webContents, { url: 'https://example.org/', parent: null }, 'study:list', 'unauthorized'],
      [window.webContents, null, 'study:list', 'unauthorized'],
      [new EventEmitter(), own, 'study:list', 'unauthorized'],
      [window.webContents, own, 'study:destroy', 'not-found'],
    ] as const;
    for (const [sender, frame, name, code] of refused) {
      expect(await send(sender, frame, name)).toMatchObject({ ok: false, error: { code } });
    }
    expect(routed).toEqual([]);
  });

  it('asks its own page for files or folders in a dialog of the system, and no other', async () => {
    const choose = (frame: unknown, kind: string) =>
      asked.handlers.get('sonosync:choose')?.({ sender: window.webContents, senderFrame: frame }, kind);
    expect(await choose(own, 'folder')).toEqual(['/scans/exam', '/scans/b.dcm']);
    expect(await choose(own, 'files')).toHaveLength(2);
    expect(asked.dialogs).toEqual([
      { properties: ['openDirectory', 'multiSelections'] },
      { properties: ['openFile', 'multiSelections'] },
    ]);
    expect(await choose({ url: 'https://example.org/', parent: null }, 'files')).toEqual([]);
    asked.chosen = { canceled: true, filePaths: [] };
    expect(await choose(own, 'files')).toEqual([]);
    expect(asked.dialogs).toHaveLength(3);
  });

  it('carries events to the page', () => {
    events.emit('label:changed', { labelId: 'l1' });
    expect(contents.sent).toEqual([['sonosync:event', 'label:changed', { labelId: 'l1' }]]);
  });
});
