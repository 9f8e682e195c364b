import { describe, expect, it } from 'vitest';
import { createRandom } from '../../electron/nn/random.ts';
import { createGraphSession } from '../../electron/nn/session.ts';
import { NetworkRunner } from '../../electron/inference/network-runner.ts';
import { plainSample } from '../../electron/training/augment.ts';
import { imageTensor } from '../../electron/training/batches.ts';
import { areaUnderCurve } from '../../electron/training/classification-metrics.ts';
import { itemMask } from '../../electron/training/dataset-item.ts';
import { predictItem } from '../../electron/training/evaluate.ts';
import { FeatureMemory } from '../../electron/training/feature-memory.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import { classDefaults, trainClasses, type ClassTraining } from '../../electron/training/train-classes.ts';
import { pooledShapes } from '../../models/perceptguide/definition.ts';
import { pooledEncoderGraph } from '../../models/perceptguide/graphs.ts';
import { initialWeights, isClassificationDecoder } from '../../models/perceptguide/parameters.ts';
import { discItems, tinyConfig } from '../support/phantoms.ts';

const spec = { ...ownInput, mean: 0.2, std: 0.2 };
const before = initialWeights(tinyConfig, createRandom(1));
const context = { signal: new AbortController().signal, turn: async () => {}, report: () => {} };

const training = (change: Partial<ClassTraining> = {}): ClassTraining => ({
  config: tinyConfig,
  spec,
  weights: before,
  items: discItems(24, 1),
  seed: 1,
  provider: 'cpu',
  settings: {
    ...classDefaults,
    batch: 8,
    fresh: 2,
    first: 16,
    remembered: 64,
    passes: 100,
    learningRate: 2e-3,
    warmupSteps: 5,
  },
  length: { steps: 80 },
  line: () => {},
  ...change,
});

describe('training of classes', () => {
  it('learns to tell bright from dark, and leaves everything else of the network as it was', async () => {
    const { weights, steps } = await trainClasses(training(), context);
    expect(steps).toBe(80);
    for (const [name, { data }] of weights) {
      if (!isClassificationDecoder(name)) expect(data, name).toEqual(before.get(name)!.data);
    }
    const runner = new NetworkRunner({ config: tinyConfig, weights }, 'cpu');
    const cases = [];
    for (const item of discItems(20, 9)) {
      const { probability } = await predictItem(runner, spec, item, { segment: false });
      cases.push({ probability: probability!, classIndex: item.classIndex! });
    }
    await runner.release();
    expect(areaUnderCurve(cases)).toBeGreaterThan(0.9);
  });

  it('gives the same from the same seed, and another network from another', async () => {
    const taught = async (seed: number) =>
      (await trainClasses(training({ seed, length: { steps: 3 } }), context)).weights;
    const once = await taught(4);
    expect(await taught(4)).toEqual(once);
    expect(await taught(5)).not.toEqual(once);
  });

  it('ends when the items were seen often enough, whatever time or steps are left', async () => {
    const { settings } = training();
    const { steps } = await trainClasses(
      training({ settings: { ...settings, passes: 0.5 }, length: { milliseconds: 600_000, steps: 80 } }),
      context,
    );
    expect(steps).toBe(6); // 24 items, half of which make six steps of two
  });

  it('refuses a training split without classes', async () => {
    const items = discItems(4, 1).map((item) => ({ ...item, classIndex: null }));
    await expect(trainClasses(training({ items }), context)).rejects.toThrow(/no classes/);
  });

  it('stops when cancelled', async () => {
    const cancelled = {
      ...context,
      signal: AbortSignal.abort(),
      turn: () => Promise.reject(new DOMException('', 'AbortError')),
    };
    await expect(trainClasses(training(), cancelled)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('what the decoder is taught by', () => {
  it('is what the decoder sees at a proposal: means of the encoder features', async () => {
    const network = { config: tinyConfig, weights: before };
    const session = await createGraphSession(pooledEncoderGraph(network, 2), 'pooled');
    const samples = discItems(2, 3).map((item) => plainSample(item.frame, itemMask(item), 'whole', spec, 224));
    const pooled = await session.run({ image: imageTensor(samples) });
    await session.release();
    const runner = new NetworkRunner(network, 'cpu');
    const shapes = pooledShapes(tinyConfig, 1);
    for (const [index, sample] of samples.entries()) {
      const whole = await runner.encode(imageTensor([sample]));
      for (const [stage, side] of [56, 28, 14].entries()) {
        const channels = shapes[`pooled${stage}`][1];
        const expected = meansOfSquares(whole[`skip${stage}`], side, channels);
        const got = pooled[`pooled${stage}`].subarray(index * expected.length, (index + 1) * expected.length);
        expect(Math.max(...expected.map((value, at) => Math.abs(value - got[at])))).toBeLessThan(1e-4);
      }
      const { deepest } = whole;
      const got = pooled.deepest.subarray(index * deepest.length, (index + 1) * deepest.length);
      expect(Math.max(...deepest.map((value, at) => Math.abs(value - got[at])))).toBeLessThan(1e-4);
    }
    await runner.release();
  });
});

describe('the memory of encoded samples', () => {
  const sample = (value: number) => ({ a: Float32Array.of(value, -value), b: Float32Array.of(10 * value) });
  const both = (...values: number[]) => ({
    a: Float32Array.from(values.flatMap((value) => [...sample(value).a])),
    b: Float32Array.from(values.flatMap((value) => [...sample(value).b])),
  });

  it('draws whole samples, each once before any comes again', () => {
    const memory = new FeatureMemory({ a: 2, b: 1 }, 10);
    memory.put(both(1, 2, 3), 3);
    const { a, b } = memory.draw(3, createRandom(1));
    expect(Array.from(b.toSorted())).toEqual([10, 20, 30]);
    b.forEach((value, index) => expect([...a.subarray(2 * index, 2 * index + 2)]).toEqual([value / 10, -value / 10]));
    const more = memory.draw(7, createRandom(2)).b;
    for (const value of [10, 20, 30]) expect(more.filter((one) => one === value).length).toBeGreaterThanOrEqual(2);
  });

  it('replaces the oldest first', () => {
    const memory = new FeatureMemory({ a: 2, b: 1 }, 4);
    memory.put(both(1, 2, 3), 3);
    memory.put(both(4, 5), 2);
    expect(memory.count).toBe(4);
    expect(Array.from(memory.draw(4, createRandom(1)).b.toSorted())).toEqual([20, 30, 40, 50]);
  });

  it('refuses to draw from nothing', () => {
    expect(() => new FeatureMemory({ a: 2 }, 4).draw(1, createRandom(1))).toThrow(/Nothing/);
  });
});

/** (side², C) -> (49, C) */
function meansOfSquares(tokens: Float32Array, side: number, channels: number): Float32Array {
  const factor = side / 7;
  const means = new Float32Array(49 * channels);
  for (let token = 0; token < side ** 2; token += 1) {
    const square = Math.floor(Math.floor(token / side) / factor) * 7 + Math.floor((token % side) / factor);
    for (let channel = 0; channel < channels; channel += 1) {
      means[square * channels + channel] += tokens[token * channels + channel] / factor ** 2;
    }
  }
  return means;
}
