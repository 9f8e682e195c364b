import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, expect, test } from '@playwright/test';
import type { ElectronApplication } from '@playwright/test';
import { findRuntime, hasDisplay } from '../../electron/setup/runtime.ts';

const root = join(import.meta.dirname, '..', '..');
const runtime = findRuntime(root, process.env, process.platform);

test.describe('the Electron window', () => {
  test.skip(runtime === null, 'No Electron runtime: set ELECTRON_OVERRIDE_DIST_PATH, or let "npm start" fetch one.');
  test.skip(!hasDisplay(process.env, process.platform), 'No display.');

  const home = mkdtempSync(join(tmpdir(), 'sonosync-electron-'));
  let application: ElectronApplication;

  test.beforeAll(async () => {
    const bundle = spawnSync(process.execPath, [join(root, 'electron', 'setup', 'bundle.mjs')], { cwd: root });
    expect(bundle.status).toBe(0);
    application = await _electron.launch({
      executablePath: runtime ?? '',
      args: [root],
      env: { ...process.env, SONOSYNC_HOME: home },
    });
  });

  test.afterAll(async () => {
    await application.close();
    rmSync(home, { recursive: true, force: true });
  });

  test('opens on the sample study, with no Node and no way out in its page', async () => {
    const page = await application.firstWindow();
    await expect(page.getByText(/simulated/i).first()).toBeVisible();
    expect(page.url()).toBe('sonosync://app/');
    const inside = await page.evaluate(() => ({
      node: 'require' in globalThis || 'process' in globalThis,
      bridge: Object.keys(Reflect.get(globalThis, 'sonosync') as object).toSorted(),
      opened: globalThis.open('https://example.org') !== null,
    }));
    expect(inside).toEqual({ node: false, bridge: ['on', 'send'], opened: false });
    const left = await page.evaluate(async () => {
      location.href = 'https://example.org/';
      await new Promise((resolve) => setTimeout(resolve, 500));
      return location.href;
    });
    expect(left).toBe('sonosync://app/');
  });

  test('answers commands and refuses unknown ones', async () => {
    const page = await application.firstWindow();
    const replies = await page.evaluate(async () => {
      const { send } = Reflect.get(globalThis, 'sonosync') as {
        send: (name: string, input: unknown) => Promise<unknown>;
      };
      return [await send('app:status', {}), await send('app:destroy', {})];
    });
    expect(replies[0]).toMatchObject({ ok: true, value: { host: 'electron' } });
    expect(replies[1]).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });
});
