import { mkdtempSync, rmSync, truncateSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../electron/nn/random.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import { NetworkState } from '../../electron/training/network-state.ts';
import {
  Pretrainer,
  pretrainDefaults,
  type PretrainerOptions,
  type TrainingCounts,
} from '../../electron/training/pretrain.ts';
import { defaultSchedule } from '../../electron/training/schedule.ts';
import { loadCheckpoint, saveCheckpoint } from '../../electron/training/training-run.ts';
import {
  initialWeights,
  isClassificationDecoder,
  isSegmentationDecoder,
  parameterShapes,
} from '../../models/perceptguide/parameters.ts';
import { discItems, tinyConfig } from '../support/phantoms.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-pretrain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fresh = (): NetworkState =>
  new NetworkState(initialWeights(tinyConfig, createRandom(1)), parameterShapes(tinyConfig).keys());

const options = (state: NetworkState, counts = { step: 0, moments: 0 }): PretrainerOptions => ({
  state,
  counts,
  config: tinyConfig,
  spec: { ...ownInput, mean: 0.2, std: 0.2 },
  items: discItems(24, 1),
  seed: 1,
  provider: 'cpu',
  settings: { ...pretrainDefaults, schedule: defaultSchedule, batch: 2, averageEvery: 1 },
});

/** Which matrices of the blocks one step without weight decay changes. */
async function changedMatrices(items: PretrainerOptions['items']): Promise<Map<string, boolean>> {
  const base = options(fresh());
  const before = new Map([...base.state.weights('current')].map(([name, { data }]) => [name, data.slice()]));
  const settings = { ...base.settings, optimizer: { ...base.settings.optimizer, weightDecay: 0 } };
  const trainer = await Pretrainer.create({ ...base, items, settings });
  await trainer.step(1e-3);
  await trainer.release();
  const matrices = [...base.state.weights('current')].filter(([name]) => name.endsWith('mlp.fc1.weight'));
  return new Map(
    matrices.map(([name, { data }]) => [name, data.some((value, index) => value !== before.get(name)![index])]),
  );
}

describe('pre-training', () => {
  it('learns: the loss of segmentation falls within a few dozen steps', async () => {
    const trainer = await Pretrainer.create({ ...options(fresh()), items: discItems(8, 1) });
    const losses: number[] = [];
    for (let step = 0; step < 60; step += 1) losses.push((await trainer.step(2e-3)).segmentationLoss!);
    await trainer.release();
    const mean = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
    expect(mean(losses.slice(-15))).toBeLessThan(mean(losses.slice(0, 15)) * 0.9);
  });

  it('every step trains the encoder and both decoders', async () => {
    const changed = await changedMatrices(discItems(8, 1));
    expect(changed.size).toBe(10);
    expect([...changed.values()].every(Boolean)).toBe(true);
  });

  it('images without a class train the segmentation decoder only, images without a mask the classification decoder only', async () => {
    const items = discItems(8, 1);
    const unclassed = await changedMatrices(items.map((item) => ({ ...item, classIndex: null })));
    for (const [name, isChanged] of unclassed) expect(isChanged, name).toBe(!isClassificationDecoder(name));
    // The one item with a mask lets the run begin, and is never drawn.
    const rare = discItems(1, 2).map((item) => ({ ...item, classIndex: null }));
    const unmasked = [...items.map((item) => ({ ...item, mask: null })), ...rare];
    for (const [name, isChanged] of await changedMatrices(unmasked)) {
      expect(isChanged, name).toBe(!isSegmentationDecoder(name));
    }
  });

  it('goes on from a checkpoint exactly where it stopped: same tensors, same next step', async () => {
    const state = fresh();
    const trainer = await Pretrainer.create(options(state));
    for (let step = 0; step < 3; step += 1) await trainer.step(1e-3);
    const counts = { ...trainer.counts };
    const spec = options(state).spec;
    await saveCheckpoint(folder, { config: tinyConfig, spec, seed: 1, counts, minutes: 0, startedFrom: null }, state);
    await trainer.release();

    const resumed = (await loadCheckpoint(folder))!;
    expect(resumed.run.counts).toEqual(counts);
    expect(resumed.state.toTensors()).toEqual(state.toTensors());
    const [one, other] = [
      await Pretrainer.create(options(state, counts)),
      await Pretrainer.create(options(resumed.state, counts)),
    ];
    expect(await one.step(1e-3)).toEqual(await other.step(1e-3));
    await one.release();
    await other.release();
  });

  it('goes on from a run that trained one decoder at a time', async () => {
    const other = mkdtempSync(join(folder, 'earlier-'));
    const counts = { step: 100, segmentation: 88, classification: 12 } as unknown as TrainingCounts; // as it was stored then
    const { spec } = options(fresh());
    const run = { config: tinyConfig, spec, seed: 1, counts, minutes: 0, startedFrom: null };
    await saveCheckpoint(other, run, fresh());
    expect((await loadCheckpoint(other))!.run.counts).toEqual({ step: 100, moments: 12 });
  });

  it('refuses a checkpoint that was cut, naming the file', async () => {
    const path = join(folder, 'checkpoint.safetensors');
    truncateSync(path, Math.floor(statSync(path).size / 2));
    await expect(loadCheckpoint(folder)).rejects.toThrow(/checkpoint\.safetensors/);
  });

  it('refuses a training split without masks', async () => {
    const items = discItems(4, 1).map((item) => ({ ...item, mask: null }));
    await expect(Pretrainer.create({ ...options(fresh()), items })).rejects.toThrow(/no masks/);
  });
});
