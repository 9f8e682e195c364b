// Model folders: a manifest that is checked field by field, files that are checked byte by byte, and models found by id.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  describeModelFiles,
  listModels,
  modelHash,
  parseManifest,
  readManifest,
  resolveModelFolder,
  serializeManifest,
  verifyModelFiles,
  type ModelManifest,
} from '../../models/manifest.ts';
import { authorsConfig, starterConfig } from '../../models/perceptguide/config.ts';

const shard = Buffer.from('weights of a model');
const manifest: ModelManifest = {
  formatVersion: 1,
  id: 'perceptguide-test',
  title: 'A model for tests',
  architecture: 'perceptguide',
  config: {
    ...starterConfig,
    encoderDepths: [2, 2, 2, 2],
    decoderDepths: [2, 2, 2, 2],
    numHeads: [2, 4, 8, 16],
    windowSize: 7,
    imageSize: 224,
  },
  input: {
    channelOrder: 'gray',
    scale: 1 / 255,
    mean: 0.2,
    std: 0.2,
    resize: 'letterbox',
    interpolation: 'bilinear',
    padding: 0,
    localCrop: { anchor: 'centered', scale: 1.6 },
  },
  files: [
    { name: 'weights-0.safetensors', bytes: shard.length, sha256: createHash('sha256').update(shard).digest('hex') },
  ],
  testTimeFlip: false,
  classification: [
    {
      position: 'breast',
      type: 'tumor',
      mode: 'whole',
      classes: ['benign', 'malignant'],
      temperature: 1.5,
      bias: -0.5,
      metrics: {
        n: 266,
        positives: 67,
        accuracy: 0.8,
        balancedAccuracy: 0.7,
        auc: 0.8,
        sensitivity: 0.6,
        specificity: 0.8,
        majorityRate: 0.75,
        expectedCalibrationError: 0.03,
      },
    },
  ],
  metrics: { validation: { BUSI: 0.59 } },
  createdAt: '2025-01-31T12:00:00.000Z',
};

/** The manifest with one value replaced, as text: 'config.embedDim' -> value. */
function changed(path: string, value: unknown): string {
  const copy: Record<string, unknown> = structuredClone({ ...manifest });
  const keys = path.split('.');
  let target = copy;
  for (const key of keys.slice(0, -1)) target = target[key] as Record<string, unknown>;
  target[keys.at(-1)!] = value;
  return JSON.stringify(copy);
}

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sonosync-models-'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

function install(folderName: string, change: Partial<ModelManifest> = {}, searchFolder = 'models'): string {
  const folder = join(home, searchFolder, folderName);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'weights-0.safetensors'), shard);
  writeFileSync(join(folder, 'manifest.json'), serializeManifest({ ...manifest, ...change }));
  return folder;
}

describe('parseManifest', () => {
  it('gives back what was serialized', () => {
    expect(parseManifest(serializeManifest(manifest), 'manifest.json')).toEqual(manifest);
  });

  it("takes the authors' configuration", () => {
    expect(parseManifest(changed('config', authorsConfig), 'm').config).toEqual(authorsConfig);
  });

  it.each([
    ['config.embedDim', 'big'],
    ['config.encoderDepths', [2, 2, 2]],
    ['config.windowSize', 8],
    ['config.hyperPerception', 'rank2'],
    ['config.extra', 1],
    ['input.std', 0],
    ['input.mean', null],
    ['input.channelOrder', 'RGB'],
    ['input.localCrop.anchor', 'left'],
    ['id', 'Not An Id'],
    ['id', '../up'],
    ['architecture', 'unet'],
    ['testTimeFlip', 'yes'],
    ['classification.0.temperature', 0],
    ['classification.0.position', 'elbow'],
    ['classification.0.metrics.auc', 1.2],
    ['formatVersion', 0],
    ['files', []],
    ['createdAt', 'yesterday'],
  ])('refuses %s = %j and names the field', (path, value) => {
    const field = path === 'config.extra' ? 'config' : path;
    expect(() => parseManifest(changed(path, value), 'some/manifest.json')).toThrow(
      expect.objectContaining({
        code: 'corrupt',
        message: expect.stringMatching(new RegExp(`some/manifest.json.*${field}`)) as string,
      }),
    );
  });

  it.each(['../weights.safetensors', '/etc/passwd', 'a/b.safetensors', 'a\\b.safetensors', '.safetensors', 'run.sh'])(
    'refuses the file name %s',
    (name) => {
      expect(() => parseManifest(changed('files', [{ ...manifest.files[0], name }]), 'm')).toThrow(/files\.0\.name/);
    },
  );

  it('refuses a file that is listed twice', () => {
    expect(() => parseManifest(changed('files', [manifest.files[0], manifest.files[0]]), 'm')).toThrow(/file twice/);
  });

  it('refuses heads that do not divide the channels', () => {
    expect(() => parseManifest(changed('config.numHeads', [2, 4, 8, 7]), 'm')).toThrow(
      /numHeads\.3: 384 channels cannot be split into 7 heads/,
    );
  });

  it('says of a later format that this SonoSync cannot read it', () => {
    expect(() => parseManifest(changed('formatVersion', 2), 'm')).toThrow(
      expect.objectContaining({ code: 'unsupported', message: expect.stringContaining('format version 2') as string }),
    );
  });

  it('refuses text that is not JSON', () => {
    expect(() => parseManifest('{', 'some/manifest.json')).toThrow(/some\/manifest\.json is not JSON/);
  });

  it('is not serialized where it would not be read', () => {
    expect(() => serializeManifest({ ...manifest, id: '' })).toThrow(/id/);
  });
});

