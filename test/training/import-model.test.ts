import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../electron/nn/random.ts';
import { importModel, ownInput } from '../../electron/training/jobs/import-model.ts';
import { writeModelFolder } from '../../electron/training/model-folder.ts';
import { modelHash, readManifest, verifyModelFiles } from '../../models/manifest.ts';
import { initialWeights } from '../../models/perceptguide/parameters.ts';
import { tinyConfig } from '../support/phantoms.ts';

let folder: string;
let modelsFolder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sonosync-import-'));
  modelsFolder = join(folder, 'models');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const input = { ...ownInput, mean: 0.2, std: 0.2 };

/** A model folder from elsewhere. */
async function writeModel(name: string, seed: number): Promise<string> {
  const path = join(folder, name);
  const weights = initialWeights(tinyConfig, createRandom(seed));
  const content = { id: 'site-a', title: 'Site A', config: tinyConfig, input, weights, dataType: 'F16' as const };
  await writeModelFolder(path, { ...content, secondLook: true, metrics: { steps: 5 } });
  writeFileSync(join(path, 'MODEL_CARD.md'), '# Site A');
  return path;
}

describe('a model folder from elsewhere', () => {
  it('is installed with all that it says of itself', async () => {
    const source = await writeModel('download', 1);
    const result = await importModel({ source, modelsFolder });
    expect(result).toMatchObject({ model: 'site-a', config: tinyConfig });
    const [before, after] = [await readManifest(source), await readManifest(join(modelsFolder, 'site-a'))];
    expect(after).toEqual(before);
    await verifyModelFiles(join(modelsFolder, 'site-a'), after);
    expect(readFileSync(join(modelsFolder, 'site-a', 'MODEL_CARD.md'), 'utf8')).toBe('# Site A');
    expect(readdirSync(modelsFolder)).toEqual(['site-a']);
  });

  it('may be given another id, and is the same network under it', async () => {
    const source = await writeModel('download', 1);
    expect(await importModel({ source, modelsFolder, id: 'ours' })).toMatchObject({ model: 'ours' });
    const manifest = await readManifest(join(modelsFolder, 'ours'));
    expect([manifest.id, manifest.title]).toEqual(['ours', 'Site A']);
    expect(modelHash(manifest)).toBe(modelHash(await readManifest(source)));
  });

  it('is refused where a file was damaged on its way, and nothing is left of it', async () => {
    const source = await writeModel('download', 1);
    const shard = join(source, 'weights-0.safetensors');
    const bytes = readFileSync(shard);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(shard, bytes);
    await expect(importModel({ source, modelsFolder })).rejects.toMatchObject({ code: 'corrupt' });
    expect(readdirSync(modelsFolder)).toEqual([]);
  });

  it('says with its shards alone how the network is fed', async () => {
    const source = await writeModel('download', 1);
    const shards = join(folder, 'shards');
    mkdirSync(shards);
    copyFileSync(join(source, 'weights-0.safetensors'), join(shards, 'weights-0.safetensors'));
    await importModel({ source: shards, modelsFolder });
    const manifest = await readManifest(join(modelsFolder, 'shards'));
    expect(manifest.input).toEqual(input);
    expect(manifest.config.hyperPerception).toBe(tinyConfig.hyperPerception);
  });
});

describe('a model that is there already', () => {
  it('stays as it is where another comes under its id, and may come again itself', async () => {
    const [first, second] = [await writeModel('first', 1), await writeModel('second', 2)];
    await importModel({ source: first, modelsFolder });
    await expect(importModel({ source: second, modelsFolder })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('"site-a"'),
    });
    const installed = await readManifest(join(modelsFolder, 'site-a'));
    expect(modelHash(installed)).toBe(modelHash(await readManifest(first)));
    await verifyModelFiles(join(modelsFolder, 'site-a'), installed);
    expect(await importModel({ source: first, modelsFolder })).toMatchObject({ model: 'site-a' });
    expect(readdirSync(modelsFolder)).toEqual(['site-a']);
    expect(await importModel({ source: second, modelsFolder, id: 'site-b' })).toMatchObject({ model: 'site-b' });
  });

  it('is not hidden by one of the same id in the folder that is searched first', async () => {
    const shipped = join(folder, 'shipped');
    await importModel({ source: await writeModel('first', 1), modelsFolder: shipped });
    const searchFolders = [modelsFolder, shipped];
    const source = await writeModel('second', 2);
    await expect(importModel({ source, modelsFolder, searchFolders })).rejects.toMatchObject({ code: 'conflict' });
    expect(readdirSync(modelsFolder)).toEqual([]);
  });

  it('keeps its folder, as do other things in a folder', async () => {
    const [first, second] = [await writeModel('first', 1), await writeModel('second', 2)];
    await expect(importModel({ source: second, modelsFolder, out: first })).rejects.toMatchObject({ code: 'conflict' });
    const other = join(folder, 'other');
    mkdirSync(other);
    const empty = await importModel({ source: second, modelsFolder, out: other });
    expect(empty.model).toBe(other);
    rmSync(join(other, 'manifest.json'));
    await expect(importModel({ source: second, modelsFolder, out: other })).rejects.toMatchObject({ code: 'conflict' });
  });
});
