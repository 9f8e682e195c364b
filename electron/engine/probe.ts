// Owns the answer to "what does this machine run on, and why": probes the providers with a network and puts the findings into words.
import type { EngineReport } from '../common/engine-protocol.ts';
import { AppError } from '../common/errors.ts';
import { runtimeVersion } from '../nn/session.ts';
import type { Network } from '../../models/perceptguide/graphs.ts';
import { hasNvidiaDevice } from './graphics-hardware.ts';
import { candidateProviders, probeProviders, summarizeProbe } from './providers.ts';
import type { ProbeResult, RunReference } from './providers.ts';
import { inferenceReference, trainingReference } from './reference-runs.ts';

interface Machine {
  readonly platform: NodeJS.Platform;
  /** SONOSYNC_PROVIDER: the one provider to try beside the CPU, or 'cpu' for none. */
  readonly wantedProvider: string | undefined;
  readonly hasNvidiaDevice: boolean;
}

export function thisMachine(): Machine {
  return {
    platform: process.platform,
    wantedProvider: process.env['SONOSYNC_PROVIDER'],
    hasNvidiaDevice: process.platform === 'linux' && hasNvidiaDevice(),
  };
}

/** Probes proposals and training with this network; `turn` is awaited between two runs. */
export async function probeNetwork(
  network: Network,
  turn: () => Promise<void>,
  machine: Machine = thisMachine(),
): Promise<EngineReport> {
  const candidates = candidateProviders(machine.platform, machine.wantedProvider);
  const guard = (run: RunReference): RunReference => {
    return async (provider) => {
      // ONNX Runtime would look for CUDA's libraries and complain on the terminal of every machine without such a GPU.
      if (provider === 'cuda' && !machine.hasNvidiaDevice) throw new AppError('engine', 'No NVIDIA GPU was found');
      return run(provider);
    };
  };
  const inference = await probeProviders(candidates, guard(inferenceReference(network)), turn);
  await turn();
  const training = await probeProviders(candidates, guard(trainingReference(network)), turn);
  return {
    versions: { onnxruntime: runtimeVersion(), ...pickVersions() },
    inference: inference.reports,
    training: training.reports,
    chosen: { inference: inference.chosen, training: training.chosen },
    summary: summarizeProbe(inference, training, notices(machine, inference)),
  };
}

/** What must not be silent: a GPU that is there and not used, and a choice that was made from outside. */
export function notices(machine: Machine, { reports }: Pick<ProbeResult, 'reports'>): string[] {
  const sentences: string[] = [];
  if (machine.wantedProvider) {
    sentences.push(`SONOSYNC_PROVIDER=${machine.wantedProvider} keeps other providers out.`);
  }
  const usesCuda = reports.some(({ provider, available }) => provider === 'cuda' && available);
  if (machine.hasNvidiaDevice && !usesCuda) {
    sentences.push('An NVIDIA GPU is there, but CUDA is not installed: `npm run install:cuda` fetches it.');
  }
  return sentences;
}

function pickVersions(): Record<string, string> {
  const { node, electron } = process.versions;
  return { node, ...(electron ? { electron } : {}), system: `${process.platform} ${process.arch}` };
}
