import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AdapterInput } from '../../electron/study/adapters.ts';
import { Store } from '../../electron/study/store.ts';
import { takeBack } from '../support/older-workspace.ts';
import { openStore, temporaryFolder, thrownBy } from '../support/workspaces.ts';

const model = 'a'.repeat(64);
const otherModel = 'b'.repeat(64);

function adapterFor(labelId: string, modelHash = model): AdapterInput {
  return {
    labelId,
    modelHash,
    prompts: { position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor' },
    trainRevisionIds: ['one', 'two', 'three'],
    validationRevisionIds: ['four'],
    seed: 3,
    settings: { learningRate: 0.01, scope: 'label', cached: true },
    metrics: { validationBefore: 0.4, validationAfter: 0.6, caution: 'One cine only.' },
  };
}

function setUp() {
  const store = openStore();
  const lesion = store.addLabel({ name: 'Lesion', position: 'breast', type: 'tumor' });
  const cyst = store.addLabel({ name: 'Cyst', position: 'breast', type: 'organ' });
  return { store, lesion, cyst };
}

describe('adapters', () => {
  it('come back as they were saved, the newest first, from a file named by its hash', async () => {
    const { store, lesion } = setUp();
    const first = await store.saveAdapter(adapterFor(lesion.id), new Uint8Array([1, 2, 3]));
    const second = await store.saveAdapter(adapterFor(lesion.id), new Uint8Array([4, 5]));
    expect(store.listAdapters(lesion.id)).toEqual([second, first]);
    expect(first).toMatchObject(adapterFor(lesion.id));
    expect([...(await store.adapterBytes(first.id))]).toEqual([1, 2, 3]);
    expect(readdirSync(join(store.folder, 'adapters')).sort()).toEqual(
      [first, second].map((adapter) => `${adapter.fileHash}.safetensors`).sort(),
    );
  });

  it('are active one at a time, and null returns to the base model', async () => {
    const { store, lesion } = setUp();
    const first = await store.saveAdapter(adapterFor(lesion.id), new Uint8Array([1]));
    const second = await store.saveAdapter(adapterFor(lesion.id), new Uint8Array([2]));
    expect(store.activeAdapter(lesion.id, model)).toBeNull();
    await store.activateAdapter(lesion.id, first.id, model);
    expect((await store.activateAdapter(lesion.id, second.id, model)).activeAdapterId).toBe(second.id);
    expect(store.activeAdapter(lesion.id, model)).toEqual(second);
    expect((await store.activateAdapter(lesion.id, null, model)).activeAdapterId).toBeNull();
  });

  it('are active for each base model on its own', async () => {
    const { store, lesion } = setUp();
    const one = await store.saveAdapter(adapterFor(lesion.id), new Uint8Array([1]));
    const other = await store.saveAdapter(adapterFor(lesion.id, otherModel), new Uint8Array([2]));
    await store.activateAdapter(lesion.id, one.id, model);
    await store.activateAdapter(lesion.id, other.id, otherModel);
    expect(store.activeAdapter(lesion.id, model)).toEqual(one);
    expect(store.activeAdapter(lesion.id, otherModel)).toEqual(other);
    await store.activateAdapter(lesion.id, null, otherModel);
    expect(store.activeAdapter(lesion.id, model)).toEqual(one);
    expect(store.activeAdapter(lesion.id, otherModel)).toBeNull();
  });

  it('that were active in a workspace of the first version still are', async () => {
    const folder = temporaryFolder();
    const before = Store.open(folder, { reader: 'A. Reader' });
    const label = before.addLabel({ name: 'Lesion', position: 'breast', type: 'tumor' });
    const adapter = await before.saveAdapter(adapterFor(label.id), new Uint8Array([1]));
    await before.activateAdapter(label.id, adapter.id, model);
    await before.close();
    takeBack(folder, 1);
    expect(openStore(folder).activeAdapter(label.id, model)).toEqual(adapter);
  });

  it('of another label or another model are refused in words', async () => {
    const { store, lesion, cyst } = setUp();
    const adapter = await store.saveAdapter(adapterFor(lesion.id), new Uint8Array([1]));
    expect(await thrownBy(() => store.activateAdapter(cyst.id, adapter.id, model))).toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/"Lesion".*"Cyst"/),
    });
    expect(await thrownBy(() => store.activateAdapter(lesion.id, adapter.id, otherModel))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(otherModel.slice(0, 12)),
    });
    expect(store.listLabels().map((label) => label.activeAdapterId)).toEqual([null, null]);
  });

  it('whose file was changed are neither read nor activated', async () => {
    const { store, lesion } = setUp();
    const adapter = await store.saveAdapter(adapterFor(lesion.id), new Uint8Array([1, 2, 3]));
    const path = join(store.folder, 'adapters', `${adapter.fileHash}.safetensors`);
    writeFileSync(path, new Uint8Array([1, 2, 4]));
    const refusal = { code: 'corrupt', message: expect.stringContaining(path) };
    expect(await thrownBy(() => store.adapterBytes(adapter.id))).toMatchObject(refusal);
    expect(await thrownBy(() => store.activateAdapter(lesion.id, adapter.id, model))).toMatchObject(refusal);
    expect(store.label(lesion.id).activeAdapterId).toBeNull();
  });
});
