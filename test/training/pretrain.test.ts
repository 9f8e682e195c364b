import { mkdtempSync, rmSync, truncateSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../electron/nn/random.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import { NetworkState } from '../../electron/training/network-state.ts';
import { Pretrainer, pretrainDefaults, type PretrainerOptions } from '../../electron/training/pretrain.ts';
import { defaultSchedule } from '../../electron/training/schedule.ts';
import { loadCheckpoint, saveCheckpoint } from '../../electron/training/training-run.ts';
import { initialWeights, isSegmentationDecoder, parameterShapes } from '../../models/perceptguide/parameters.ts';
import { discItems, tinyConfig } from '../support/phantoms.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-pretrain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fresh = (): NetworkState =>
  new NetworkState(initialWeights(tinyConfig, createRandom(1)), parameterShapes(tinyConfig).keys());

const options = (state: NetworkState, counts = { step: 0, segmentation: 0, classification: 0 }): PretrainerOptions => ({
  state,
  counts,
  config: tinyConfig,
  spec: { ...ownInput, mean: 0.2, std: 0.2 },
  items: discItems(24, 1),
  seed: 1,
  provider: 'cpu',
  settings: { ...pretrainDefaults, schedule: defaultSchedule, batch: 2, classificationShare: 0.3, averageEvery: 1 },
});

describe('pre-training', () => {
  it('learns: the loss of segmentation falls within a few dozen steps', async () => {
    const base = options(fresh());
    const settings = { ...base.settings, classificationShare: 0 };
    const trainer = await Pretrainer.create({ ...base, items: discItems(8, 1), settings });
    const losses: number[] = [];
    for (let step = 0; step < 60; step += 1) losses.push((await trainer.step(2e-3)).loss);
    await trainer.release();
    const mean = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
    expect(mean(losses.slice(-15))).toBeLessThan(mean(losses.slice(0, 15)) * 0.9);
  });

  it('a classification step trains the encoder and its own decoder, and leaves the segmentation decoder alone', async () => {
    const base = options(fresh());
    const before = new Map([...base.state.weights('current')].map(([name, { data }]) => [name, data.slice()]));
    const trainer = await Pretrainer.create({ ...base, settings: { ...base.settings, classificationShare: 1 } });
    expect((await trainer.step(1e-3)).task).toBe('classification');
    await trainer.release();
    for (const [name, { data }] of base.state.weights('current')) {
      const changed = data.some((value, index) => value !== before.get(name)![index]);
      if (isSegmentationDecoder(name)) expect(changed, name).toBe(false);
      if (name.endsWith('mlp.fc1.weight') && !isSegmentationDecoder(name)) expect(changed, name).toBe(true);
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
    expect((await one.step(1e-3)).loss).toBe((await other.step(1e-3)).loss);
    await one.release();
    await other.release();
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
