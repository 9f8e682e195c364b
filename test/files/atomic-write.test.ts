import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../../electron/files/atomic-write.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sonosync-atomic-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writing a file whole', () => {
  it('creates it, replaces it, and leaves nothing else in the folder', async () => {
    const path = join(folder, 'mask.bin');
    await writeFileAtomic(path, Uint8Array.of(1, 2, 3));
    await writeFileAtomic(path, Uint8Array.of(4));
    expect([...(await readFile(path))]).toEqual([4]);
    expect(await readdir(folder)).toEqual(['mask.bin']);
  });

  it('keeps one whole version when many writers race for a name', async () => {
    const path = join(folder, 'race.bin');
    await Promise.all(
      Array.from({ length: 8 }, (_, value) => writeFileAtomic(path, new Uint8Array(70_000).fill(value))),
    );
    const bytes = await readFile(path);
    expect(bytes.length).toBe(70_000);
    expect(new Set(bytes).size).toBe(1);
    expect(await readdir(folder)).toEqual(['race.bin']);
  });

  it('takes a name as long as the file system does', async () => {
    const name = `${'n'.repeat(251)}.bin`;
    await writeFileAtomic(join(folder, name), Uint8Array.of(1));
    expect(await readdir(folder)).toEqual([name]);
  });

  it('names the missing folder', async () => {
    await expect(writeFileAtomic(join(folder, 'gone', 'a.bin'), Uint8Array.of(1))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(`the folder ${join(folder, 'gone')} does not exist`),
    });
  });

  it('leaves no temporary file behind when a folder is in the way', async () => {
    const path = join(folder, 'taken');
    await mkdir(path);
    await expect(writeFileAtomic(path, Uint8Array.of(1))).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('a folder of that name is in the way'),
    });
    expect(await readdir(folder)).toEqual(['taken']);
  });

  it.skipIf(process.platform === 'win32')('keeps the old file when the system refuses the bytes', async () => {
    const path = join(folder, 'kept.bin');
    await writeFile(path, 'old');
    const module = JSON.stringify(resolve('electron/files/atomic-write.ts'));
    const script = `
      process.on('SIGXFSZ', () => {});
      const { writeFileAtomic } = await import(${module});
      const error = await writeFileAtomic(${JSON.stringify(path)}, new Uint8Array(1 << 20)).catch((caught) => caught);
      process.stdout.write(JSON.stringify({ code: error?.code, message: error?.message }));`;
    // The shell's limit on file size stands in for a disk that fills up half way.
    const command = 'ulimit -f 64; exec "$0" --input-type=module -e "$1"';
    const result = spawnSync('sh', ['-c', command, process.execPath, script], { encoding: 'utf8' });
    expect(JSON.parse(result.stdout)).toEqual({ code: 'storage', message: expect.stringContaining(path) });
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['kept.bin']);
  });
});
