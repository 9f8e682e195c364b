// The real application for browser tests: `sonosync serve` as a process of its own, with its data in a temporary folder.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface ServedApp {
  /** The address with its one-time token. */
  readonly address: string;
  /** SONOSYNC_HOME of this process. */
  readonly home: string;
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
  const host = spawn(process.execPath, command, {
    cwd: root,
    env: {
      ...process.env,
      SONOSYNC_HOME: home,
      ...(programs && { PATH: `${programs}${delimiter}${process.env.PATH ?? ''}` }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const address = await printedAddress(host);
  return {
    address,
    home,
    async stop() {
      const ended = new Promise((resolve) => host.once('exit', resolve));
      if (host.exitCode === null) {
        host.kill('SIGTERM');
        await ended;
      }
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
