// The choice of a provider from real numbers: runs of arithmetic that differ by a known amount.
import { describe, expect, it } from 'vitest';
import { AppError } from '../../electron/common/errors.ts';
import {
  candidateProviders,
  probeProviders,
  relativeError,
  summarizeProbe,
  type ReferenceRun,
} from '../../electron/engine/providers.ts';

const logits = Float32Array.from({ length: 4000 }, (_, index) => 3 * Math.sin(index) + Math.cos(index / 7));
const noTurn = async () => {};

function runOf(change: (logit: number, index: number) => number, milliseconds: number): ReferenceRun {
  const changed = logits.map(change);
  return { logits: changed, mask: Uint8Array.from(changed, (logit) => (logit > 0 ? 1 : 0)), milliseconds };
}

function probe(runs: Record<string, ReferenceRun | Error>) {
  const candidates = Object.keys(runs).filter((provider) => provider !== 'cpu');
  const run = async (provider: string) => {
    const result = runs[provider];
    if (result instanceof Error) throw result;
    return result;
  };
  return probeProviders(candidates, run, noTurn);
}

const cpu = runOf((logit) => logit, 50);

describe('probing the providers', () => {
  it('takes the fastest of those that agree with the CPU', async () => {
    const { chosen, reports } = await probe({
      cpu,
      cuda: runOf((logit) => logit * (1 + 1e-6), 12),
      webgpu: runOf((logit) => logit * (1 - 1e-6), 8),
    });
    expect(chosen).toBe('webgpu');
    expect(reports.map(({ provider, reason }) => [provider, reason])).toEqual([
      ['cuda', null],
      ['webgpu', null],
      ['cpu', null],
    ]);
    expect(reports[0].logitError).toBeGreaterThan(0);
    expect(reports[0].logitError).toBeLessThan(1e-5);
    expect(reports[0].maskAgreement).toBe(1);
  });

  it('refuses one that is not faster than the CPU, and says by how much', async () => {
    const { chosen, reports } = await probe({ cpu, webgpu: runOf((logit) => logit, 812) });
    expect(chosen).toBe('cpu');
    expect(reports[0]).toMatchObject({ available: true, milliseconds: 812 });
    expect(reports[0].reason).toContain('812 ms against 50 ms');
  });

  it('refuses one whose logits are off by more than 1 % of their deviation, even in a single place', async () => {
    const off = runOf((logit, index) => (index === 1234 ? logit + 0.03 : logit), 5);
    const close = runOf((logit, index) => (index === 1234 ? logit + 0.01 : logit), 5);
    expect((await probe({ cpu, webgpu: off })).chosen).toBe('cpu');
    expect((await probe({ cpu, webgpu: off })).reports[0].reason).toContain('1 % is allowed');
    expect((await probe({ cpu, webgpu: close })).chosen).toBe('webgpu');
  });

  it('refuses one whose mask differs in more than one pixel of a thousand', async () => {
    const flip = (count: number): ReferenceRun => ({
      logits,
      mask: cpu.mask.map((pixel, index) => (index < count ? 1 - pixel : pixel)),
      milliseconds: 5,
    });
    expect((await probe({ cpu, webgpu: flip(4) })).chosen).toBe('webgpu');
    const refused = await probe({ cpu, webgpu: flip(5) });
    expect(refused.chosen).toBe('cpu');
    expect(refused.reports[0].reason).toContain('99.88 % of the pixels');
  });

  it('refuses one that gives numbers that are not finite, or another number of them', async () => {
    const broken = runOf((logit, index) => (index === 7 ? Number.NaN : logit), 5);
    const cut = { ...cpu, logits: logits.slice(1), milliseconds: 5 };
    for (const run of [broken, cut]) {
      const { chosen, reports } = await probe({ cpu, webgpu: run });
      expect(chosen).toBe('cpu');
      expect(reports[0]).toMatchObject({ available: true, logitError: null });
      expect(reports[0].reason).toContain('not finite');
    }
  });

  it('goes on after a provider that cannot be made, and keeps the readable part of the reason', async () => {
    const cause = new Error(
      '/src/webgpu_context.cc:136 Initialize(const Config&)::<lambda()> adapter.status == Success was false. Failed to get a WebGPU adapter: No supported adapters\n',
    );
    const missing = new AppError('engine', `The webgpu provider cannot run this network: ${cause.message}`, { cause });
    const { chosen, reports } = await probe({ cpu, webgpu: missing, cuda: runOf((logit) => logit, 10) });
    expect(chosen).toBe('cuda');
    expect(reports[0]).toEqual({
      provider: 'webgpu',
      available: false,
      reason: 'Failed to get a WebGPU adapter: No supported adapters',
      logitError: null,
      maskAgreement: null,
      milliseconds: null,
    });
  });

  it('compares runs without a mask by their numbers alone', async () => {
    const gradients = { ...cpu, mask: new Uint8Array() };
    const { chosen, reports } = await probe({ cpu: gradients, webgpu: { ...gradients, milliseconds: 5 } });
    expect(chosen).toBe('webgpu');
    expect(reports.map(({ maskAgreement }) => maskAgreement)).toEqual([null, null]);
  });

  it('rejects where the CPU itself fails, and where it is cancelled between two runs', async () => {
    await expect(probe({ cpu: new Error('no memory') })).rejects.toThrow('no memory');
    const cancelled = probeProviders(
      ['webgpu'],
      async () => cpu,
      async () => Promise.reject(new Error('cancelled')),
    );
    await expect(cancelled).rejects.toThrow('cancelled');
  });
});