describe('model files', () => {
  it('are described as they lie in the folder, and verified', async () => {
    const folder = install('m');
    const read = await readManifest(folder);
    expect(await describeModelFiles(folder, ['weights-0.safetensors'])).toEqual(manifest.files);
    await expect(verifyModelFiles(folder, read)).resolves.toBeUndefined();
  });

  it('with one changed bit are refused by name', async () => {
    const folder = install('m');
    const damaged = Buffer.from(shard);
    damaged[3] ^= 1;
    writeFileSync(join(folder, 'weights-0.safetensors'), damaged);
    await expect(verifyModelFiles(folder, manifest)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/weights-0\.safetensors is damaged/) as string,
    });
  });

  it('that are cut off or missing are refused by name', async () => {
    const folder = install('m');
    writeFileSync(join(folder, 'weights-0.safetensors'), shard.subarray(1));
    await expect(verifyModelFiles(folder, manifest)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/weights-0\.safetensors has 17 bytes; its manifest says 18/) as string,
    });
    rmSync(join(folder, 'weights-0.safetensors'));
    await expect(verifyModelFiles(folder, manifest)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('weights-0.safetensors') as string,
    });
  });

  it('belong to a folder with a manifest', async () => {
    await expect(readManifest(home)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('modelHash', () => {
  const hash = modelHash(manifest);

  it('does not depend on titles, dates, metrics, file names or the order of keys and files', () => {
    const [file] = manifest.files;
    const second = { name: 'weights-1.safetensors', bytes: 1, sha256: '0'.repeat(64) };
    const reordered = Object.fromEntries(Object.entries(manifest.config).reverse()) as ModelManifest['config'];
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(modelHash({ ...manifest, id: 'x', title: 'y', createdAt: '', metrics: {} } as ModelManifest)).toBe(hash);
    expect(modelHash({ ...manifest, config: reordered })).toBe(hash);
    expect(modelHash({ ...manifest, files: [{ ...file, name: 'other.safetensors' }] })).toBe(hash);
    expect(modelHash({ ...manifest, files: [file, second] })).toBe(modelHash({ ...manifest, files: [second, file] }));
  });

  it('is that of a hand-written canonical text', () => {
    const text =
      `{"architecture":"perceptguide","config":{"decoderDepths":[2,2,2,2],"embedDim":48,"encoderDepths":[2,2,2,2],` +
      `"hyperPerception":"diagonal","imageSize":224,"numHeads":[2,4,8,16],"windowSize":7},` +
      `"files":["${manifest.files[0].sha256}"],"input":{"channelOrder":"gray","interpolation":"bilinear",` +
      `"localCrop":{"anchor":"centered","scale":1.6},"mean":0.2,"padding":0,"resize":"letterbox",` +
      `"scale":0.00392156862745098,"std":0.2}}`;
    expect(hash).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('changes with the weights, the configuration and the input', () => {
    const files = [{ ...manifest.files[0], sha256: '0'.repeat(64) }];
    const changes = [
      { files },
      { config: { ...manifest.config, hyperPerception: 'rank1' as const } },
      { input: { ...manifest.input, mean: 0.1 } },
    ];
    const hashes = changes.map((change) => modelHash({ ...manifest, ...change }));
    expect(new Set([...hashes, hash]).size).toBe(4);
  });
});

describe('finding models', () => {
  it("lists the models of every folder, the first folder's for an id in both, and what is broken", async () => {
    const mine = install('a', { title: 'mine' }, 'user');
    install('a', { title: 'shipped' }, 'shipped');
    const other = install('b', { id: 'other' }, 'shipped');
    const broken = install('c', { id: 'broken' }, 'shipped');
    writeFileSync(join(broken, 'manifest.json'), '{}');
    mkdirSync(join(home, 'shipped', 'architecture'));
    const list = await listModels([join(home, 'user'), join(home, 'shipped'), join(home, 'absent')]);
    expect(list.models.map(({ folder, manifest }) => [folder, manifest.title])).toEqual([
      [other, manifest.title],
      [mine, 'mine'],
    ]);
    expect(list.faults).toEqual([{ folder: broken, message: expect.stringContaining('formatVersion') as string }]);
  });

  it('resolves an id before the name of a folder, and a name before a path', async () => {
    const first = install('first', { id: 'second' });
    const second = install('second', { id: 'third' });
    const search = [join(home, 'models')];
    expect(await resolveModelFolder('second', search)).toBe(first);
    expect(await resolveModelFolder('third', search)).toBe(second);
    expect(await resolveModelFolder('first', search)).toBe(first);
    expect(await resolveModelFolder(second, [])).toBe(second);
  });

  it('leads to a broken model that is named, so that reading it says what is wrong', async () => {
    const folder = install('broken');
    writeFileSync(join(folder, 'manifest.json'), '{');
    expect(await resolveModelFolder('broken', [join(home, 'models')])).toBe(folder);
    await expect(readManifest(folder)).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('says which models there are', async () => {
    install('a', { id: 'one' });
    install('b', { id: 'two' });
    await expect(resolveModelFolder('three', [join(home, 'models')])).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/no model "three"\. Known: one, two/) as string,
    });
    await expect(resolveModelFolder(join(home, 'x'), [])).rejects.toMatchObject({ code: 'not-found' });
    await expect(resolveModelFolder('', [])).rejects.toMatchObject({ code: 'not-found' });
  });
});
