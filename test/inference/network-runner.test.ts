import { describe, expect, it } from 'vitest';
import { NetworkRunner } from '../../electron/inference/network-runner.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { initialWeights } from '../../models/perceptguide/parameters.ts';
import { tinyConfig } from '../support/phantoms.ts';

const network = { config: tinyConfig, weights: initialWeights(tinyConfig, createRandom(1)) };

describe('the sessions of a network', () => {
  it('are tried again where one could not be made, and can be released then', async () => {
    const runner = new NetworkRunner(network, 'none');
    const image = new Float32Array(3 * tinyConfig.imageSize ** 2);
    const first = runner.encode(image);
    await expect(first).rejects.toMatchObject({ code: 'engine' });
    const failures = [
      await first.catch((error: unknown) => error),
      await runner.encode(image).catch((error: unknown) => error),
    ];
    expect(failures[1]).not.toBe(failures[0]);
    await expect(runner.release()).resolves.toBeUndefined();
  });

  it('are made before they are needed, one at each turn, and not after a turn that ends the work', async () => {
    let turns = 0;
    const turn = async (): Promise<void> => {
      turns += 1;
    };
    const runner = new NetworkRunner(network, 'cpu');
    await runner.prepare('classification', turn);
    expect(turns).toBe(2);
    await runner.release();

    const broken = new NetworkRunner(network, 'none');
    await expect(broken.prepare('classification', turn)).rejects.toMatchObject({ code: 'engine' });
    expect(turns).toBe(3);
    const stop = new Error('stopped');
    await expect(broken.prepare('classification', () => Promise.reject(stop))).rejects.toBe(stop);
  });
});
