// `propose` as its own process, on a cine whose middle frame is damaged.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { damagedCine } from '../support/damaged-cine.ts';
import { untrainedModelId, writeUntrainedModel } from '../support/model.ts';
import { openStore, temporaryFolder } from '../support/workspaces.ts';

const root = join(import.meta.dirname, '..', '..');

it('proposes for every frame that can be read, and names the others', async () => {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  const workspace = join(folder, 'workspace');
  mkdirSync(home);
  await writeUntrainedModel(join(home, 'models'));
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ model: untrainedModelId }));
  const store = openStore(workspace);
  await store.importFiles([await damagedCine('cine.dcm', 9, [5])]);
  const label = store.addLabel({ name: 'Disc', position: 'breast', type: 'tumor' });
  await store.close();

  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [join(root, 'electron', 'cli', 'main.ts'), 'propose', '--workspace', workspace, '--accept', '--json'],
    { cwd: root, env: { ...process.env, SONOSYNC_HOME: home }, encoding: 'utf8' },
  );
  const { proposals, unreadable } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as {
    readonly proposals: readonly { readonly frame: number }[];
    readonly unreadable: readonly unknown[];
  };
  expect(proposals.map(({ frame }) => frame)).toEqual([1, 2, 3, 4, 6, 7, 8, 9]);
  expect(unreadable).toEqual([
    {
      instance: '1.2.3.4',
      frame: 5,
      label: label.id,
      reason: expect.stringContaining('cine.dcm: frame 5 is damaged'),
    },
  ]);
  expect(stderr).toContain('Disc: 1 frame could not be read: cine.dcm: frame 5 is damaged');
  // Not all was done.
  expect(status).toBe(1);
  const reopened = openStore(workspace);
  const states = reopened.listFrameRecords().map(({ id }) => reopened.latestRevision(id, label.id)?.reviewState);
  expect(states.map((state) => state !== undefined)).toEqual([true, true, true, true, false, true, true, true, true]);
}, 120_000);
