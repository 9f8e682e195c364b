import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { App } from '../../electron/app/app.ts';
import { homeAt } from '../../electron/app/home.ts';
import { launchApp } from '../../electron/app/launch.ts';
import type { EventValue } from '../../electron/common/api.ts';
import { pngFile, temporaryFolder } from '../support/workspaces.ts';

let app: App;
let folder: string;
let progress: EventValue<'import:progressed'>[];
let imported: EventValue<'study:imported'>[];

beforeEach(async () => {
  folder = temporaryFolder();
  app = await launchApp({
    host: 'cli',
    workspaceFolder: join(folder, 'workspace'),
    home: homeAt(join(folder, 'home')),
    warn: () => undefined,
  });
  onTestFinished(() => app.close());
  progress = [];
  imported = [];
  app.events.on('import:progressed', (value) => progress.push(value));
  app.events.on('study:imported', (value) => imported.push(value));
});

function staged(): string[] {
  return readdirSync(join(folder, 'workspace'), { recursive: true })
    .map(String)
    .filter((path) => path.startsWith(join('unfinished', '1')));
}

describe('importing through the contract', () => {
  it('puts files together from their parts, tells how far it is, and leaves no part behind', async () => {
    const { bytes } = await pngFile('', 1);
    const half = Math.floor(bytes.length / 2);
    const name = 'Exam/scan.png';
    const jobId = 'parts';
    await app.send('import:stage', { jobId, parts: [{ name, start: 0, bytes: bytes.subarray(0, half) }] });
    const rest = { jobId, parts: [{ name, start: half, bytes: bytes.subarray(half) }] };
    await app.send('import:stage', rest);
    await expect(app.send('import:stage', rest)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(name),
    });
    expect(staged()).not.toEqual([]);
    const report = await app.send('study:import', { jobId });
    expect(report).toMatchObject({ imported: 1, unchanged: 0, skipped: [], cancelled: false });
    expect(progress.at(-1)).toEqual({ jobId, done: 1, total: 1, file: null, frames: null });
    expect(imported.at(-1)).toEqual({ studyIds: report.studyIds });
    expect(staged()).toEqual([]);
    expect(await app.send('study:import', { jobId })).toMatchObject({ imported: 0, unchanged: 0 });
  });

  it('waits for the import before it, and may be cancelled while it waits', async () => {
    const exam = join(folder, 'Exam');
    await mkdir(exam);
    for (const shade of [1, 2, 3]) await writeFile(join(exam, `${shade}.png`), (await pngFile('', shade)).bytes);
    const [first, second, third] = [
      app.send('study:import', { paths: [exam], jobId: 'first' }),
      app.send('study:import', { files: [await pngFile('b.png', 9)], jobId: 'second' }),
      app.send('study:import', { files: [await pngFile('c.png', 10)], jobId: 'third' }),
    ];
    await expect(app.send('study:import', { paths: [exam], jobId: 'first' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await app.send('import:cancel', { jobId: 'second' });
    expect(await first).toMatchObject({ imported: 3, cancelled: false });
    expect(await second).toMatchObject({ imported: 0, cancelled: true, studyIds: [] });
    expect(await third).toMatchObject({ imported: 1, cancelled: false });
    // One after another: no progress of the third before the end of the first.
    const ended = progress.findIndex(({ jobId, file }) => jobId === 'first' && file === null);
    expect(progress.findIndex(({ jobId }) => jobId === 'third')).toBeGreaterThan(ended);
  });
});
