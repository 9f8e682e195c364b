import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { homeAt } from '../../electron/app/home.ts';
import { PreferenceFiles } from '../../electron/app/preferences.ts';
import { openApp } from '../support/apps.ts';
import { temporaryFolder } from '../support/workspaces.ts';

function openFiles(folder: string, workspace: string) {
  const warnings: string[] = [];
  const files = new PreferenceFiles(homeAt(join(folder, 'home')), join(folder, workspace), (warning) =>
    warnings.push(warning),
  );
  return { files, warnings };
}

describe('what the interface remembers', () => {
  it('is the user’s in every workspace, but for what belongs to one', async () => {
    const folder = temporaryFolder();
    const { files } = openFiles(folder, 'first');
    expect(await files.load()).toEqual({ user: {}, workspace: {} });
    // However fast they come, none takes another's place.
    await Promise.all([
      files.save('user', { theme: 'dark', size: '1' }),
      files.save('workspace', { place: 'frame 7' }),
      files.save('user', { theme: 'light' }),
    ]);
    expect(await files.load()).toEqual({ user: { theme: 'light', size: '1' }, workspace: { place: 'frame 7' } });
    expect(await openFiles(folder, 'first').files.load()).toEqual(await files.load());
    expect(await openFiles(folder, 'second').files.load()).toEqual({
      user: { theme: 'light', size: '1' },
      workspace: {},
    });
  });

  it('is moved aside where it cannot be understood, and named', async () => {
    const folder = temporaryFolder();
    const { files, warnings } = openFiles(folder, 'workspace');
    await files.save('workspace', { place: 'frame 7' });
    const file = join(folder, 'workspace', 'interface.json');
    writeFileSync(file, '{ "place": ');
    expect((await files.load()).workspace).toEqual({});
    expect(warnings).toEqual([expect.stringContaining(file)]);
    const [aside] = readdirSync(join(folder, 'workspace'));
    expect(readFileSync(join(folder, 'workspace', aside), 'utf8')).toBe('{ "place": ');
  });

  it('goes through the app, which refuses what is too much', async () => {
    const app = await openApp();
    await app.send('preference:save', { scope: 'workspace', entries: { looks: '{}' } });
    expect(await app.send('preference:load', {})).toEqual({ user: {}, workspace: { looks: '{}' } });
    const entries = { looks: 'x'.repeat(1_000_001) };
    await expect(app.send('preference:save', { scope: 'user', entries })).rejects.toMatchObject({ code: 'bad-input' });
  });
});
