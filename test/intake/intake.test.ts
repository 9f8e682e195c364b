import { globSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { App } from '../../electron/app/app.ts';
import { homeAt } from '../../electron/app/home.ts';
import { defaultIntake } from '../../electron/app/intake.ts';
import { launchApp } from '../../electron/app/launch.ts';
import type { EventValue, IntakeSettings } from '../../electron/common/api.ts';
import { imageElements, writeDicom } from '../dicom/write-dicom.ts';
import type { TestElement } from '../dicom/write-dicom.ts';
import { temporaryFolder } from '../support/workspaces.ts';
import { call, echo, fragileCable, sendRaw, store } from './scanner.ts';

let folder: string;
let app: App;
let imported: EventValue<'study:imported'>[];

beforeEach(async () => {
  folder = temporaryFolder();
  app = await launchApp({
    host: 'cli',
    workspaceFolder: join(folder, 'workspace'),
    home: homeAt(join(folder, 'home')),
    model: 'none', // receiving needs no network of this kind
    warn: () => undefined,
  });
  onTestFinished(() => app.close());
  imported = [];
  app.events.on('study:imported', (value) => imported.push(value));
});

async function listen(change: Partial<IntakeSettings> = {}): Promise<number> {
  // 0: a free port, which only a test asks for.
  const status = await app.context.intake.use({ ...defaultIntake, enabled: true, port: 0, ...change });
  expect(status).toMatchObject({ listening: true, trouble: null });
  return app.context.intake.port ?? 0;
}

/** A file as a scanner sends it; every element may be another. */
function image(name: string, ...changes: readonly TestElement[]): string {
  const file = join(folder, name);
  writeFileSync(file, writeDicom(imageElements(...changes)));
  return file;
}

function unfinished(): string[] {
  return readdirSync(join(folder, 'workspace', 'unfinished', 'scanner'));
}

function instances() {
  const { store: records } = app.context;
  return records.listFrameRecords().map(({ id }) => records.frameContext(id).instance);
}

describe('receiving from a scanner', () => {
  it('is off until it is switched on', async () => {
    app.openIntake();
    expect(await app.send('intake:status', {})).toMatchObject({
      settings: { enabled: false, host: '127.0.0.1' },
      listening: false,
      trouble: null,
    });
    expect(app.context.intake.port).toBeNull();
  });

  it('answers C-ECHO', async () => {
    const port = await listen();
    expect(await call([echo()], { port })).toEqual({ statuses: [0x0000], rejected: null, broken: false });
  });

  it('keeps images as they come, each study at once, and the same image once', async () => {
    const port = await listen();
    const files = [
      image('1.dcm'),
      image('2.dcm', ['00080018', 'UI', '1.2.3.5'], ['00200013', 'IS', '2'], ['00180015', 'CS', 'THYROID']),
    ];
    expect((await call(files.map(store), { port })).statuses).toEqual([0x0000, 0x0000]);
    expect(new Set(instances().map(({ sopInstanceUID }) => sopInstanceUID))).toEqual(new Set(['1.2.3.4', '1.2.3.5']));
    const [study] = await app.send('study:list', {});
    expect(imported).toEqual([{ studyIds: [study.id] }, { studyIds: [study.id] }]);
    const [frame] = app.context.store.listFrameRecords();
    const { pixels } = await app.context.store.framePicture(frame.id);
    expect([...pixels]).toEqual([0, 10, 20, 30, 200, 210, 220, 255]);

    expect((await call(files.map(store), { port, callingAeTitle: 'OTHER' })).statuses).toEqual([0x0000, 0x0000]);
    expect(instances()).toHaveLength(2);
    expect(imported).toHaveLength(2);
    expect(unfinished()).toEqual([]);
    const status = await app.send('intake:status', {});
    expect(status).toMatchObject({ received: 4, failed: 0, refused: 0, last: { text: 'An image came from OTHER.' } });
  });

  it('has the original again where it was cut here and the scanner sends it once more', async () => {
    const port = await listen();
    const file = image('1.dcm');
    await call([store(file)], { port });
    const [path] = globSync(join(folder, 'workspace', 'objects', '*', '*'));
    const original = readFileSync(path);
    truncateSync(path, 20);
    expect((await call([store(file)], { port })).statuses).toEqual([0x0000]);
    expect(readFileSync(path).equals(original)).toBe(true);
    expect(instances()).toHaveLength(1);
  });

  it.each([
    ['1.2.840.10008.5.1.4.1.1.6', 'retired ultrasound'],
    ['1.2.840.10008.5.1.4.1.1.3.1', 'ultrasound cine'],
    ['1.2.840.10008.5.1.4.1.1.6.2', 'enhanced ultrasound volume'],
    ['1.2.840.10008.5.1.4.1.1.7', 'secondary capture'],
    ['1.2.840.10008.5.1.4.1.1.7.2', 'multi-frame secondary capture'],
  ])('takes the class %s, %s', async (sopClassUID) => {
    const port = await listen();
    const file = image('a.dcm', ['00080016', 'UI', sopClassUID]);
    expect((await call([store(file)], { port })).statuses).toEqual([0x0000]);
    expect(instances()).toMatchObject([{ sopClassUID }]);
  });

  it('does not take another class, and the call goes on', async () => {
    const port = await listen();
    const tomography = image('ct.dcm', ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2']);
    // The class is not negotiated, so that the scanner does not even send it.
    expect((await call([store(tomography), echo()], { port })).statuses).toEqual([0x0000]);
    expect(instances()).toEqual([]);
  });
});

describe('failures are told to the scanner', () => {
  it('as a mismatch where the data set is another instance than the request says', async () => {
    const port = await listen();
    const request = store(image('a.dcm'));
    request.setAffectedSopInstanceUid('9.9.9');
    expect((await call([request], { port })).statuses).toEqual([0xa900]);
    expect(instances()).toEqual([]);
  });

  it('as a class that is not supported where the request names another one than was agreed on', async () => {
    const port = await listen();
    const request = store(image('a.dcm'));
    const agreed = request.getAffectedSopClassUid();
    request.getAffectedSopClassUid = () => agreed;
    request.getCommandDataset().setElement('AffectedSOPClassUID', '1.2.840.10008.5.1.4.1.1.2');
    expect((await call([request], { port })).statuses).toEqual([0x0122]);
    expect(instances()).toEqual([]);
    expect(unfinished()).toEqual([]);
  });

  it('as not understood where there is no image in it, or a damaged one', async () => {
    const port = await listen();
    const empty = image('empty.dcm', ['00280010', 'US', 0]);
    const short = image('short.dcm', ['7FE00010', 'OW', Uint8Array.of(1, 2)]);
    expect((await call([empty, short].map(store), { port })).statuses).toEqual([0xc000, 0xc000]);
    expect(instances()).toEqual([]);
    expect(unfinished()).toEqual([]);
    expect(await app.send('intake:status', {})).toMatchObject({ failed: 2, last: { tone: 'trouble' } });
  });

  it('as out of resources where the disk does not take it, and later images come in again', async () => {
    const port = await listen();
    const place = join(folder, 'workspace', 'unfinished', 'scanner');
    rmSync(place, { recursive: true });
    const file = image('a.dcm');
    expect((await call([store(file)], { port })).statuses).toEqual([0xa700]);
    expect(instances()).toEqual([]);
    const again = await listen();
    expect((await call([store(file)], { port: again })).statuses).toEqual([0x0000]);
  });
});

describe('a connection that breaks', () => {
  it('leaves nothing of the image that was under way, and those before it', async () => {
    const port = await listen();
    const large = ['00280010', 'US', 800] as const;
    const wide = ['00280011', 'US', 1000] as const;
    const pixels = ['7FE00010', 'OW', new Uint8Array(800_000).fill(9)] as const;
    const files = [image('1.dcm'), image('2.dcm', ['00080018', 'UI', '1.2.3.5'], large, wide, pixels)];
    const cable = await fragileCable(port, 400_000);
    onTestFinished(cable.close);
    const sent = await call(files.map(store), { port: cable.port });
    expect(sent.statuses).toEqual([0x0000]);
    await expect.poll(unfinished).toEqual([]);
    expect(instances().map(({ sopInstanceUID }) => sopInstanceUID)).toEqual(['1.2.3.4']);
    expect((await call(files.map(store), { port })).statuses).toEqual([0x0000, 0x0000]);
    expect(instances()).toHaveLength(2);
  });

  it('is ended where the caller does not speak DICOM or announces more than it may', async () => {
    const port = await listen();
    await sendRaw(port, Buffer.from('GET / HTTP/1.1\r\nHost: here\r\n\r\n'));
    const endless = Buffer.from([4, 0, 0xff, 0xff, 0xff, 0xff]);
    await sendRaw(port, endless);
    // A data PDU before any association.
    const early = Buffer.concat([Buffer.from([4, 0, 0, 0, 0, 8, 0, 0, 0, 4, 1, 3]), Buffer.from([1, 2])]);
    await sendRaw(port, early);
    expect((await call([echo()], { port })).statuses).toEqual([0x0000]);
  });
});

describe('callers', () => {
  it('are refused with the reason where they call another title or are not allowed', async () => {
    const callers = [
      { aeTitle: 'SCANNER', host: '127.0.0.1' },
      { aeTitle: 'ELSEWHERE', host: '10.1.2.3' },
      { aeTitle: 'NAMED', host: 'localhost' },
    ];
    const port = await listen({ aeTitle: 'ROOM 7', callers });
    const asked = async (callingAeTitle: string, calledAeTitle = 'ROOM 7') =>
      (await call([echo()], { port, callingAeTitle, calledAeTitle })).rejected;
    expect(await asked('SCANNER')).toBeNull();
    expect(await asked('NAMED')).toBeNull();
    expect(await asked('SCANNER', 'ROOM 8')).toEqual({ result: 1, source: 1, reason: 7 });
    expect(await asked('STRANGER')).toEqual({ result: 1, source: 1, reason: 3 });
    expect(await asked('ELSEWHERE')).toEqual({ result: 1, source: 1, reason: 3 });
    expect(await app.send('intake:status', {})).toMatchObject({
      refused: 3,
      last: { tone: 'trouble', text: expect.stringContaining('ELSEWHERE') },
    });
  });
});

describe('settings', () => {
  it('are remembered, take effect at once, and come back with the application', async () => {
    const port = await listen();
    await app.context.intake.use({ ...defaultIntake, enabled: false });
    expect((await call([echo()], { port })).broken).toBe(true);
    const settings = { ...defaultIntake, enabled: true, port, aeTitle: ' ROOM 7 ' };
    const changed: EventValue<'intake:changed'>[] = [];
    app.events.on('intake:changed', (value) => changed.push(value));
    const status = await app.send('intake:configure', settings);
    expect(status).toMatchObject({ listening: true, settings: { aeTitle: 'ROOM 7', port } });
    expect(changed.at(-1)).toMatchObject({ listening: true });
    expect((await call([echo()], { port, calledAeTitle: 'ROOM 7' })).statuses).toEqual([0x0000]);
    await app.close();
    expect((await call([echo()], { port, calledAeTitle: 'ROOM 7' })).broken).toBe(true);
    const again = await launchApp({
      host: 'cli',
      workspaceFolder: join(folder, 'workspace'),
      home: homeAt(join(folder, 'home')),
      model: 'none',
      warn: () => undefined,
    });
    onTestFinished(() => again.close());
    await again.context.intake.start();
    expect((await call([echo()], { port, calledAeTitle: 'ROOM 7' })).statuses).toEqual([0x0000]);
  });

  it('that cannot be put into effect say why, and nothing else fails', async () => {
    const port = await listen();
    const other = await launchApp({
      host: 'cli',
      workspaceFolder: join(folder, 'other'),
      home: homeAt(join(folder, 'home')),
      model: 'none',
      warn: () => undefined,
    });
    onTestFinished(() => other.close());
    const taken = await other.send('intake:configure', { ...defaultIntake, enabled: true, port });
    expect(taken).toMatchObject({ listening: false, trouble: expect.stringContaining(`Port ${port} is in use`) });
    const nowhere = await other.send('intake:configure', { ...defaultIntake, enabled: true, host: '203.0.113.9' });
    expect(nowhere).toMatchObject({ listening: false, trouble: expect.stringContaining('203.0.113.9') });
  });

  it.each([
    [{ aeTitle: 'A TITLE OF MORE THAN SIXTEEN' }, 'AE title'],
    [{ aeTitle: '' }, 'AE title'],
    [{ port: 70_000 }, 'port'],
    [{ host: 'somewhere' }, 'host'],
  ])('are refused where they cannot be: %j', async (change, words) => {
    const reply = await app.route('intake:configure', { ...defaultIntake, ...change });
    expect(reply).toMatchObject({ ok: false, error: { code: 'bad-input', message: expect.stringContaining(words) } });
  });
});
