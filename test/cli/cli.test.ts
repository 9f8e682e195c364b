import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMask } from '../../electron/common/mask.ts';
import { encodeMaskPng, encodePng } from '../../electron/files/image.ts';
import { grayPicture } from '../../electron/training/gray-frame.ts';
import { importTinyModel, tinyModelId } from '../support/model.ts';
import { discItems } from '../support/phantoms.ts';

const root = join(import.meta.dirname, '..', '..');
const entry = join(root, 'electron', 'cli', 'main.ts');
const folder = mkdtempSync(join(tmpdir(), 'sonosync-cli-'));
const environment = { ...process.env, SONOSYNC_HOME: join(folder, 'home'), SONOSYNC_CALLER_FOLDER: folder };
const discs = discItems(4, 5);

interface ImportOutput {
  readonly studies: readonly {
    readonly series: readonly { readonly instances: readonly { sopInstanceUID: string }[] }[];
  }[];
  readonly skipped: readonly unknown[];
}

/** Runs the command line as its own process, from the folder of the tests. */
function sonosync(...programArguments: string[]) {
  const result = spawnSync(process.execPath, [entry, ...programArguments], {
    cwd: root,
    env: environment,
    encoding: 'utf8',
  });
  const lastLine = result.stdout.trimEnd().split('\n').at(-1) ?? '';
  return {
    code: result.status,
    errors: result.stderr,
    text: result.stdout,
    json: () => JSON.parse(lastLine) as Record<string, unknown>,
  };
}

/** The same on the workspace of the tests, answering in JSON. */
function inWorkspace(...programArguments: string[]) {
  return sonosync(...programArguments, '--workspace', 'ws', '--json');
}

