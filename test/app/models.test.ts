import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../electron/app/app.ts';
import { starterModelId } from '../../electron/app/base-model.ts';
import { homeAt } from '../../electron/app/home.ts';
import { readMetrics } from '../../electron/app/installed-models.ts';
import { launchApp } from '../../electron/app/launch.ts';
import { usableAdapterId, type AppContext } from '../../electron/app/context.ts';
import { synchronize } from '../../electron/app/workflows/synchronize.ts';
import { commands } from '../../electron/common/api.ts';
import type { CommandInput, CommandName, CommandOutput } from '../../electron/common/api.ts';
import type { SynchronizeResult } from '../../electron/common/engine-protocol.ts';
import { encodeMask } from '../../electron/common/mask.ts';
import { encodePng } from '../../electron/files/image.ts';
import { grayPicture } from '../../electron/training/gray-frame.ts';
import { importTinyModel, tinyModelId, untrainedModelId, writeUntrainedModel } from '../support/model.ts';
import { discItems } from '../support/phantoms.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-models-'));
const home = homeAt(join(folder, 'home'));
const secondId = untrainedModelId;
const card = '# Second\n\nRandom numbers.\n';
const changes: unknown[] = [];
let app: App;

const launch = (): Promise<App> =>
  launchApp({ host: 'web', workspaceFolder: join(folder, 'workspace'), home, warn: () => {} });

async function send<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
  const reply = await app.route(name, input);
  if (!reply.ok) throw new Error(`${name}: ${reply.error.code}: ${reply.error.message}`);
  return commands[name].output.parse(reply.value) as CommandOutput<N>;
}

async function refusal(id: string): Promise<{ code: string; message: string }> {
  const reply = await app.route('model:choose', { id });
  if (reply.ok) throw new Error(`${id} was not refused.`);
  return reply.error;
}

async function findModel(id: string) {
  return (await send('model:list', {})).models.find((model) => model.id === id);
}

const activeIds = async (): Promise<string[]> =>
  (await send('model:list', {})).models.filter(({ active }) => active).map(({ id }) => id);

beforeAll(async () => {
  await importTinyModel(home.modelsFolder);
  const second = await writeUntrainedModel(home.modelsFolder);
  writeFileSync(join(second, 'MODEL_CARD.md'), card);
  writeFileSync(home.settingsFile, JSON.stringify({ model: tinyModelId, reader: 'A. Reader' }));
  app = await launch();
  app.events.subscribe((name, value) => {
    if (name === 'model:changed') changes.push(value);
  });
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('installed models', () => {
  it('are listed with size, hash, figures and card, shipped ones and the own', async () => {
    const { models, unusable } = await send('model:list', {});
    expect(unusable).toEqual([]);
    expect(models.map(({ id }) => id)).toEqual(expect.arrayContaining([starterModelId, secondId, tinyModelId]));
    expect(models.find(({ id }) => id === starterModelId)).toMatchObject({ origin: 'shipped', active: false });
    const second = models.find(({ id }) => id === secondId);
    expect(second).toMatchObject({ title: 'Untrained model', origin: 'own', active: false, card });
    expect(second?.metrics).toEqual([{ split: 'validation', set: 'Lesion', dice: 0.25, frames: 7 }]);
    expect(second?.bytes).toBe(readFileSync(join(home.modelsFolder, secondId, 'weights-0.safetensors')).length);
    expect(second?.classification).toEqual([]);
    expect(await activeIds()).toEqual([tinyModelId]);
  });

  it('say of which prompts they know classes, and whether well enough to tell', async () => {
    const path = join(home.modelsFolder, secondId, 'manifest.json');
    const text = readFileSync(path, 'utf8');
    const known = { position: 'breast', type: 'tumor', mode: 'whole', classes: ['benign', 'malignant'] } as const;
    const metrics = { n: 90, positives: 30, accuracy: 0.8, balancedAccuracy: 0.7, sensitivity: 0.5, specificity: 0.9, majorityRate: 0.66, expectedCalibrationError: 0.1 }; // prettier-ignore
    const classification = [0.7, 0.6].map((auc, index) => ({
      ...known,
      mode: index === 0 ? 'whole' : 'local',
      temperature: 1,
      bias: 0,
      metrics: { ...metrics, auc },
    }));
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(text) as object), classification }));
    const figures = { balancedAccuracy: 0.7, expectedCalibrationError: 0.1, validationCases: 90 };
    const second = await findModel(secondId);
    writeFileSync(path, text);
    expect(second?.classification).toEqual([
      { ...known, ...figures, auc: 0.7, shown: true },
      { ...known, ...figures, mode: 'local', auc: 0.6, shown: false },
    ]);
  });

  it('takes only Dice for Dice from what a manifest states', () => {
    const metrics = { steps: 5, test: { sets: { A: { dice: 0.5 }, B: { iou: 0.5 } } }, accuracy: { A: 0.9 } };
    expect(readMetrics(metrics)).toEqual([{ split: 'test', set: 'A', dice: 0.5, frames: null }]);
  });
});

