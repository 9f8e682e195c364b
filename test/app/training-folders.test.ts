import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { homeAt, type Home } from '../../electron/app/home.ts';
import { clearLeftTrainings, makeTrainingFolder } from '../../electron/app/training-folders.ts';
import { prepareTraining } from '../../electron/app/workflows/pretrain-workspace.ts';
import { importPictures, openApp } from '../support/apps.ts';
import { save } from '../support/exchange.ts';
import { maskOf, temporaryFolder } from '../support/workspaces.ts';

/** The folder of a training with its copies of frames, as if another process, on this machine or another one, had made it. */
async function makeFolder(home: Home, processId = process.pid, machine?: string): Promise<string> {
  const folder = await makeTrainingFolder(home);
  for (const name of ['dataset', 'run']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'dataset', 'frame.png'), 'a picture');
  disown(folder, processId, machine);
  return folder;
}

/** The id of a process that has ended. */
function endedProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

/** Names another process, and another machine, as the owner of a training's folder. */
function disown(folder: string, processId: number, machine?: string): void {
  const note = join(folder, 'training.holder');
  const [, host] = readFileSync(note, 'utf8').split('\n');
  writeFileSync(note, `${processId}\n${machine ?? host}\n`);
}

it('what a training left whose process was killed goes when the next one is prepared', async () => {
  const app = await openApp();
  const { id } = await app.send('label:add', { name: 'Lesion', position: 'breast', type: 'tumor' });
  for (const study of [1, 2, 3, 4, 5]) {
    const shades = [1, 2, 3, 4].map((shade) => shade + 10 * study);
    for (const frameId of await importPictures(app, `s${study}`, shades))
      await save(app, frameId, id, maskOf(5), 'accepted');
  }
  const killed = await prepareTraining(app.context, { id: 'killed' });
  const running = await prepareTraining(app.context, { id: 'running' });
  expect(existsSync(killed.dataset)).toBe(true);
  disown(killed.folder, endedProcess());
  const next = await prepareTraining(app.context, { id: 'next' });
  expect([killed, running, next].map(({ folder }) => existsSync(folder))).toEqual([false, true, true]);
  expect(readdirSync(running.dataset)).toEqual(readdirSync(next.dataset));
});

it('a process of the same id that did not make the folder is another one', async () => {
  const home = homeAt(temporaryFolder());
  const other = await makeFolder(home, process.ppid);
  await clearLeftTrainings(home);
  expect(existsSync(other)).toBe(true);
  const folder = join(home.folder, 'training-abcdef');
  mkdirSync(folder);
  writeFileSync(join(folder, 'training.holder'), readFileSync(join(await makeFolder(home), 'training.holder')));
  await clearLeftTrainings(home);
  expect(existsSync(folder)).toBe(false);
  expect(existsSync(other)).toBe(true);
});

it('what nobody can tell of stays: the folder of another machine, and one that notes nothing', async () => {
  const home = homeAt(temporaryFolder());
  const elsewhere = await makeFolder(home, endedProcess(), 'another-machine');
  const nameless = join(home.folder, 'training-abcdef');
  mkdirSync(nameless);
  await clearLeftTrainings(home);
  expect(existsSync(join(elsewhere, 'dataset', 'frame.png'))).toBe(true);
  expect(existsSync(nameless)).toBe(true);
});

it('a model that was trained and could not be installed stays, without the frames', async () => {
  const home = homeAt(temporaryFolder());
  const folder = await makeFolder(home, endedProcess());
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model', 'manifest.json'), '{}');
  await clearLeftTrainings(home);
  expect(readdirSync(folder).toSorted()).toEqual(['model', 'training.holder']);
});
