// Owns a model with a label's adapter and prompts as one ONNX file, and the proof that the file does what the application does: both run on the same
// pictures, and logits and masks are compared.
import { standaloneGraph } from '../../models/perceptguide/graphs.ts';
import type { EngineImage, ModelExportRequest, ModelExportResult } from '../common/engine-protocol.ts';
import { AppError } from '../common/errors.ts';
import { maskIoU } from '../common/mask.ts';
import { serializeOnnx } from '../nn/onnx.ts';
import { createRandom } from '../nn/random.ts';
import { runModelFile } from '../nn/session.ts';
import type { Weight } from '../nn/weights.ts';
import type { LoadedModel } from './loaded-model.ts';
import { oneHotPrompts } from './network-runner.ts';
import { logOdds, readSegmentation } from './postprocess.ts';
import { placeModelFrame, sampleInput } from './preprocess.ts';

/** Above this share of the logits' deviation the file is not the same network. */
const tolerance = 0.01;

/** Throws AppError('engine') where the file does not run or gives other logits than the application. */
export async function exportModel(model: LoadedModel, request: ModelExportRequest): Promise<ModelExportResult> {
  const { network } = model.runner;
  const projections = model.projections(request.adapter);
  const weights = new Map<string, Weight>(network.weights);
  for (const [name, data] of projections ?? []) weights.set(name, { shape: weights.get(name)?.shape ?? [], data });
  const side = network.config.imageSize;
  const input = { ...model.spec, side, testTimeFlip: model.manifest.testTimeFlip === true };
  const onnx = serializeOnnx(standaloneGraph({ ...network, weights }, oneHotPrompts(request.prompts)), 'sonosync', {
    producerVersion: request.version,
    documentation: 'image: a whole frame as metadata "sonosync.input" says; logits: background and structure.',
    metadata: { ...request.metadata, 'sonosync.input': JSON.stringify(input) },
  });
  const pictures = [...request.images, noise()].map((image) => {
    const frame = placeModelFrame(model.spec, image, null, side);
    return { image, frame, data: sampleInput(pictureOf(image), frame, model.spec) };
  });
  const shape = [1, 3, side, side];
  const outputs = await runModelFile(onnx, pictures.map(({ data }) => ({ image: { shape, data } }))); // prettier-ignore
  let logitDifference = 0;
  const ious: number[] = [];
  for (const [index, { image, frame, data }] of pictures.entries()) {
    const { logits } = outputs[index];
    const own = await model.runner.decode(
      await model.runner.encode(data),
      { ...request.prompts, task: 'segmentation' },
      projections,
    );
    logitDifference = Math.max(logitDifference, relativeDifference(logits, own));
    const [theirs, ours] = [logits, own].map((values) => readSegmentation(logOdds(values, side), frame, image).mask);
    ious.push(maskIoU(theirs, ours));
  }
  if (!(logitDifference <= tolerance)) {
    throw new AppError(
      'engine',
      `The file gives other logits than the application: ${logitDifference} of their deviation.`,
    );
  }
  return { onnx, input, side, logitDifference, ious };
}

/** Largest difference over the standard deviation of the expected values. */
function relativeDifference(found: Float32Array, expected: Float32Array): number {
  const mean = expected.reduce((sum, value) => sum + value, 0) / expected.length;
  const variance = expected.reduce((sum, value) => sum + (value - mean) ** 2, 0) / expected.length;
  const largest = expected.reduce((most, value, index) => Math.max(most, Math.abs(value - found[index])), 0);
  return largest / Math.sqrt(variance || 1);
}

function pictureOf({ width, height, channels, pixels }: EngineImage) {
  if (!pixels) throw new AppError('not-found', 'A frame to compare on has no pixels; send them.');
  return { width, height, channels, pixels };
}

/** The same noise every time: something to compare on where a workspace has no frame. */
function noise(): EngineImage {
  const random = createRandom(1);
  const [width, height] = [320, 240];
  const pixels = Uint8Array.from({ length: width * height }, () => random.integer(256));
  return { key: 'noise', width, height, channels: 1, pixels };
}
