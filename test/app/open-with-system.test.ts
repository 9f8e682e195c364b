import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openWithSystem } from '../../electron/app/open-with-system.ts';
import { temporaryFolder, thrownBy } from '../support/workspaces.ts';

/** A folder of programs that is the whole of the path, with an opener that does what the shell is told; null for none. */
async function withOpener(script: string | null): Promise<string> {
  const folder = temporaryFolder();
  const before = process.env.PATH;
  onTestFinished(() => {
    process.env.PATH = before;
  });
  process.env.PATH = folder;
  if (script === null) return folder;
  const name = process.platform === 'darwin' ? 'open' : 'xdg-open';
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
  return folder;
}

describe.skipIf(process.platform === 'win32')("the system's own program", () => {
  it('is given what is to be opened, as it is', async () => {
    const folder = await withOpener('printf %s "$1" > "${0%/*}/opened"');
    await openWithSystem('/exports/of "mine"; $(echo 2)');
    expect(await readFile(join(folder, 'opened'), 'utf8')).toBe('/exports/of "mine"; $(echo 2)');
  });

  it.each([
    ['is missing', null],
    ['says that it could not', 'exit 3'],
  ])('that %s is reported in words', async (_which, script) => {
    await withOpener(script);
    expect(await thrownBy(() => openWithSystem('/exports'))).toMatchObject({
      code: 'unsupported',
      message: 'This machine has no program that opens /exports.',
    });
  });

  it('that stays open is not waited for', async () => {
    await withOpener('while :; do /bin/sleep 0.05; [ $((i = i + 1)) -gt 60 ] && exit 1; done');
    const started = performance.now();
    await openWithSystem('/exports');
    expect(performance.now() - started).toBeLessThan(2500);
  });
});
