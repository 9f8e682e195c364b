import assert from 'node:assert';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Store } from '../../electron/study/store.ts';
import { openStore, temporaryFolder, thrownBy } from '../support/workspaces.ts';

const options = { reader: 'A. Reader' };

describe('opening a workspace', () => {
  it('makes its folders and a database with a write-ahead log and full synchronization', () => {
    const folder = join(temporaryFolder(), 'new', 'workspace');
    const store = openStore(folder);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['adapters', 'exports', 'objects', 'workspace.sqlite']));
    expect(store.title).toBe('workspace');
    const database = new DatabaseSync(join(folder, 'workspace.sqlite'), { readOnly: true });
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    database.close();
  });

  it('refuses to make one where it would empty a folder of somebody else', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'unfinished'));
    writeFileSync(join(folder, 'unfinished', 'scan.dcm'), 'a scan');
    expect(await thrownBy(() => Store.open(folder, options))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('has a folder "unfinished"'),
    });
    expect(readdirSync(folder)).toEqual(['unfinished']);
    expect(readFileSync(join(folder, 'unfinished', 'scan.dcm'), 'utf8')).toBe('a scan');
  });

  it('refuses a second opening in words until the first is closed', async () => {
    const folder = temporaryFolder();
    const first = openStore(folder);
    expect(await thrownBy(() => Store.open(folder, options))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await first.close();
    await first.close();
    await Store.open(folder, options).close();
  });

  it('holds the lock also when nothing refers to the store any more', async () => {
    const folder = temporaryFolder();
    (() => Store.open(folder, options))();
    setFlagsFromString('--expose-gc');
    const collectGarbage: unknown = runInNewContext('gc');
    assert(typeof collectGarbage === 'function');
    await setTimeout(1);
    collectGarbage();
    await setTimeout(1);
    expect(await thrownBy(() => Store.open(folder, options))).toMatchObject({ code: 'conflict' });
  });

  it('takes over from a process that was killed', async () => {
    const folder = temporaryFolder();
    const child = fork(join(import.meta.dirname, 'saving-process.ts'), [folder, 'hold']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'message');
    expect(await thrownBy(() => Store.open(folder, options))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`process ${child.pid}`),
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(openStore(folder).listStudies()).toEqual([]);
  });

  it('refuses a workspace of a newer version and leaves it as it is', async () => {
    const folder = temporaryFolder();
    await Store.open(folder, options).close();
    const file = join(folder, 'workspace.sqlite');
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    const before = readFileSync(file);
    expect(await thrownBy(() => Store.open(folder, options))).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('schema version 99'),
    });
    expect(readFileSync(file).equals(before)).toBe(true);
    // The refusal let the lock go.
    expect(await thrownBy(() => Store.open(folder, options))).toMatchObject({ code: 'unsupported' });
  });

  it("refuses another program's database and leaves it as it is", async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'workspace.sqlite');
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE invoices (amount REAL)');
    database.close();
    const before = readFileSync(file);
    expect(await thrownBy(() => Store.open(folder, options))).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining(file),
    });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('names a damaged database, a file in the place of the folder, and a missing workspace', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'damaged'));
    writeFileSync(join(folder, 'damaged', 'workspace.sqlite'), 'not a database, but long enough to be read as one');
    writeFileSync(join(folder, 'a file'), '');
    expect(await thrownBy(() => Store.open(join(folder, 'damaged'), options))).toMatchObject({ code: 'corrupt' });
    expect(await thrownBy(() => Store.open(join(folder, 'a file'), options))).toMatchObject({
      code: 'storage',
      message: expect.stringContaining('it is a file'),
    });
    expect(await thrownBy(() => Store.open(join(folder, 'none'), { ...options, create: false }))).toMatchObject({
      code: 'not-found',
    });
    expect(readdirSync(folder).sort()).toEqual(['a file', 'damaged']);
  });
});
