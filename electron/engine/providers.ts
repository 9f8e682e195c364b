// Owns which execution provider runs: every candidate of the platform gets the same reference input as the CPU and is taken only where it
// gives the same answer sooner. Inference and the training step are probed separately, with the same rules.
import type { ProviderReport } from '../common/engine-protocol.ts';
import { AppError, messageOf } from '../common/errors.ts';

/** What a reference input gave on one provider. */
export interface ReferenceRun {
  /** The numbers to compare: logits, or the gradients of a training step. */
  readonly logits: Float32Array;
  /** 0 or 1 for each pixel; empty where the run has no mask. */
  readonly mask: Uint8Array;
  /** Of a warm run. */
  readonly milliseconds: number;
}

/** Runs the reference input on a provider. Rejects where the provider is missing or refuses the network. */
export type RunReference = (provider: string) => Promise<ReferenceRun>;

export interface ProbeResult {
  /** The candidates in their order, then the CPU. */
  readonly reports: readonly ProviderReport[];
  readonly chosen: string;
}

/** Share of the mask's pixels that must be equal to the CPU's. */
const neededAgreement = 0.999;
/** Largest difference of a logit from the CPU's, relative to the standard deviation of the CPU's logits. */
const allowedLogitError = 0.01;

const providerTitles: Readonly<Record<string, string>> = {
  cpu: 'the CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'CoreML',
};

/** Providers beside the CPU, the preferred one first, by ONNX Runtime's names. */
const platformProviders: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  win32: ['dml'],
  darwin: ['coreml', 'webgpu'],
  linux: ['cuda', 'webgpu'],
};

export function providerTitle(provider: string): string {
  return providerTitles[provider] ?? provider;
}

/**
 * The providers to try beside the CPU on this platform. `wanted` (SONOSYNC_PROVIDER) keeps one of them, or none where it is 'cpu'.
 * Throws AppError('bad-input') where it names a provider that this platform does not have.
 */
export function candidateProviders(platform: NodeJS.Platform, wanted: string | undefined): readonly string[] {
  const candidates = platformProviders[platform] ?? [];
  if (wanted === undefined || wanted === '') return candidates;
  if (wanted === 'cpu') return [];
  if (candidates.includes(wanted)) return [wanted];
  const known = [...candidates, 'cpu'].join(', ');
  throw new AppError('bad-input', `SONOSYNC_PROVIDER is "${wanted}"; on this system it can be ${known}.`);
}

/**
 * Runs the reference on the CPU and on every candidate, and chooses the fastest that agrees with the CPU.
 * `turn` is awaited between two runs. Rejects only where the CPU itself fails or `turn` does.
 */
export async function probeProviders(
  candidates: readonly string[],
  run: RunReference,
  turn: () => Promise<void>,
): Promise<ProbeResult> {
  const cpu = await run('cpu');
  const reports: ProviderReport[] = [];
  for (const provider of candidates) {
    await turn();
    reports.push(await probeProvider(provider, run, cpu));
  }
  reports.push({
    provider: 'cpu',
    available: true,
    reason: null,
    logitError: 0,
    maskAgreement: cpu.mask.length > 0 ? 1 : null,
    milliseconds: cpu.milliseconds,
  });
  const usable = reports.filter((report) => report.reason === null && report.milliseconds !== null);
  const fastest = usable.reduce((best, report) => (report.milliseconds! < best.milliseconds! ? report : best));
  return { reports, chosen: fastest.provider };
}

async function probeProvider(provider: string, run: RunReference, cpu: ReferenceRun): Promise<ProviderReport> {
  let result: ReferenceRun;
  try {
    result = await run(provider);
  } catch (error) {
    const reason = readableReason(error);
    return { provider, available: false, reason, logitError: null, maskAgreement: null, milliseconds: null };
  }
  const { milliseconds } = result;
  const logitError = relativeError(result.logits, cpu.logits);
  const maskAgreement = agreement(result.mask, cpu.mask);
  const reason =
    disagreement(logitError, maskAgreement) ??
    (milliseconds < cpu.milliseconds ? null : slowness(milliseconds, cpu.milliseconds));
  return { provider, available: true, reason, logitError, maskAgreement, milliseconds };
}

function disagreement(logitError: number | null, maskAgreement: number | null): string | null {
  if (logitError === null) return 'its output differs in size from the CPU’s or holds numbers that are not finite';
  if (logitError > allowedLogitError) {
    const found = (logitError * 100).toFixed(1);
    return `its output differs from the CPU’s by ${found} % of the deviation; ${allowedLogitError * 100} % is allowed`;
  }
  if (maskAgreement !== null && maskAgreement < neededAgreement) {
    const found = (maskAgreement * 100).toFixed(2);
    return `its mask equals the CPU’s in ${found} % of the pixels; ${neededAgreement * 100} % are needed`;
  }
  return null;
}

function slowness(milliseconds: number, cpuMilliseconds: number): string {
  return `it is not faster than the CPU (${formatMs(milliseconds)} against ${formatMs(cpuMilliseconds)})`;
}

function formatMs(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

/** max |a - b| / deviation(b); null where they cannot be compared or a holds numbers that are not finite. */
export function relativeError(a: Float32Array, b: Float32Array): number | null {
  if (a.length !== b.length || b.length === 0) return null;
  let sum = 0;
  for (const value of b) sum += value;
  const mean = sum / b.length;
  let squares = 0;
  let largest = 0;
  for (let i = 0; i < b.length; i += 1) {
    squares += (b[i] - mean) ** 2;
    const difference = Math.abs(a[i] - b[i]);
    if (!Number.isFinite(difference)) return null;
    if (difference > largest) largest = difference;
  }
  if (largest === 0) return 0;
  const deviation = Math.sqrt(squares / b.length);
  return deviation === 0 ? null : largest / deviation;
}

/** Share of equal pixels; null where the reference has no mask. Masks of different size agree nowhere. */
function agreement(mask: Uint8Array, reference: Uint8Array): number | null {
  if (reference.length === 0) return null;
  if (mask.length !== reference.length) return 0;
  let equal = 0;
  for (let i = 0; i < mask.length; i += 1) if (mask[i] === reference[i]) equal += 1;
  return equal / mask.length;
}

/**
 * One paragraph for the interface: which provider runs proposals and training, how fast, and why each other one does not.
 * `notices` are facts about the machine that must not be silent, as sentences.
 */
export function summarizeProbe(inference: ProbeResult, training: ProbeResult, notices: readonly string[]): string {
  const same = inference.chosen === training.chosen;
  const runs = same
    ? `Proposals and training run on ${providerTitle(inference.chosen)}.`
    : `Proposals run on ${providerTitle(inference.chosen)}, training on ${providerTitle(training.chosen)}.`;
  const refusals = new Set<string>();
  for (const [work, { reports }] of [['proposals', inference] as const, ['training', training] as const]) {
    for (const { provider, available, reason } of reports) {
      if (reason === null) continue;
      refusals.add(
        available
          ? `${providerTitle(provider)} is not used for ${work}: ${reason}.`
          : `${providerTitle(provider)} is not available: ${reason}.`,
      );
    }
  }
  return [runs, ...refusals, ...notices].join(' ');
}

/** What a person can use of a runtime's message: a failed check of ONNX Runtime puts its source place and condition in front. */
function readableReason(error: unknown): string {
  const origin = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = messageOf(origin);
  const [line] = message
    .replace(/^.* was false\. /s, '')
    .trim()
    .split('\n');
  return line.replace(/\.$/, '');
}
