import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readBytes } from '../../electron/export/folder-files.ts';
import { temporaryFolder } from '../support/workspaces.ts';

describe('files of a folder that is read', () => {
  let folder: string;

  beforeEach(() => {
    const outer = temporaryFolder();
    folder = join(outer, 'set');
    mkdirSync(join(folder, 'masks'), { recursive: true });
    writeFileSync(join(outer, 'private.txt'), 'private');
    writeFileSync(join(folder, 'masks', 'a.txt'), 'mask');
  });

  it('are read by their paths from there, however the folder is named', async () => {
    for (const name of [folder, `${folder}/`, relative(process.cwd(), folder)]) {
      expect(new TextDecoder().decode(await readBytes(name, 'masks/a.txt'))).toBe('mask');
      expect(new TextDecoder().decode(await readBytes(name, 'masks/../masks/a.txt'))).toBe('mask');
    }
  });

  it('are not read outside of it, nor where there is none', async () => {
    for (const path of ['../private.txt', 'masks/../../private.txt', '../../../../../../../dev/zero', '..'])
      await expect(readBytes(folder, path)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(readBytes(folder, 'masks/b.txt')).rejects.toMatchObject({ code: 'not-found' });
  });
});
