import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Prompts, Task } from '../../electron/common/prompts.ts';
import { trainingLoss } from '../../electron/nn/losses.ts';
import {
  adamWDefaults,
  firstMoment,
  muonMomentum,
  secondMoment,
  stepRates,
  updated,
} from '../../electron/nn/optimizers.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { createGraphSession } from '../../electron/nn/session.ts';
import { plainSample } from '../../electron/training/augment.ts';
import { classTensor, imageTensor, promptTensors, targetTensor } from '../../electron/training/batches.ts';
import { itemMask } from '../../electron/training/dataset-item.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import {
  classificationStepGraph,
  pooledEncoderGraph,
  segmentationStepGraph,
} from '../../models/perceptguide/graphs.ts';
import {
  initialWeights,
  isClassificationDecoder,
  parameterShapes,
  isSegmentationDecoder,
} from '../../models/perceptguide/parameters.ts';
import { discItems, tinyConfig } from '../support/phantoms.ts';

const samples = 3;
const network = { config: tinyConfig, weights: initialWeights(tinyConfig, createRandom(5)) };
const { weights } = network;
const optimizer = { ...adamWDefaults, maxGradientNorm: 1e9 };
const items = discItems(samples, 4);
const names = [...parameterShapes(tinyConfig).keys()];

async function batch(task: Task): Promise<Record<string, Float32Array>> {
  const prompts: readonly Prompts[] = items.map((_, index) => ({
    position: index === 0 ? 'breast' : 'ovary',
    task,
    mode: index === 2 ? 'local' : 'whole',
    type: 'tumor',
  }));
  const spec = { ...ownInput, mean: 0.2, std: 0.2 };
  const views = items.map((item, index) => plainSample(item.frame, itemMask(item), prompts[index].mode, spec, 224));
  const image = imageTensor(views);
  if (task === 'segmentation') return { image, target: targetTensor(views), ...promptTensors(prompts) };
  const encoder = await createGraphSession(pooledEncoderGraph(network, samples), 'encoder');
  const features = await encoder.run({ image });
  await encoder.release();
  return { ...features, classes: classTensor(items), ...promptTensors(prompts) };
}

/** A runner of one step graph: the loss and the gradient of every trained parameter, read off the first moments, which start at 0. */
async function stepper(task: Task) {
  const { graph, trained } =
    task === 'segmentation'
      ? segmentationStepGraph(network, samples, trainingLoss, optimizer)
      : classificationStepGraph(network, samples, optimizer);
  const session = await createGraphSession(graph, 'training step');
  const inputs = await batch(task);
  const zeros = Object.fromEntries(
    trained.flatMap((name) => {
      const empty = new Float32Array(weights.get(name)!.data.length);
      return [
        [firstMoment(name), empty],
        [secondMoment(name), empty],
      ];
    }),
  );
  return {
    trained,
    run: async (changed = new Map<string, Float32Array>()) => {
      const parameters = Object.fromEntries(
        trained.map((name) => [name, changed.get(name) ?? weights.get(name)!.data]),
      );
      const result = await session.run({ ...zeros, ...parameters, ...stepRates(0, 1, optimizer), ...inputs });
      const toGradient = (name: string): Float32Array => {
        const kept = updated(secondMoment(name)) in result ? optimizer.beta1 : muonMomentum;
        return result[updated(firstMoment(name))].map((value) => value / (1 - kept));
      };
      return {
        loss: result.loss[0],
        gradients: new Map(trained.map((name) => [name, toGradient(name)])),
      };
    },
    release: () => session.release(),
  };
}

const checked = {
  segmentation: [
    'layers.3.blocks.0.mlp.fc2.bias',
    'layers.3.blocks.0.mlp.fc2.weight',
    'layers_task_seg_up.2.blocks.0.mlp.fc2.bias',
  ],
  classification: [
    'layers_task_cls_up.1.blocks.0.mlp.fc2.bias',
    'layers_task_cls_up.1.blocks.0.mlp.fc2.weight',
    'layers_task_cls_head.0.bias',
  ],
} as const;

describe.each(['segmentation', 'classification'] as const)('one training step of %s', (task) => {
  let step: Awaited<ReturnType<typeof stepper>>;
  beforeAll(async () => {
    step = await stepper(task);
  });
  afterAll(() => step.release());

  it('trains what belongs to it, and nothing else', () => {
    const expected = names.filter((name) =>
      task === 'segmentation' ? !isClassificationDecoder(name) : isClassificationDecoder(name),
    );
    expect(new Set(step.trained)).toEqual(new Set(expected));
    expect(expected.some(isSegmentationDecoder)).toBe(task === 'segmentation');
  });

  it('agrees with finite differences', async () => {
    const { gradients } = await step.run();
    for (const name of checked[task]) {
      const gradient = gradients.get(name)!;
      // Along the gradient the loss changes by its length.
      const length = Math.hypot(...gradient);
      expect(length, name).toBeGreaterThan(0);
      const at = async (distance: number): Promise<number> => {
        const moved = weights.get(name)!.data.map((value, index) => value + (distance * gradient[index]) / length);
        return (await step.run(new Map([[name, moved]]))).loss;
      };
      const epsilon = 2e-2;
      const slope = ((await at(epsilon)) - (await at(-epsilon))) / (2 * epsilon);
      expect(Math.abs(slope - length) / length, name).toBeLessThan(2e-2);
    }
  });
});
