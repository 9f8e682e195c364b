import { expect, it } from 'vitest';
import { NetworkRunner } from '../../electron/inference/network-runner.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { initialWeights } from '../../models/perceptguide/parameters.ts';
import { tinyConfig } from '../support/phantoms.ts';

it('tries again where a session could not be made, and can be released then', async () => {
  const runner = new NetworkRunner(
    { config: tinyConfig, weights: initialWeights(tinyConfig, createRandom(1)) },
    'none',
  );
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
