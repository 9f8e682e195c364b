// Owns the choice of host: the Electron window's bridge where there is one, else the loopback server that served this page.
import type { WindowBridge } from '../../electron/common/api.ts';
import type { ConnectedApi } from './connection.ts';
import { HttpApi } from './http-api.ts';
import { WindowApi } from './window-api.ts';

declare global {
  interface Window {
    readonly sonosync?: WindowBridge;
  }
}

export function connectToHost(): ConnectedApi {
  return window.sonosync ? new WindowApi(window.sonosync) : new HttpApi(window.location.origin);
}
