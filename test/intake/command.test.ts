import { spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { imageElements, writeDicom } from '../dicom/write-dicom.ts';
import { openStore, temporaryFolder } from '../support/workspaces.ts';
import { call, store } from './scanner.ts';

const entry = join(import.meta.dirname, '..', '..', 'electron', 'cli', 'main.ts');

it('receive listens until it is interrupted, and says what came', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'a.dcm');
  writeFileSync(file, writeDicom(imageElements()));
  const workspace = join(folder, 'workspace');
  const options = ['--port', '0', '--aet', 'ROOM', '--allow', 'SCANNER,OTHER@10.1.2.3', '--json'];
  const child = spawn(process.execPath, [entry, 'receive', '--workspace', workspace, ...options], {
    env: { ...process.env, SONOSYNC_HOME: join(folder, 'home') },
  });
  const said = { out: '', errors: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.errors += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  await expect.poll(() => said.errors, { timeout: 60_000 }).toMatch(/Listening on 127\.0\.0\.1, port \d+ as ROOM/);
  const port = Number(/port (\d+)/.exec(said.errors)?.[1]);
  const sent = await call([store(file)], { port, calledAeTitle: 'ROOM' });
  expect(sent.statuses).toEqual([0x0000]);
  expect((await call([store(file)], { port, calledAeTitle: 'ROOM', callingAeTitle: 'OTHER' })).rejected).not.toBeNull();
  await expect.poll(() => said.errors).toContain('OTHER');
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(JSON.parse(said.out.trimEnd().split('\n').at(-1) ?? '')).toEqual({ received: 1, failed: 0, refused: 1 });
  expect(openStore(workspace).listFrameRecords()).toHaveLength(1);
});

it.each([
  ['--allow', ''],
  ['--allow', 'SCANNER@'],
  ['--aet', 'A_TITLE_OF_18_CHRS'],
  ['--host', ''],
])(
  'receive ends with 2 on %s "%s", which would let in everybody, or nobody',
  (option, value) => {
    const folder = temporaryFolder();
    const { status, stderr } = spawnSync(
      process.execPath,
      [entry, 'receive', '--workspace', join(folder, 'workspace'), '--port', '0', option, value],
      { env: { ...process.env, SONOSYNC_HOME: join(folder, 'home') }, encoding: 'utf8', timeout: 15_000 },
    );
    expect(stderr).toContain(`error: option '${option}`);
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'workspace'))).toBe(false);
  },
  30_000,
);
