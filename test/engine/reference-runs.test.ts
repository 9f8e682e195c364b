// The probe on real sessions: a small network on the CPU, and on WebGPU where Chromium's software driver is installed.
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { notices, probeNetwork } from '../../electron/engine/probe.ts';
import { probeProviders } from '../../electron/engine/providers.ts';
import { inferenceReference, trainingReference } from '../../electron/engine/reference-runs.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { starterConfig } from '../../models/perceptguide/config.ts';
import { initialWeights } from '../../models/perceptguide/parameters.ts';

const config = {
  ...starterConfig,
  embedDim: 12,
  numHeads: [1, 2, 4, 8],
  encoderDepths: [2, 1, 1, 1],
  decoderDepths: [1, 1, 1, 1],
};
const network = { config, weights: initialWeights(config, createRandom(3)) };
const softwareDriver = '/usr/lib/chromium/vk_swiftshader_icd.json';
const noTurn = async () => {};

describe('the reference runs on the CPU', () => {
  it('give logits of two classes with the mask that they mean, the same every time', async () => {
    const run = inferenceReference(network);
    const first = await run('cpu');
    expect(first.logits).toHaveLength(2 * 224 * 224);
    expect(first.mask).toHaveLength(224 * 224);
    const pixel = 100 * 224 + 80;
    expect(first.mask[pixel]).toBe(first.logits[224 * 224 + pixel] > first.logits[pixel] ? 1 : 0);
    expect((await run('cpu')).logits).toEqual(first.logits);
    expect(first.milliseconds).toBeGreaterThan(0);
  });

  it('give gradients of the prompt projections that are not zero', async () => {
    const { logits } = await trainingReference(network)('cpu');
    expect(logits.length).toBeGreaterThan(1000);
    expect(logits.every(Number.isFinite)).toBe(true);
    expect(logits.some((gradient) => Math.abs(gradient) > 1e-9)).toBe(true);
  });
});

describe('the report of a probe', () => {
  it('runs on the CPU and says so where nothing else is wanted', async () => {
    const report = await probeNetwork(network, noTurn, {
      platform: process.platform,
      wantedProvider: 'cpu',
      hasNvidiaDevice: false,
    });
    expect(report.chosen).toEqual({ inference: 'cpu', training: 'cpu' });
    expect(report.summary).toBe(
      'Proposals and training run on the CPU. SONOSYNC_PROVIDER=cpu keeps other providers out.',
    );
    expect(report.versions['onnxruntime']).toMatch(/^1\./);
  });

  it('names a provider that this system lacks with the reason, and goes on', async () => {
    const foreign = process.platform === 'win32' ? 'darwin' : 'win32';
    const report = await probeNetwork(network, noTurn, {
      platform: foreign,
      wantedProvider: undefined,
      hasNvidiaDevice: false,
    });
    expect(report.chosen.inference).toBe('cpu');
    expect(report.inference[0]).toMatchObject({ available: false });
    expect(report.inference[0].reason).toContain('no provider');
    expect(report.summary).toContain('not available');
  });

  it('speaks of an NVIDIA GPU that is there and unused', () => {
    const machine = { platform: 'linux', wantedProvider: undefined, hasNvidiaDevice: true } as const;
    const report = { provider: 'cuda', reason: null, logitError: null, maskAgreement: null, milliseconds: null };
    expect(notices(machine, { reports: [{ ...report, available: false }] })[0]).toContain('npm run install:cuda');
    expect(notices(machine, { reports: [{ ...report, available: true }] })).toEqual([]);
    expect(notices({ ...machine, hasNvidiaDevice: false }, { reports: [] })).toEqual([]);
  });
});

describe.skipIf(!existsSync(softwareDriver))('WebGPU on a software driver (needs Debian’s chromium)', () => {
  it('agrees with the CPU and is refused for being slower', { timeout: 180_000 }, async () => {
    process.env['VK_ICD_FILENAMES'] = softwareDriver;
    const { chosen, reports } = await probeProviders(['webgpu'], inferenceReference(network), noTurn);
    expect(chosen).toBe('cpu');
    expect(reports[0]).toMatchObject({ provider: 'webgpu', available: true });
    expect(reports[0].logitError).toBeLessThan(1e-3);
    expect(reports[0].maskAgreement).toBeGreaterThan(0.999);
    expect(reports[0].reason).toContain('not faster than the CPU');
  });
});
