import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LoadedModels } from '../../electron/inference/models.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import { writeModelFolder } from '../../electron/training/model-folder.ts';
import { initialWeights } from '../../models/perceptguide/parameters.ts';
import { tinyConfig } from '../support/phantoms.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-models-'));
const [first, second] = ['first', 'second'].map((name) => join(folder, name));
const keptMs = 40;

beforeAll(async () => {
  for (const [seed, place] of [first, second].entries()) {
    const weights = initialWeights(tinyConfig, createRandom(seed));
    const content = { id: `tiny-${seed}`, title: 'Tiny', config: tinyConfig, input: ownInput, weights };
    await writeModelFolder(place, { ...content, dataType: 'F32' });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Loads a model and tells when it is released. */
async function watch(models: LoadedModels, place: string): Promise<{ readonly released: () => number }> {
  let count = 0;
  await models.use(place, async (model) => {
    const release = model.release.bind(model);
    model.release = () => {
      count += 1;
      return release();
    };
  });
  return { released: () => count };
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the models that the engine holds', () => {
  it('are loaded once; the earlier one is let go a while after another is in use', async () => {
    const models = new LoadedModels(keptMs);
    models.choose(first, 'cpu');
    const { released } = await watch(models, first);
    const loaded = models.loaded(first);
    expect(loaded).not.toBeNull();
    expect(await models.use(first, async (model) => model)).toBe(loaded);
    await wait(3 * keptMs);
    expect([released(), models.loaded(first)]).toEqual([0, loaded]);

    await models.describe(second);
    models.choose(second, 'cpu');
    expect(models.loaded(first)).toBe(loaded);
    await expect.poll(released).toBe(1);
    expect(models.loaded(first)).toBeNull();
    expect((await models.describe(first)).id).toBe('tiny-0');
    expect(models.loaded(second)).not.toBeNull();
  });

  it('stay while something works with them, and for what comes soon after', async () => {
    const models = new LoadedModels(keptMs);
    const { released } = await watch(models, first);
    models.choose(second, 'cpu');
    const { promise: asked, resolve: answered } = Promise.withResolvers<void>();
    const work = models.use(first, () => asked);
    await wait(3 * keptMs);
    expect(released()).toBe(0);
    answered();
    await work;
    expect(models.loaded(first)).not.toBeNull();
    await expect.poll(released).toBe(1);
  });

  it('on another provider are let go as soon as nothing works with them; what is asked next is loaded on the new one', async () => {
    const models = new LoadedModels(keptMs);
    const { released } = await watch(models, first);
    const { promise: asked, resolve: answered } = Promise.withResolvers<void>();
    const work = models.use(first, () => asked);
    models.choose(first, 'another');
    expect(models.loaded(first)).toBeNull();
    expect(await models.use(first, async ({ runner }) => runner.provider)).toBe('another');
    expect(released()).toBe(0);
    answered();
    await work;
    await expect.poll(released).toBe(1);
    expect(models.loaded(first)).not.toBeNull();
  });

  it('that cannot be loaded are tried again at the next call', async () => {
    const models = new LoadedModels(keptMs);
    const missing = join(folder, 'third');
    await expect(models.describe(missing)).rejects.toMatchObject({ code: 'not-found' });
    const weights = initialWeights(tinyConfig, createRandom(3));
    const content = { id: 'tiny-3', title: 'Tiny', config: tinyConfig, input: ownInput, weights };
    await writeModelFolder(missing, { ...content, dataType: 'F32' });
    expect((await models.describe(missing)).id).toBe('tiny-3');
  });
});
