import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findHome, homeAt } from '../../electron/app/home.ts';
import { loadSettings, readerName, saveSettings } from '../../electron/app/settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sonosync-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('settings', () => {
  it('are empty where there is no file, and keep what a change leaves out', async () => {
    const home = homeAt(join(folder, 'deep', 'home'));
    expect(await loadSettings(home, () => {})).toEqual({});
    await saveSettings(home, { reader: 'A. Reader' });
    await saveSettings(home, { model: 'starter' });
    expect(await loadSettings(home, () => {})).toEqual({ reader: 'A. Reader', model: 'starter' });
  });

  it('moves a file aside that it cannot understand, says so, and loses nothing of it', async () => {
    const home = homeAt(folder);
    writeFileSync(home.settingsFile, '{ "reader": ');
    const warnings: string[] = [];
    expect(await loadSettings(home, (warning) => warnings.push(warning))).toEqual({});
    expect(warnings).toHaveLength(1);
    const [aside] = readdirSync(folder);
    expect(warnings[0]).toContain(aside);
    expect(readFileSync(join(folder, aside), 'utf8')).toBe('{ "reader": ');
  });

  it('names the file that cannot be read', async () => {
    const home = homeAt(folder);
    mkdirSync(home.settingsFile);
    await expect(loadSettings(home, () => {})).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining(home.settingsFile),
    });
    expect(existsSync(home.settingsFile)).toBe(true);
  });

  it('name the reader, or the user of the system', () => {
    expect(readerName({ reader: 'A. Reader' })).toBe('A. Reader');
    expect(readerName({})).not.toBe('');
  });
});

describe('the home folder', () => {
  it('is the one that is named, relative to the caller, or else of the platform', () => {
    expect(findHome({ SONOSYNC_HOME: 'here' }, folder).folder).toBe(resolve(folder, 'here'));
    expect(findHome({ SONOSYNC_HOME: folder }, '/elsewhere').modelsFolder).toBe(join(folder, 'models'));
    expect(findHome({}, folder).folder.toLowerCase()).toContain('sonosync');
  });
});
