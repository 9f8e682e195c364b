import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { App } from '../../../electron/app/app.ts';
import { homeAt } from '../../../electron/app/home.ts';
import { launchApp } from '../../../electron/app/launch.ts';
import { readManifest } from '../../../electron/export/manifest.ts';
import { serializeAdapter } from '../../../electron/inference/adapter.ts';
import { LoadedModel } from '../../../electron/inference/loaded-model.ts';
import { createRandom } from '../../../electron/nn/random.ts';
import { runModelFile } from '../../../electron/nn/session.ts';
import { importTinyModel, tinyModelId } from '../../support/model.ts';
import { importPictures } from '../../support/apps.ts';
import { thrownBy } from '../../support/workspaces.ts';

async function loadNetwork(modelFolder: string) {
  const model = await LoadedModel.load(modelFolder, 'cpu');
  return { hash: model.hash, network: model.runner.network };
}

async function openTinyApp(): Promise<{ app: App; folder: string; modelFolder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'sonosync-network-'));
  const home = homeAt(join(folder, 'home'));
  const modelFolder = await importTinyModel(home.modelsFolder);
  const app = await launchApp({
    host: 'cli',
    workspaceFolder: join(folder, 'workspace'),
    home,
    model: tinyModelId,
    warn: () => undefined,
  });
  onTestFinished(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { app, folder, modelFolder };
}

/** Keeps an adapter of the label that changes what the network says, and makes it the active one. */
async function adapt(app: App, labelId: string, modelFolder: string) {
  const { hash, network } = await loadNetwork(modelFolder);
  const projections = new Map(
    [...network.weights].map(([name, { data: values }]) => [name, values.map((value) => value * 1.7 + 0.1)] as const),
  );
  const { position, type } = app.context.store.label(labelId);
  const prompts = { position, task: 'segmentation', mode: 'whole', type } as const;
  const record = { modelHash: hash, prompts, trainRevisionIds: [], validationRevisionIds: [], seed: 1, settings: {} };
  const metrics = { validationBefore: 0.1, validationAfter: 0.2, caution: null };
  const adapter = await app.context.store.saveAdapter(
    { ...record, labelId, metrics },
    serializeAdapter(network.weights, projections, { ...record, ...metrics }),
  );
  await app.send('adapter:activate', { labelId, adapterId: adapter.id });
  return adapter;
}

it('writes the network of each label, which runs elsewhere and gives what the application gives', async () => {
  const { app, folder, modelFolder } = await openTinyApp();
  const out = join(folder, 'out');
  expect(await thrownBy(() => app.send('export:run', { format: 'onnx', folder: out }))).toMatchObject({
    code: 'bad-input',
  });
  await importPictures(app, 'one', [1]);
  const cyst = await app.send('label:add', { name: 'Cyst', position: 'breast', type: 'tumor' });
  await app.send('label:add', { name: 'Liver', position: 'liver', type: 'organ' });
  const { files, fidelity, annotations } = await app.send('export:run', { format: 'onnx', folder: out });
  expect(files.toSorted()).toEqual(['Cyst.onnx', 'Liver.onnx', 'README.txt', 'sonosync-export.json']);
  expect([annotations, fidelity.minIoU, fidelity.meanIoU]).toEqual([0, 1, 1]);
  expect(await readManifest(out)).toMatchObject({ format: 'onnx', state: 'complete', files: [{}, {}, {}] });

  // By the names in the file alone, and the prompts of the two labels differ.
  const random = createRandom(3);
  const data = Float32Array.from({ length: 3 * 224 * 224 }, () => random.next());
  const run = async (name: string) =>
    (await runModelFile(await readFile(join(out, name)), [{ image: { shape: [1, 3, 224, 224], data } }]))[0];
  const [one, two] = [await run('Cyst.onnx'), await run('Liver.onnx')];
  expect(Object.keys(one)).toEqual(['logits']);
  expect(one['logits']).toHaveLength(2 * 224 * 224);
  expect(one['logits']).not.toEqual(two['logits']);
  const bytes = readFileSync(join(out, 'Cyst.onnx'), 'latin1');
  for (const text of ['sonosync.input', 'sonosync.prompts', '"position":"breast"', '"resize"', app.context.version]) {
    expect(bytes).toContain(text);
  }
  const readme = await readFile(join(out, 'README.txt'), 'utf8');
  expect(readme).toContain('Object tumor, Task segmentation, Input whole, Position breast');
  expect(readme).toContain('IoU of the masks at least 1.0000');

  const only = await app.send('export:run', { format: 'onnx', folder: join(folder, 'one'), labelIds: [cyst.id] });
  expect(only.files.filter((file) => file.endsWith('.onnx'))).toEqual(['Cyst.onnx']);

  // The label's adapter is in the file, and the file is still what the application does.
  const adapter = await adapt(app, cyst.id, modelFolder);
  const adapted = await app.send('export:run', {
    format: 'onnx',
    folder: join(folder, 'adapted'),
    labelIds: [cyst.id],
  });
  expect(adapted.fidelity.minIoU).toBe(1);
  const [run3] = await runModelFile(await readFile(join(folder, 'adapted', 'Cyst.onnx')), [
    { image: { shape: [1, 3, 224, 224], data } },
  ]);
  expect(run3['logits']).not.toEqual(one['logits']);
  expect(await readFile(join(folder, 'adapted', 'README.txt'), 'utf8')).toContain(
    `adapter   SHA-256 ${adapter.fileHash}`,
  );
}, 120_000);

it('goes on with the model that it began with, and its adapters, when another one is chosen meanwhile', async () => {
  const { app, folder, modelFolder } = await openTinyApp();
  const { context } = app;
  await importPictures(app, 'one', [1]);
  await app.send('label:add', { name: 'Cyst', position: 'breast', type: 'tumor' });
  const liver = await app.send('label:add', { name: 'Liver', position: 'liver', type: 'organ' });
  const adapter = await adapt(app, liver.id, modelFolder);
  const { model } = context.model;
  if (!model) throw new Error('There is a model.');
  app.events.on('export:progressed', ({ done }) => {
    if (done === 1) context.model = { model: { ...model, id: 'other', hash: 'f'.repeat(64) } };
  });
  const out = join(folder, 'out');
  await app.send('export:run', { format: 'onnx', folder: out });
  const bytes = await readFile(join(out, 'Liver.onnx'), 'latin1');
  expect([model.hash, adapter.fileHash].map((hash) => bytes.includes(hash))).toEqual([true, true]);
}, 120_000);
