import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'sonosync-demo-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function demo(...programArguments: string[]) {
  const environment = { ...process.env, SONOSYNC_HOME: join(folder, 'home'), SONOSYNC_CALLER_FOLDER: folder };
  const entry = join(root, 'electron', 'cli', 'main.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, 'demo', ...programArguments], {
    cwd: root,
    env: environment,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('the command demo', () => {
  it('refuses a folder that holds anything, and leaves it as it is', () => {
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const { status, stdout, stderr } = demo('--out', '.', '--json');
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(`${folder} is not empty`);
    expect(readdirSync(folder)).toEqual(['notes.txt']);
  });

  it('names a model that does not exist, and leaves the folder empty for the next try', () => {
    const { status, stderr } = demo('--out', 'page', '--model', 'no-such-model');
    expect(status).toBe(1);
    expect(stderr).toContain('no-such-model');
    expect(readdirSync(join(folder, 'page'))).toEqual([]);
  });

  it('says how it is used', () => {
    const { status, stderr } = demo();
    expect(status).toBe(2);
    expect(stderr).toContain('--out <dir>');
  });
});