beforeAll(async () => {
  mkdirSync(join(folder, 'home'));
  mkdirSync(join(folder, 'frames'));
  await importTinyModel(join(folder, 'home', 'models'));
  writeFileSync(join(folder, 'home', 'settings.json'), JSON.stringify({ model: tinyModelId, reader: 'A. Reader' }));
  for (const [index, { frame, mask }] of discs.entries()) {
    writeFileSync(join(folder, 'frames', `frame-${index}.png`), await encodePng(grayPicture(frame)));
    writeFileSync(join(folder, `mask-${index}.png`), await encodeMaskPng(mask ?? createMask(1, 1)));
  }
  writeFileSync(join(folder, 'small.png'), await encodeMaskPng(createMask(5, 5)));
  writeFileSync(join(folder, 'text.dcm'), 'This is no DICOM file.');
  writeFileSync(join(folder, 'cut.png'), readFileSync(join(folder, 'frames', 'frame-0.png')).subarray(0, 200));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('usage', () => {
  it('lists the commands, and needs no more for --help and --version', () => {
    const help = sonosync('--help');
    expect(help.code).toBe(0);
    for (const name of ['serve', 'doctor', 'import', 'propose', 'sync', 'export']) expect(help.text).toContain(name);
    expect(sonosync('--version').text).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['nonsense']],
    [['label', 'add']],
    [['label', 'add', 'X', '--position', 'knee', '--object', 'tumor']],
    [['label', 'add', 'X', '--position', 'breast']],
    [['label', 'add', '--set', 'breast', '--position', 'breast']],
    [['correct', '--label', 'X']],
    [['correct', '--label', 'X', '--instance', 'Y', '--frame', 'one', '--mask', 'm.png']],
    [['propose', '--fast']],
  ])('ends with 2 on wrong usage: %j', (programArguments) => {
    const { code, errors, text } = sonosync(...programArguments);
    expect(code).toBe(2);
    expect(errors).toContain('error:');
    expect(text).toBe('');
  });
});

describe('bad input', () => {
  it('ends with 1 and names what is wrong', () => {
    const noWorkspace = sonosync('propose');
    expect(noWorkspace.code).toBe(1);
    expect(noWorkspace.errors).toContain('--workspace');
    const missing = sonosync('export', '--workspace', 'nowhere', '--format', 'coco', '--out', 'x');
    expect(missing.code).toBe(1);
    expect(missing.errors).toContain(join(folder, 'nowhere'));
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
    const model = sonosync('model', 'info', 'no-such-model');
    expect(model.code).toBe(1);
    expect(model.errors).toContain('no-such-model');
  });

  it.each(['text.dcm', 'cut.png', 'missing.png'])('names the file that cannot be imported: %s', (name) => {
    const { code, errors, json } = sonosync('import', name, '--workspace', 'bad', '--json');
    expect(code).toBe(1);
    expect(errors).toContain(name);
    const skipped = [{ path: join(folder, name), reason: expect.stringContaining(name) }];
    expect(json()).toEqual({ studies: [], skipped });
  });
});

describe('doctor', () => {
  it('says which program reads videos: the one of the settings, or that there is none where they say', () => {
    const settingsFile = join(folder, 'home', 'settings.json');
    const settings = readFileSync(settingsFile, 'utf8');
    const place = join(folder, 'video');
    mkdirSync(place);
    writeFileSync(settingsFile, JSON.stringify({ ...JSON.parse(settings), ffmpeg: place }));
    try {
      const without = sonosync('doctor', '--model', tinyModelId);
      expect(without.code).toBe(0);
      expect(without.text).toContain(`${place} does not hold`);
      for (const name of ['ffmpeg', 'ffprobe']) writeFileSync(join(place, name), '', { mode: 0o755 });
      const { json } = sonosync('doctor', '--model', tinyModelId, '--json');
      expect(json()).toMatchObject({ ffmpeg: join(place, 'ffmpeg'), chosen: { inference: expect.any(String) } });
    } finally {
      writeFileSync(settingsFile, settings);
    }
  });
});

describe('label sets', () => {
  const inSets = (...programArguments: string[]) =>
    sonosync('label', ...programArguments, '--workspace', 'sets', '--json');

  it('bring their labels with codes, one or all, and none twice', () => {
    const one = inSets('add', 'thyroid nodule', '--set', 'thyroid').json();
    const nodule = {
      name: 'Thyroid nodule',
      position: 'thyroid',
      object: 'tumor',
      code: { type: { codeValue: '27925004' }, anatomicRegion: { codeMeaning: 'Thyroid' } },
    };
    expect(one).toMatchObject({ added: [nodule], kept: [] });
    expect(inSets('add', '--set', 'thyroid').json()).toMatchObject({ kept: [nodule] });
    expect((inSets('list').json().labels as unknown[])[0]).toMatchObject(nodule);
    const unknown = inSets('add', '--set', 'knee');
    expect(unknown.code).toBe(1);
    expect(unknown.errors).toContain('fetal-head');
  });
});

describe('the loop on a workspace', () => {
  it('runs from import to export, each command a process of its own', () => {
    const imported = inWorkspace('import', 'frames');
    expect(imported.code).toBe(0);
    const { studies, skipped } = imported.json() as unknown as ImportOutput;
    expect(skipped).toEqual([]);
    const instances = studies.flatMap(({ series }) => series.flatMap((one) => one.instances));
    expect(instances).toEqual(
      discs.map(({ frame }) => ({
        sopInstanceUID: expect.stringMatching(/^2\.25\.\d+$/),
        frames: 1,
        rows: frame.height,
        columns: frame.width,
        transferSyntax: null,
        photometric: 'MONOCHROME2',
        regions: [],
      })),
    );

    const label = inWorkspace('label', 'add', 'Disc', '--position', 'breast', '--object', 'tumor').json().label;
    expect(typeof label).toBe('string');
    expect(inWorkspace('label', 'list').json().labels).toMatchObject([{ label, name: 'Disc', adapter: null }]);

    const proposed = inWorkspace('propose', '--label', 'disc');
    expect(proposed.code).toBe(0);
    const proposals = proposed.json().proposals as Record<string, unknown>[];
    expect(proposals).toHaveLength(discs.length);
    expect(proposals[0]).toEqual({
      instance: instances[0].sopInstanceUID,
      frame: 1,
      label,
      meanProbability: expect.any(Number),
    });

    const wrongSize = inWorkspace('correct', '--label', 'Disc', '--instance', 'frame-0.png', '--mask', 'small.png');
    expect(wrongSize.code).toBe(1);
    expect(wrongSize.errors).toContain(join(folder, 'small.png'));
    expect(wrongSize.errors).toContain('5×5');

    for (const [index, { sopInstanceUID: instance }] of instances.slice(0, 3).entries()) {
      const target = ['--label', String(label), '--instance', instance, '--frame', '1'];
      const corrected = inWorkspace('correct', ...target, '--mask', `mask-${index}.png`);
      expect(corrected.json()).toMatchObject({ label, instance, frame: 1, reviewState: 'accepted' });
    }
    const refused = inWorkspace('sync', '--label', 'Disc');
    expect(refused.code).toBe(1);
    expect(refused.errors).toContain('1 is missing');

    const exported = inWorkspace('export', '--format', 'coco', '--out', 'coco');
    expect(exported.code).toBe(0);
    expect(exported.json()).toMatchObject({ format: 'coco', annotations: 3, verified: true });
    expect(existsSync(join(String(exported.json().folder), 'sonosync-export.json'))).toBe(true);

    const frame = inWorkspace('frame', '--instance', 'frame-2.png', '--out', 'out.png').json();
    expect(frame).toMatchObject({ instance: instances[2].sopInstanceUID, frame: 1, width: 120, height: 90 });
    const png = readFileSync(join(folder, 'out.png'));
    // Colour type 2: RGB (PNG specification, 11.2.2).
    expect([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]]).toEqual([120, 90, 8, 2]);
  });

  it('imports what can be read, names what cannot, and succeeds where a file is in the workspace after it', () => {
    for (const again of [false, true]) {
      const files = ['frames/frame-0.png', 'text.dcm'];
      const { code, errors, json } = sonosync('import', ...files, '--workspace', 'part', '--json');
      expect(code).toBe(0);
      expect(errors).toContain('text.dcm');
      if (again) expect(errors).toContain('already in the workspace');
      const { studies, skipped } = json() as unknown as ImportOutput;
      expect(skipped).toMatchObject([{ path: join(folder, 'text.dcm') }]);
      expect(studies.map(({ series }) => series.map(({ instances }) => instances.length))).toEqual([[1]]);
    }
  });
});

