// The engine as the application runs it: the real process with a small network of random weights, over the real client.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngineClient } from '../../electron/app/engine-client.ts';
import type { EngineClient } from '../../electron/app/engine-client.ts';
import { forkEngine } from '../../electron/app/engine-process.ts';
import type {
  CorrectionSample,
  EngineImage,
  ProposalRequest,
  ProposalResult,
} from '../../electron/common/engine-protocol.ts';
import { AppError, isAbortError } from '../../electron/common/errors.ts';
import { countMaskPixels, createMask, decodeMask, encodeMask } from '../../electron/common/mask.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import { writeModelFolder } from '../../electron/training/model-folder.ts';
import { starterConfig } from '../../models/perceptguide/config.ts';
import { initialWeights } from '../../models/perceptguide/parameters.ts';

const config = {
  ...starterConfig,
  embedDim: 12,
  numHeads: [1, 2, 4, 8],
  encoderDepths: [2, 1, 1, 1],
  decoderDepths: [1, 1, 1, 1],
};
const prompts = { position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor' } as const;
// The model that ships: what it learns from corrections is measured on it, since random weights learn nothing from prompts alone.
const starter = join(import.meta.dirname, '../../models/perceptguide-starter');
const width = 96;
const height = 80;

let folder: string;
let client: EngineClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sonosync-engine-'));
  await writeModelFolder(folder, {
    id: 'small',
    title: 'Small',
    config,
    input: ownInput,
    weights: initialWeights(config, createRandom(5)),
    dataType: 'F32',
  });
  client = createEngineClient({ spawn: (environment) => forkEngine({ ...environment, SONOSYNC_PROVIDER: 'cpu' }) });
});