describe('the error relative to the deviation', () => {
  it('is the largest difference over the standard deviation of the reference', () => {
    // Deviation of 1, 3 is 1.
    expect(relativeError(Float32Array.of(1, 3.5), Float32Array.of(1, 3))).toBeCloseTo(0.5, 6);
  });

  it('is 0 for equal constants and cannot be told for different ones', () => {
    expect(relativeError(Float32Array.of(2, 2), Float32Array.of(2, 2))).toBe(0);
    expect(relativeError(Float32Array.of(2, 3), Float32Array.of(2, 2))).toBeNull();
  });
});

describe('the candidates', () => {
  it('are those of the platform, or the one that is wanted', () => {
    expect(candidateProviders('win32', undefined)).toEqual(['dml']);
    expect(candidateProviders('darwin', undefined)).toEqual(['coreml', 'webgpu']);
    expect(candidateProviders('linux', '')).toEqual(['cuda', 'webgpu']);
    expect(candidateProviders('linux', 'webgpu')).toEqual(['webgpu']);
    expect(candidateProviders('linux', 'cpu')).toEqual([]);
    expect(candidateProviders('freebsd', undefined)).toEqual([]);
  });

  it('are refused by name where the platform does not have the wanted one', () => {
    expect(() => candidateProviders('linux', 'dml')).toThrow(/"dml".*cuda, webgpu, cpu/);
  });
});

describe('the summary', () => {
  it('says what runs, why each other provider does not, and what must not be silent', async () => {
    const inference = await probe({
      cpu,
      cuda: new Error('Failed to load shared library'),
      webgpu: { ...cpu, milliseconds: 5 },
    });
    const training = await probe({
      cpu,
      cuda: new Error('Failed to load shared library'),
      webgpu: { ...cpu, milliseconds: 99 },
    });
    expect(summarizeProbe(inference, training, ['An NVIDIA GPU is there.'])).toBe(
      'Proposals run on WebGPU, training on the CPU. CUDA is not available: Failed to load shared library. ' +
        'WebGPU is not used for training: it is not faster than the CPU (99 ms against 50 ms). An NVIDIA GPU is there.',
    );
  });

  it('is one sentence where only the CPU was asked', async () => {
    const only = await probe({ cpu });
    expect(summarizeProbe(only, only, [])).toBe('Proposals and training run on the CPU.');
  });
});
