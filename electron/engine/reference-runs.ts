// Owns the reference input of a probe: one speckled frame with a dark lesion, through encoder and segmentation decoder, and through one
// synchronization step, on a given provider.
import { promptIndices, promptNames, promptValues } from '../common/prompts.ts';
import type { Prompts } from '../common/prompts.ts';
import { trainingLoss } from '../nn/losses.ts';
import { adamWDefaults, stepRates, firstMoment, secondMoment, updated } from '../nn/optimizers.ts';
import { createRandom } from '../nn/random.ts';
import { createGraphSession } from '../nn/session.ts';
import type { Feeds, GraphSession } from '../nn/session.ts';
import { isPromptProjection, isSegmentationDecoder } from '../../models/perceptguide/parameters.ts';
import { decoderGraph, encoderGraph, synchronizationStepGraph } from '../../models/perceptguide/graphs.ts';
import type { Network } from '../../models/perceptguide/graphs.ts';
import type { ReferenceRun, RunReference } from './providers.ts';

const prompts: Prompts = { position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor' };

/** A first run that takes longer than this is slow beyond doubt: it is taken as the time, and not repeated. */
const slowBeyondDoubtMs = 8000;

/** One proposal's work, from image to mask. */
export function inferenceReference(network: Network): RunReference {
  const { image } = createPhantom(network.config.imageSize);
  return async (provider) => {
    const encoder = await createGraphSession(encoderGraph(network, 1), 'probe-encoder', { provider });
    try {
      const decoder = await createGraphSession(decoderGraph(network, 'segmentation', 1), 'probe-decoder', { provider });
      try {
        return await runTwice(async () => {
          const features = await encoder.run({ image });
          const { logits } = await decoder.run({ ...features, ...decoderFeeds(network) });
          return { logits, mask: maskOf(logits) };
        });
      } finally {
        await decoder.release();
      }
    } finally {
      await encoder.release();
    }
  };
}

/** One step of downstream synchronization on features that the CPU encoded; the numbers compared are the gradients. */
export function trainingReference(network: Network): RunReference {
  const { image, target } = createPhantom(network.config.imageSize);
  let features: Promise<Feeds> | null = null;
  return async (provider) => {
    features ??= encodeOnCpu(network, image);
    const encoded = await features;
    const { graph, trained } = synchronizationStepGraph(network, 1, trainingLoss, adamWDefaults);
    const session = await createGraphSession(graph, 'probe-step', { provider });
    try {
      const moments: Record<string, Float32Array> = {};
      for (const name of trained) {
        const { length } = network.weights.get(name)!.data; // the graph was made of these weights
        moments[firstMoment(name)] = new Float32Array(length);
        moments[secondMoment(name)] = new Float32Array(length);
      }
      const feeds = {
        ...encoded,
        ...decoderFeeds(network),
        ...moments,
        ...stepRates(1e-3, 1, adamWDefaults),
        target,
      };
      return await runTwice(async () => {
        const results = await session.run(feeds);
        // After the first step from zero the first moment is the gradient, but for a factor.
        return { logits: join(trained.map((name) => results[updated(firstMoment(name))])), mask: new Uint8Array() };
      });
    } finally {
      await session.release();
    }
  };
}

async function encodeOnCpu(network: Network, image: Float32Array): Promise<Feeds> {
  const encoder: GraphSession = await createGraphSession(encoderGraph(network, 1), 'probe-encoder');
  try {
    return await encoder.run({ image });
  } finally {
    await encoder.release();
  }
}

/** The second run is timed: the first one also compiles kernels and fills caches. */
async function runTwice(run: () => Promise<Omit<ReferenceRun, 'milliseconds'>>): Promise<ReferenceRun> {
  const started = performance.now();
  const first = await run();
  const firstMs = performance.now() - started;
  if (firstMs > slowBeyondDoubtMs) return { ...first, milliseconds: firstMs };
  const again = performance.now();
  const second = await run();
  return { ...second, milliseconds: performance.now() - again };
}

/** One-hot prompts, each (1, values), and the base model's prompt projections of the segmentation decoder. */
function decoderFeeds({ weights }: Network): Feeds {
  const feeds: Record<string, Float32Array> = {};
  const indices = promptIndices(prompts);
  for (const name of promptNames) {
    feeds[name] = new Float32Array(promptValues[name].length);
    feeds[name][indices[name]] = 1;
  }
  for (const [name, { data }] of weights) {
    if (isPromptProjection(name) && isSegmentationDecoder(name)) feeds[name] = data;
  }
  return feeds;
}

/** logits: (1, 2, side, side) -> 1 where the structure's is larger than the background's. */
function maskOf(logits: Float32Array): Uint8Array {
  const pixels = logits.length / 2;
  const mask = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i += 1) mask[i] = logits[pixels + i] > logits[i] ? 1 : 0;
  return mask;
}

/** A frame of seeded speckle that is darker inside a disc: image (1, 3, side, side) in 0..1, target (1, 1, side, side). */
function createPhantom(side: number): { image: Float32Array; target: Float32Array } {
  const random = createRandom(1);
  const pixels = side * side;
  const image = new Float32Array(3 * pixels);
  const target = new Float32Array(pixels);
  for (let i = 0; i < pixels; i += 1) {
    const fromCenterX = (i % side) - side * 0.45;
    const fromCenterY = Math.floor(i / side) - side * 0.55;
    const inside = Math.hypot(fromCenterX, fromCenterY) < side * 0.2;
    target[i] = inside ? 1 : 0;
    // Fully developed speckle has a Rayleigh amplitude.
    image[i] = Math.min(1, (inside ? 0.08 : 0.25) * Math.sqrt(-2 * Math.log(1 - random.next())));
  }
  image.copyWithin(pixels, 0, pixels);
  image.copyWithin(2 * pixels, 0, pixels);
  return { image, target };
}

function join(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
