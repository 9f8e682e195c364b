// Owns the running of the app for a browser on this machine, from the start to an orderly end.
import { launchApp } from '../app/launch.ts';
import type { LaunchOptions } from '../app/launch.ts';
import { openWithSystem } from '../app/open-with-system.ts';
import { startWebHost } from './host.ts';
import { findInstallation } from '../app/installation.ts';

export interface ServeOptions extends Omit<LaunchOptions, 'host' | 'openFolder'> {
  /** 0 takes a free port. */
  readonly port: number;
  readonly openBrowser: boolean;
  /** Told the address with the one-time token as soon as it works. */
  readonly announce: (address: string) => void;
  /** Ends the server. */
  readonly signal: AbortSignal;
}

/** Serves until the signal; by then the engine has ended and the workspace is closed. Throws what launchApp and startWebHost throw. */
export async function serveInBrowser(options: ServeOptions): Promise<void> {
  const app = await launchApp({ ...options, host: 'web', openFolder: openWithSystem });
  try {
    const host = await startWebHost({ app, interfaceFolder: findInstallation().interfaceFolder, port: options.port });
    try {
      app.warmUp();
      app.openIntake();
      const address = host.issueAddress();
      options.announce(address);
      // Where no browser opens the printed address remains.
      if (options.openBrowser) openWithSystem(address).catch(() => undefined);
      await ended(options.signal);
    } finally {
      await host.close();
    }
  } finally {
    await app.close();
  }
}

function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
