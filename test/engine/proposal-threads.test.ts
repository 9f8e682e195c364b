// The threads as the engine has them, with a small network of random weights.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ProposalRequest } from '../../electron/common/engine-protocol.ts';
import { decodeMask, maskIoU } from '../../electron/common/mask.ts';
import { ProposalThreads } from '../../electron/engine/proposal-threads.ts';
import { LoadedModel } from '../../electron/inference/loaded-model.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import { writeModelFolder } from '../../electron/training/model-folder.ts';
import { initialWeights } from '../../models/perceptguide/parameters.ts';
import { discItems, tinyConfig } from '../support/phantoms.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-threads-'));
const items = discItems(6, 3);
const never = new AbortController().signal;
let model: LoadedModel;
let threads: ProposalThreads;

beforeAll(async () => {
  const random = createRandom(6);
  const weights = initialWeights(tinyConfig, random);
  // Untrained heads say almost nothing: these make the mask depend on the frame.
  for (const [name, { data }] of weights)
    if (/head/.test(name)) data.forEach((_, index) => (data[index] = random.normal()));
  const content = { id: 'tiny', title: 'Tiny', config: tinyConfig, input: ownInput, weights, dataType: 'F32' as const };
  await writeModelFolder(folder, content);
  model = await LoadedModel.load(folder, 'cpu');
});

afterEach(() => threads.close());

afterAll(async () => {
  await model.release();
  rmSync(folder, { recursive: true, force: true });
});

async function startThreads(): Promise<void> {
  threads = new ProposalThreads();
  expect(threads.isReady(model)).toBe(false);
  await expect.poll(() => threads.isReady(model), { timeout: 20_000 }).toBe(true);
}

function request(index: number, key = `frame ${index}`): ProposalRequest {
  const { width, height, gray } = items[index].frame;
  return {
    model: { folder },
    image: { key, width, height, channels: 1, pixels: gray },
    prompts: { position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor' },
    box: null,
    adapter: null,
  };
}

/** Asks for a frame ahead while somebody waits for a proposal, who has it with `answer`. */
async function askWhileHeld() {
  await startThreads();
  await threads.run(model, request(0, 'first'), never);
  const { promise: asked, resolve: answered } = Promise.withResolvers<void>();
  const held = threads.hold(() => asked);
  const ahead = threads.run(model, request(1, 'held'), never);
  const answer = (): Promise<void> => {
    answered();
    return held;
  };
  return { ahead, answer };
}

const soon = (): Promise<string> => new Promise((resolve) => setTimeout(() => resolve('nothing yet'), 300));

describe.skipIf(availableParallelism() < 2)('threads for proposals', () => {
  it('propose what the engine does, and leave it the features of the frame', async () => {
    await startThreads();
    const results = await Promise.all(items.map((_, index) => threads.run(model, request(index), never)));
    let encoded = 0;
    const encode = model.runner.encode.bind(model.runner);
    model.runner.encode = (image) => {
      encoded += 1;
      return encode(image);
    };
    for (const [index, { mask }] of results.entries()) {
      const { width, height } = items[index].frame;
      const own = await model.propose(request(index));
      expect(maskIoU(decodeMask(mask, width, height), decodeMask(own.mask, width, height))).toBeGreaterThan(0.999);
    }
    expect(encoded).toBe(0);
    await model.propose(request(0, 'another'));
    expect(encoded).toBe(1);
    model.runner.encode = encode;
  });

  it('wait while somebody waits for a proposal, and go on after', async () => {
    const { ahead, answer } = await askWhileHeld();
    expect(await Promise.race([ahead.then(() => 'a proposal'), soon()])).toBe('nothing yet');
    await answer();
    expect((await ahead).mask.length).toBeGreaterThan(0);
  });

  it('stay held while one of two is answered', async () => {
    const { ahead, answer } = await askWhileHeld();
    await threads.hold(soon); // long enough for the thread to come to its next step, and wait there
    expect(await Promise.race([ahead.then(() => 'a proposal'), soon()])).toBe('nothing yet');
    await answer();
    expect((await ahead).mask.length).toBeGreaterThan(0);
  });

  it('give up what is cancelled, running or waiting, and answer the rest', async () => {
    await startThreads();
    const controller = new AbortController();
    const { promise: asked, resolve: answered } = Promise.withResolvers<void>();
    const held = threads.hold(() => asked);
    const { signal } = controller;
    const cancelled = Promise.allSettled(
      items.map((_, index) => threads.run(model, request(index, `cancelled ${index}`), signal)),
    );
    const kept = threads.run(model, request(0, 'kept'), never);
    controller.abort();
    answered();
    await held;
    for (const outcome of await cancelled)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } });
    expect((await kept).provisional).toBe(false);
  });

  it('refuse a frame that nobody has the pixels of, and pass on what the network refuses', async () => {
    await startThreads();
    const { image, ...rest } = request(0, 'unknown');
    const without = threads.run(model, { ...rest, image: { ...image, pixels: null } }, never);
    await expect(without).rejects.toMatchObject({ code: 'not-found' });
    const noBox = threads.run(model, { ...request(0), prompts: { ...rest.prompts, mode: 'local' } }, never);
    await expect(noBox).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('give up everything when they are closed, and begin again when they are asked for', async () => {
    await startThreads();
    const asked = items.map((_, index) => threads.run(model, request(index, `closed ${index}`), never));
    const outcomes = Promise.allSettled(asked);
    threads.close();
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } });
    await expect.poll(() => threads.isReady(model), { timeout: 20_000 }).toBe(true);
    expect((await threads.run(model, request(0, 'again'), never)).provider).toBe('cpu');
  });

  it('are not had for a model whose copies would take too much memory', async () => {
    const files = model.manifest.files.map((file) => ({ ...file, bytes: 200e6 }));
    const large = Object.assign(Object.create(model) as LoadedModel, { manifest: { ...model.manifest, files } });
    threads = new ProposalThreads();
    expect(threads.isReady(large)).toBe(false);
    await soon();
    expect(threads.isReady(large)).toBe(false);
  });
});
