import { mkdtempSync, rmSync, truncateSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../electron/nn/random.ts';
import type { GraphSession } from '../../electron/nn/session.ts';
import { pretrainingAugmentation } from '../../electron/training/augment.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import { NetworkState } from '../../electron/training/network-state.ts';
import {
  Pretrainer,
  pretrainDefaults,
  requireNumbers,
  trainPhase,
  type PretrainerOptions,
  type TrainingCounts,
} from '../../electron/training/pretrain.ts';
import { loadCheckpoint, saveCheckpoint } from '../../electron/training/training-run.ts';
import {
  initialWeights,
  isClassificationDecoder,
  isHiddenMatrix,
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
  dice: {},
  augmentation: pretrainingAugmentation,
  seed: 1,
  provider: 'cpu',
  settings: { ...pretrainDefaults, batch: 2, averageEvery: 1 },
});

describe('pre-training', () => {
  it('learns: the loss of segmentation falls within a few dozen steps', async () => {
    const trainer = await Pretrainer.create({ ...options(fresh()), items: discItems(8, 1) });
    const losses: number[] = [];
    for (let step = 0; step < 60; step += 1) losses.push((await trainer.step(2e-3)).loss);
    await trainer.release();
    const mean = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
    expect(mean(losses.slice(-15))).toBeLessThan(mean(losses.slice(0, 15)) * 0.9);
  });

  it('a phase whose time was used up before it began has no step', async () => {
    const trainer = await Pretrainer.create(options(fresh()));
    const context = { signal: new AbortController().signal, turn: async () => {}, report: () => {} };
    await trainPhase(trainer, { name: 'none', length: { milliseconds: -5 }, rate: () => 1e-3 }, context);
    await trainer.release();
    expect(trainer.counts.step).toBe(0);
  });

  it('draws only what teaches: images with a mask for masks', async () => {
    const [taught, ...others] = discItems(8, 1);
    const first = async (items: PretrainerOptions['items']): Promise<number> => {
      const trainer = await Pretrainer.create({ ...options(fresh()), items });
      const { loss } = await trainer.step(1e-3);
      await trainer.release();
      return loss;
    };
    expect(await first([taught, ...others.map((item) => ({ ...item, mask: null }))])).toBe(await first([taught]));
  });

  it('keeps the second moments of what Muon updates, in step after step, and moves all others', async () => {
    const state = fresh();
    for (const { v } of state.tensors.values()) v.fill(1e-3);
    const trainer = await Pretrainer.create(options(state));
    for (let step = 0; step < 3; step += 1) await trainer.step(1e-4);
    await trainer.release();
    for (const [name, { shape, v }] of state.tensors) {
      if (isClassificationDecoder(name)) continue;
      const isKept = v.every((value) => value === Math.fround(1e-3));
      expect(isKept, name).toBe(isHiddenMatrix(name, shape));
    }
  });

  it('takes over nothing of a step whose loss or gradient is not a number, and says which', async () => {
    const state = fresh();
    const before = state.toTensors();
    const session = (numbers: Record<string, number>): GraphSession => ({
      provider: 'cpu',
      run: async () => ({}),
      runInto: async (_feeds, results) => ({
        ...results,
        ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Float32Array.of(value)])),
      }),
      release: async () => undefined,
    });
    const names = [...state.tensors.keys()];
    const rates = { learningRate: 1e-3, step: 1, optimizer: pretrainDefaults.optimizer };
    for (const numbers of [
      { loss: Number.NaN, gradientNorm: 1 },
      { loss: 1, gradientNorm: Infinity },
    ]) {
      expect(await state.step(session(numbers), names, {}, rates)).toEqual(numbers);
      expect(state.toTensors()).toEqual(before);
      expect(() => requireNumbers(7, numbers.loss, numbers.gradientNorm)).toThrow(/of step 7 is not a number/);
    }
    expect(() => requireNumbers(7, 1, 1)).not.toThrow();
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
    const unmasked = discItems(4, 1).map((item) => ({ ...item, mask: null }));
    await expect(Pretrainer.create({ ...options(fresh()), items: unmasked })).rejects.toThrow(/no masks/);
  });
});
