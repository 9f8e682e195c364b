// The real application for browser tests: `sonosync serve` as a process of its own, with its data in a temporary folder.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface ServedApp {
  /** The address with its one-time token; another one after a restart. */
  readonly address: string;
  /** SONOSYNC_HOME of this process. */
  readonly home: string;
  /** Ends the process as a reader does, and starts another one on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the host and waits for the address that it prints; `prepare` may put models or settings into SONOSYNC_HOME first, `programs` is a
 * folder of programs that are found before the system's, `command` another host than that of `sonosync serve`. Throws with what it said when it ends before that.
 */
export async function serveApp(
  prepare?: (home: string) => void | Promise<void>,
  programs?: string,
  command: readonly string[] = ['electron/cli/main.ts', 'serve', '--port', '0'],
): Promise<ServedApp> {
  const home = mkdtempSync(join(tmpdir(), 'sonosync-e2e-'));
  await prepare?.(home);
  const start = (): ChildProcess =>
    spawn(process.execPath, command, {
      cwd: root,
      env: {
        ...process.env,
        SONOSYNC_HOME: home,
        ...(programs && { PATH: `${programs}${delimiter}${process.env.PATH ?? ''}` }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  let host = start();
  let address = await printedAddress(host);
  const end = async (): Promise<void> => {
    const ended = new Promise((resolve) => host.once('exit', resolve));
    if (host.exitCode !== null) return;
    host.kill('SIGTERM');
    await ended;
  };
  return {
    get address() {
      return address;
    },
    home,
    async restart() {
      await end();
      host = start();
      address = await printedAddress(host);
    },
    async stop() {
      await end();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function printedAddress(host: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(said);
      if (found) resolve(found[0]);
    };
    host.stdout?.on('data', listen);
    host.stderr?.on('data', listen);
    host.once('exit', (code) => reject(new Error(`The host ended with ${code}: ${said}`)));
  });
}
