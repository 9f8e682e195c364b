import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const entry = join(root, 'electron', 'setup', 'start.ts');
const folder = mkdtempSync(join(tmpdir(), 'sonosync-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Without a display, as on a server: what opens a window is tested where there is one.
const environment = { ...process.env, SONOSYNC_HOME: join(folder, 'home'), DISPLAY: '', WAYLAND_DISPLAY: '' };

/** Waits for the printed address. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const address = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(printed)?.[0];
      if (address) resolve(address);
    });
    child.on('exit', (code) => reject(new Error(`Ended with ${code} before it printed an address.`)));
  });
}

async function waitUntilGone(address: string): Promise<void> {
  for (;;) {
    const answered = await fetch(address).then(
      () => true,
      () => false,
    );
    if (!answered) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe.skipIf(process.platform === 'win32' || process.platform === 'darwin')('npm start without a display', () => {
  it('says so in one line, serves the application and ends on Ctrl-C', async () => {
    const child = spawn(process.execPath, [entry, '--workspace', join(folder, 'first')], { env: environment });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
    const address = await addressOf(child);
    expect(errors.split('\n')[0]).toMatch(/^SonoSync: There is no display here\..*browser\.$/);
    expect((await fetch(address)).status).toBe(200);
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: 0, signal: null });
    await expect(fetch(address)).rejects.toThrow('fetch failed');
  });

  it('ends when the process that started it is gone', async () => {
    const source = `
      const { spawn } = require('node:child_process');
      spawn(process.execPath, ${JSON.stringify([entry, '--workspace', join(folder, 'second')])}, { stdio: 'inherit' });
    `;
    const parent = spawn(process.execPath, ['--input-type=commonjs', '--eval', source], { env: environment });
    const address = await addressOf(parent);
    parent.kill('SIGKILL');
    await waitUntilGone(address);
  });

  it('refuses a port that is none', async () => {
    const child = spawn(process.execPath, [entry, '--port', 'many'], { env: environment });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(1);
    expect(errors).toContain('--port');
  });
});