const learned: Omit<SynchronizeResult, 'modelHash'> = {
  adapter: new Uint8Array([4, 5, 6]),
  validationBefore: 0.1,
  validationAfter: 0.4,
  caution: null,
  trainRevisionIds: [],
  validationRevisionIds: [],
  history: [],
  settings: {},
  trainableParameters: 3,
  seconds: 1,
};

describe('choosing', () => {
  it('refuses an unknown model and names those there are', async () => {
    const refused = await refusal('nothing');
    expect(refused.code).toBe('not-found');
    expect(refused.message).toContain(secondId);
  });

  it('refuses a model with a changed shard by the name of the file, in the list and when chosen', async () => {
    const tampered = join(home.modelsFolder, 'tampered');
    cpSync(join(home.modelsFolder, secondId), tampered, { recursive: true });
    const manifest = readFileSync(join(tampered, 'manifest.json'), 'utf8');
    writeFileSync(join(tampered, 'manifest.json'), manifest.replace(`"${secondId}"`, '"tampered"'));
    const shard = join(tampered, 'weights-0.safetensors');
    expect((await send('model:list', {})).unusable).toEqual([]);
    const bytes = readFileSync(shard);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(shard, bytes);
    const { models, unusable } = await send('model:list', {});
    expect(models.map(({ id }) => id)).not.toContain('tampered');
    expect(unusable).toMatchObject([{ name: 'tampered', active: false, reason: expect.stringContaining(shard) }]);
    expect(await refusal('tampered')).toMatchObject({ code: 'corrupt', message: expect.stringContaining(shard) });
    appendFileSync(shard, 'x');
    expect((await refusal('tampered')).message).toContain('bytes');
    expect(await activeIds()).toEqual([tinyModelId]);
    rmSync(tampered, { recursive: true });
  });

  it('is told, proposes with the new model, and survives a restart', async () => {
    const hash = (await findModel(secondId))?.hash;
    expect(await send('model:choose', { id: secondId })).toEqual({ id: secondId, title: 'Untrained model', hash });
    expect(changes).toEqual([{ id: secondId, title: 'Untrained model', hash }]);
    expect((await send('app:status', {})).model).toEqual({
      id: secondId,
      title: 'Untrained model',
      resize: 'letterbox',
    });
    const { frame } = discItems(1, 1)[0];
    const png = await encodePng({ width: frame.width, height: frame.height, channels: 1, pixels: frame.gray });
    await send('study:import', { files: [{ name: 'disc.png', bytes: png }] });
    const label = await send('label:add', { name: 'Disc', position: 'breast', type: 'tumor' });
    const [study] = await send('study:list', {});
    const asked = { frameId: study.firstFrameId, labelId: label.id };
    expect((await send('proposal:request', asked)).proposal.modelId).toBe(secondId);
    await app.close();
    expect(JSON.parse(readFileSync(home.settingsFile, 'utf8'))).toEqual({ model: secondId, reader: 'A. Reader' });
    app = await launch();
    expect((await send('app:status', {})).model?.id).toBe(secondId);
    expect(await activeIds()).toEqual([secondId]);
  });

  it('lets the adapters of another model rest until that is chosen again', async () => {
    const [label] = await send('label:list', {});
    const modelHash = (await findModel(secondId))!.hash;
    const adapter = await app.context.store.saveAdapter(
      {
        labelId: label.id,
        modelHash,
        prompts: { position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor' },
        trainRevisionIds: [],
        validationRevisionIds: [],
        seed: 1,
        settings: {},
        metrics: { validationBefore: 0.1, validationAfter: 0.2, caution: null },
      },
      new Uint8Array([1, 2, 3]),
    );
    expect((await send('adapter:activate', { labelId: label.id, adapterId: adapter.id })).activeAdapterId).toBe(
      adapter.id,
    );
    await send('model:choose', { id: tinyModelId });
    expect((await send('label:list', {}))[0].activeAdapterId).toBeNull();
    expect(await send('adapter:list', { labelId: label.id })).toMatchObject([{ id: adapter.id, active: false }]);
    await send('model:choose', { id: secondId });
    expect((await send('label:list', {}))[0].activeAdapterId).toBe(adapter.id);
    expect(usableAdapterId(app.context, app.context.store.label(label.id))).toBe(adapter.id);
  });

  it('keeps what a synchronization learned for the model that it began with, though another was chosen meanwhile', async () => {
    await send('adapter:activate', { labelId: (await send('label:list', {}))[0].id, adapterId: null });
    const [label] = await send('label:list', {});
    const discs = discItems(4, 9);
    const files = await Promise.all(
      discs.map(async ({ frame }, index) => {
        return { name: `discs/disc-${index}.png`, bytes: await encodePng(grayPicture(frame)) };
      }),
    );
    const { studyIds } = await send('study:import', { files });
    for (const [index, { id }] of (await send('study:frames', { studyId: studyIds[0] })).entries()) {
      await send('annotation:save', {
        frameId: id,
        labelId: label.id,
        parentId: null,
        proposalId: null,
        reviewState: 'accepted',
        segmentAlgorithmType: 'MANUAL',
        mask: encodeMask(discs[index].mask!),
        gesture: 'accept',
      });
    }
    const secondHash = (await findModel(secondId))!.hash;
    // Random weights do not learn reliably; this engine answers as one that did, after the choice of another model.
    const engine = {
      ...app.context.engine,
      call: async (): Promise<unknown> => {
        await send('model:choose', { id: tinyModelId });
        return { ...learned, modelHash: secondHash };
      },
    };
    const context = Object.create(app.context, { engine: { value: engine } }) as AppContext;
    const result = synchronize(context, label.id, { seed: 1 });
    const { activated, adapterId, reason } = await result;
    expect(activated).toBe(false);
    expect(reason).toContain('another model was chosen meanwhile');
    const kept = (await send('adapter:list', { labelId: label.id })).find(({ id }) => id === adapterId);
    expect(kept).toMatchObject({ modelHash: secondHash, active: false });
    expect(await activeIds()).toEqual([tinyModelId]);
    await send('model:choose', { id: secondId });
    expect((await send('label:list', {}))[0].activeAdapterId).toBe(adapterId);
  });

  it('changes nothing where the model is gone', async () => {
    rmSync(join(home.modelsFolder, tinyModelId), { recursive: true });
    expect((await refusal(tinyModelId)).code).toBe('not-found');
    expect(existsSync(home.settingsFile)).toBe(true);
    expect(await activeIds()).toEqual([secondId]);
  });
});
