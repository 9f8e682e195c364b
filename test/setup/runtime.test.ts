import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { executablePath, fetchRuntime, findRuntime, hasDisplay, runtimeVersion } from '../../electron/setup/runtime.ts';

const root = mkdtempSync(join(tmpdir(), 'sonosync-runtime-'));
const packageFolder = join(root, 'node_modules', 'electron');
mkdirSync(packageFolder, { recursive: true });
writeFileSync(join(packageFolder, 'package.json'), '{ "version": "45.4.1" }');
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Stands in for electron's own installer, which fetches from another host. */
function writeInstaller(source: string): void {
  writeFileSync(join(packageFolder, 'install.js'), source);
}

describe('the Electron runtime', () => {
  it('needs a display, which Windows and macOS have', () => {
    expect(hasDisplay({}, 'linux')).toBe(false);
    expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false);
    expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
    expect(hasDisplay({}, 'darwin')).toBe(true);
    expect(hasDisplay({}, 'win32')).toBe(true);
  });

  it('is found where it is named, else where it was fetched', () => {
    expect(findRuntime(root, {}, 'linux')).toBeNull();
    const fetched = join(packageFolder, 'dist');
    mkdirSync(fetched);
    writeFileSync(executablePath(fetched, 'linux'), '');
    expect(findRuntime(root, {}, 'linux')).toBe(join(fetched, 'electron'));
    const named = join(root, 'elsewhere');
    mkdirSync(named);
    writeFileSync(join(named, 'electron'), '');
    expect(findRuntime(root, { ELECTRON_OVERRIDE_DIST_PATH: named }, 'linux')).toBe(join(named, 'electron'));
    expect(findRuntime(root, { ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' }, 'linux')).toBe(join(fetched, 'electron'));
    expect(runtimeVersion(root)).toBe('45.4.1');
  });

  it('is fetched once, and a refusal is told in one line', async () => {
    writeInstaller('process.exit(0)');
    expect(await fetchRuntime(root)).toBeNull();
    writeInstaller('console.error("\\nHTTPError: refused\\n  at somewhere"); process.exit(1)');
    expect(await fetchRuntime(root)).toBe('HTTPError: refused');
    writeInstaller('setInterval(() => {}, 1000)');
    expect(await fetchRuntime(root, 300)).toBe('no answer within 0.3 s');
  });
});