afterAll(async () => {
  await client.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A bright disc at a place that differs from frame to frame, and its mask. */
function phantom(index: number): { image: EngineImage; mask: Uint8Array } {
  const mask = createMask(width, height);
  const pixels = new Uint8Array(width * height);
  for (let i = 0; i < pixels.length; i += 1) {
    const inside = Math.hypot((i % width) - 30 - 5 * index, Math.floor(i / width) - 40) < 15;
    mask.data[i] = inside ? 1 : 0;
    pixels[i] = (inside ? 200 : 40) + ((i * 37) % 17);
  }
  return { image: { key: `frame ${index}`, width, height, channels: 1, pixels }, mask: encodeMask(mask) };
}

function correction(index: number): CorrectionSample {
  const { image, mask } = phantom(index);
  return {
    imageKey: image.key,
    mask,
    revisionId: `revision ${index}`,
    patientKey: `patient ${index}`,
    studyId: `study ${index}`,
    instanceId: `instance ${index}`,
    frameNumber: 1,
    side: null,
  };
}

const request = (image: EngineImage, adapter: Uint8Array | null = null, model = folder): ProposalRequest => ({
  model: { folder: model },
  image,
  prompts,
  box: null,
  adapter,
});
const synchronizeRequest = (count: number, model = folder) => ({
  model: { folder: model },
  prompts,
  adapter: null,
  corrections: Array.from({ length: count }, (_, index) => correction(index)),
  seed: 1,
});

/** What the host answers to a question for a frame. */
const answerFrame = async (key: string): Promise<EngineImage> => phantom(Number(key.replace('frame ', ''))).image;

describe('the engine process', () => {
  it('describes a model folder, and refuses one that is none by name', async () => {
    const description = await client.call('model:describe', { model: { folder } });
    expect(description).toMatchObject({ id: 'small', config: { embedDim: 12 } });
    expect(description.parameters).toBeGreaterThan(100_000);
    const missing = join(folder, 'nothing');
    await expect(client.call('model:describe', { model: { folder: missing } })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(missing),
    });
  });

  it('proposes a mask of the frame’s size, and knows the frame again without its pixels', async () => {
    const { image } = phantom(0);
    const first = await client.call('proposal:run', request(image));
    const mask = decodeMask(first.mask, width, height);
    expect(countMaskPixels(mask)).toBeLessThanOrEqual(width * height);
    expect(first).toMatchObject({ provider: 'cpu', classification: null });
    const again = await client.call('proposal:run', request({ ...image, pixels: null }));
    expect(again.mask).toEqual(first.mask);
    const unknown = client.call('proposal:run', request({ ...image, key: 'another', pixels: null }));
    await expect(unknown).rejects.toMatchObject({ code: 'not-found' });
  });

  it('tells what the first of two looks found while the second is taken, which a cancel ends', async () => {
    const firsts: ProposalResult[] = [];
    const asked = request(phantom(3).image, null, starter);
    const whole = await client.call('proposal:run', asked, { onProgress: (first) => firsts.push(first) });
    expect(firsts).toHaveLength(1);
    expect(firsts[0].provisional).toBe(true);
    expect(whole.provisional).toBe(false);
    expect(whole.milliseconds).toBeGreaterThan(firsts[0].milliseconds);
    expect(whole.mask).not.toEqual(firsts[0].mask);

    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    const cancelled = client.call('proposal:run', request(phantom(4).image, null, starter), {
      signal: controller.signal,
      onProgress,
    });
    await expect(cancelled).rejects.toSatisfy(isAbortError);
  });

  it('probes, and says what runs and why', async () => {
    const report = await client.call('engine:probe', { model: { folder } });
    expect(report.chosen).toEqual({ inference: 'cpu', training: 'cpu' });
    expect(report.inference.at(-1)).toMatchObject({ provider: 'cpu', available: true, reason: null });
    expect(client.state()).toEqual({ state: 'ready', provider: 'cpu', summary: report.summary });
  });

  it('synchronizes on corrections while proposals pass it by between its steps', { timeout: 240_000 }, async () => {
    const proposals: Promise<number>[] = [];
    const steps: number[] = [];
    let lastStep = performance.now();
    const propose = async () => {
      const asked = performance.now();
      await client.call('proposal:run', request(phantom(7).image, null, starter));
      return performance.now() - asked;
    };
    const result = await client.call('training:synchronize', synchronizeRequest(8, starter), {
      onQuestion: answerFrame,
      onProgress: ({ phase }) => {
        const now = performance.now();
        if (phase === 'training') steps.push(now - lastStep);
        lastStep = now;
        if (phase === 'training' && steps.length % 10 === 1 && proposals.length < 3) proposals.push(propose());
      },
    });
    const waits = await Promise.all(proposals);
    expect(waits).toHaveLength(3);
    expect(steps.length).toBeGreaterThan(waits.length * 2);
    // One step (with its measurement, the longest of all) and the proposal's own work, as this machine runs them.
    expect(Math.min(...waits)).toBeLessThan(Math.max(...steps) * 2 + 500);

    expect(result.trainRevisionIds.length + result.validationRevisionIds.length).toBe(8);
    expect(result.modelHash).toBe((await client.call('model:describe', { model: { folder: starter } })).hash);
    expect(result.caution).toBeNull();
    expect(result.history.length).toBe(steps.length);
    expect(result.validationAfter).toBeGreaterThan(result.validationBefore);
    const { image } = phantom(3);
    const base = await client.call('proposal:run', request(image, null, starter));
    const adapted = await client.call('proposal:run', request(image, result.adapter, starter));
    expect(adapted.mask).not.toEqual(base.mask);
    expect((await client.call('proposal:run', request(image, null, starter))).mask).toEqual(base.mask);
  });

  it('makes frames ahead of the reader in turn with the steps of a synchronization, and the reader’s at once', async () => {
    let step = 0;
    const answers: { readonly of: string; readonly asked: number; readonly answered: number }[] = [];
    const ask = async (method: 'proposal:run' | 'proposal:prepare', index: number): Promise<void> => {
      const asked = step;
      await client.call(method, request(phantom(index).image));
      answers.push({ of: method, asked, answered: step });
    };
    const asked: Promise<void>[] = [];
    const controller = new AbortController();
    const synchronizing = client.call('training:synchronize', synchronizeRequest(8), {
      onQuestion: answerFrame,
      signal: controller.signal,
      onProgress: ({ phase }) => {
        if (phase !== 'training') return;
        step += 1;
        if (step === 2) for (const index of [20, 21, 22, 23]) asked.push(ask('proposal:prepare', index));
        if (step === 3) asked.push(ask('proposal:run', 24));
        if (step > 3 && answers.length === asked.length) controller.abort();
      },
    });
    // It still runs when all are answered.
    await expect(synchronizing).rejects.toSatisfy(isAbortError);
    const ofReader = answers.find(({ of }) => of === 'proposal:run');
    // What is asked while a step runs is answered before the next has ended; its news may be one step late.
    expect(ofReader!.answered - ofReader!.asked).toBeLessThanOrEqual(2);
    const ahead = answers.filter(({ of }) => of === 'proposal:prepare').map(({ answered }) => answered);
    expect(ahead).toHaveLength(4);
    expect(Math.max(...ahead) - Math.min(...ahead)).toBeGreaterThanOrEqual(2);
  });

  it('cancels a synchronization, and is free for the next request', async () => {
    const controller = new AbortController();
    let cancelled = 0;
    const call = client.call('training:synchronize', synchronizeRequest(4), {
      onQuestion: answerFrame,
      signal: controller.signal,
      onProgress: ({ phase }) => {
        if (phase !== 'training' || cancelled > 0) return;
        cancelled = performance.now();
        controller.abort();
      },
    });
    await expect(call).rejects.toSatisfy(isAbortError);
    expect(performance.now() - cancelled).toBeLessThan(3000);
    await client.call('proposal:run', request(phantom(1).image));
  });

  it('refuses fewer than four corrections, frames without pixels, and what the host refuses', async () => {
    await expect(client.call('training:synchronize', synchronizeRequest(3))).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('1 more'),
    });
    const withoutPixels = client.call('training:synchronize', synchronizeRequest(4), {
      onQuestion: async (key) => ({ ...(await answerFrame(key)), pixels: null }),
    });
    await expect(withoutPixels).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('none') });
    const missing = new AppError('not-found', 'The frame was deleted meanwhile.');
    const refused = client.call('training:synchronize', synchronizeRequest(4), {
      onQuestion: () => Promise.reject(missing),
    });
    await expect(refused).rejects.toMatchObject({ code: 'not-found', message: missing.message });
  });

  it('runs a long job of the command line and refuses its bad options', async () => {
    const messages: string[] = [];
    const result = await client.call(
      'job:run',
      { job: 'bench', options: { model: folder, repeats: 1 } },
      { onProgress: ({ message }) => messages.push(message) },
    );
    expect(result['proposalMs']).toBeGreaterThan(0);
    // The small model looks once.
    expect(result['refinedProposalMs']).toBeNull();
    expect(messages.length).toBeGreaterThan(0);
    const refused = client.call('job:run', { job: 'bench', options: { repeats: 'many' } });
    await expect(refused).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('repeats') });
  });

  it('refuses a model whose weights were changed on disk', async () => {
    const { files } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { files: { name: string }[] };
    const changed = mkdtempSync(join(tmpdir(), 'sonosync-changed-'));
    try {
      cpSync(folder, changed, { recursive: true });
      writeFileSync(join(changed, files[0].name), 'not weights');
      await expect(client.call('model:describe', { model: { folder: changed } })).rejects.toMatchObject({
        code: 'corrupt',
        message: expect.stringContaining(files[0].name),
      });
    } finally {
      rmSync(changed, { recursive: true });
    }
  });
});