describe('models', () => {
  it('are listed and described', () => {
    const listed = sonosync('model', 'list', '--json').json().models as { model: string }[];
    expect(listed.map(({ model }) => model)).toContain(tinyModelId);
    const info = sonosync('model', 'info', tinyModelId, '--json').json();
    expect(info).toMatchObject({ model: tinyModelId, config: { embedDim: 12 } });
    expect(Number(info.parameters)).toBeGreaterThan(1_000_000);
  });
});

describe('serve', () => {
  it('prints an address that works once, and ends on an order without leaving anything behind', async () => {
    const child = spawn(process.execPath, [entry, 'serve', '--workspace', 'served', '--json'], { env: environment });
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    const address = await new Promise<string>((resolve, reject) => {
      child.on('exit', (code) => reject(new Error(`Ended with ${code} before it printed an address.`)));
      let printed = '';
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.includes('\n')) resolve((JSON.parse(printed.split('\n')[0]) as { address: string }).address);
      });
    });
    const first = await fetch(address);
    expect(first.status).toBe(200);
    expect(first.headers.get('set-cookie')).toContain('HttpOnly');
    expect((await fetch(address)).status).toBe(401);
    const inUse = sonosync('label', 'list', '--workspace', 'served');
    expect(inUse.code).toBe(1);
    expect(inUse.errors).toContain('already open');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    await expect(fetch(address)).rejects.toThrow('fetch failed');
    expect(sonosync('label', 'list', '--workspace', 'served').code).toBe(0);
  });
});
