// Owns `bench`: the network's times beside the machine's own matrix multiplication, so that a figure is a ratio.
import { z } from 'zod';
import type { JobProgress } from '../../common/engine-protocol.ts';
import { LoadedModel } from '../../inference/loaded-model.ts';
import { NetworkRunner, type Features } from '../../inference/network-runner.ts';
import { Graph } from '../../nn/graph.ts';
import { trainingLoss } from '../../nn/losses.ts';
import { adamWDefaults } from '../../nn/optimizers.ts';
import { matMul } from '../../nn/ops.ts';
import { createRandom } from '../../nn/random.ts';
import { createGraphSession } from '../../nn/session.ts';
import { authorsConfig } from '../../../models/perceptguide/config.ts';
import { synchronizationStepGraph, type Network } from '../../../models/perceptguide/graphs.ts';
import { initialWeights } from '../../../models/perceptguide/parameters.ts';
import { promptTensors } from '../batches.ts';
import type { JobContext } from '../context.ts';
import { joinSamples } from '../feature-cache.ts';
import { NetworkState } from '../network-state.ts';

export const benchOptions = z.object({
  /** A model folder; the authors' size with random weights where it is left out. */
  model: z.string().optional(),
  repeats: z.number().int().min(1).default(15),
  provider: z.string().default('cpu'),
});

const stepBatch = 4;
const prompts = { position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor' } as const;

/**
 * Medians in milliseconds. proposalMs is one look, what is seen first: encoder and segmentation decoder, and the classification decoder where
 * nothing follows. refinedProposalMs is all that a proposal takes: the mirror image and the second look where the model has them, and the class
 * of each; null where the model looks once.
 * syncStepMs is for one image, from cached features; peakRssMb is the process's peak until now.
 */
export async function bench(options: z.output<typeof benchOptions>, context: JobContext<JobProgress>) {
  const { repeats, provider } = options;
  const note = (message: string): void => context.report({ message, fraction: null });
  const model = options.model ? await LoadedModel.load(options.model, provider) : null;
  const network: Network = model?.runner.network ?? {
    config: authorsConfig,
    weights: initialWeights(authorsConfig, createRandom(1)),
  };
  const runner = model?.runner ?? new NetworkRunner(network, provider);

  note('matrix multiplication');
  const gemmGflops = await measureGemm(provider, repeats);
  note('encoder and decoders');
  const image = new Float32Array(3 * network.config.imageSize ** 2).map((_, index) => Math.sin(index / 50));
  const features = await runner.encode(image);
  const encoderMs = await median(repeats, context, () => runner.encode(image));
  const segmentationDecoderMs = await median(repeats, context, () => runner.decode(features, prompts, null));
  // A mirror image is looked at after the straight view was seen.
  const mirrorsFirst = model?.flip === true;
  const look = async (mode: 'whole' | 'local') => {
    const encoded = await runner.encode(image);
    await runner.decode(encoded, { ...prompts, mode }, null);
    return encoded;
  };
  const classify = (encoded: Features) => runner.decode(encoded, { ...prompts, task: 'classification' }, null);
  const looksAgain = model?.manifest.secondLook === true;
  const proposalMs = await median(repeats, context, async () => {
    const encoded = await look('whole');
    if (!looksAgain && !mirrorsFirst) await classify(encoded);
  });
  const refinedProposalMs =
    looksAgain || mirrorsFirst
      ? await median(repeats, context, async () => {
          const seen = [await look('whole')];
          if (mirrorsFirst) seen.push(await look('whole'));
          if (looksAgain) seen.push(await look('local'));
          for (const encoded of seen) await classify(encoded);
        })
      : null;

  note('synchronization step');
  const { graph, trained } = synchronizationStepGraph(network, stepBatch, trainingLoss, adamWDefaults);
  const session = await createGraphSession(graph, 'synchronization step', { provider });
  const state = new NetworkState(network.weights, trained);
  const target = new Float32Array(network.config.imageSize ** 2).fill(1, 5000, 15_000);
  const batch = joinSamples(
    runner,
    Array.from({ length: stepBatch }, () => ({ features, target })),
  );
  const feeds = { ...batch, ...promptTensors(Array.from({ length: stepBatch }, () => prompts)) };
  let step = 0;
  const stepMs = await median(Math.max(5, Math.floor(repeats / 2)), context, () => {
    step += 1;
    return state.step(session, trained, feeds, { learningRate: 1e-4, step, optimizer: adamWDefaults });
  });
  await session.release();
  await runner.release();
  return {
    model: model?.manifest.id ?? 'authors-size-random',
    gemmGflops: round(gemmGflops),
    encoderMs: round(encoderMs),
    segmentationDecoderMs: round(segmentationDecoderMs),
    proposalMs: round(proposalMs),
    refinedProposalMs: refinedProposalMs === null ? null : round(refinedProposalMs),
    syncStepMs: round(stepMs / stepBatch),
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    provider,
  };
}

/** Billions of multiply-add operations, counted as two, a second: 1024³. */
async function measureGemm(provider: string, repeats: number): Promise<number> {
  const side = 1024;
  const g = new Graph();
  g.output('y', matMul(g, g.input('a', [side, side]), g.input('b', [side, side])));
  const session = await createGraphSession(g, 'matrix multiplication', { provider });
  const feeds = { a: new Float32Array(side * side).fill(0.5), b: new Float32Array(side * side).fill(0.25) };
  const times: number[] = [];
  for (let i = 0; i <= repeats; i += 1) {
    const started = performance.now();
    await session.run(feeds);
    times.push(performance.now() - started);
  }
  await session.release();
  return (2 * side ** 3) / Math.min(...times) / 1e6;
}

async function median(
  repeats: number,
  context: JobContext<JobProgress>,
  work: () => Promise<unknown>,
): Promise<number> {
  await work(); // the first run allocates
  const times: number[] = [];
  for (let i = 0; i < repeats; i += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
    await context.turn();
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
