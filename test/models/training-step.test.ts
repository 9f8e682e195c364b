import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Prompts } from '../../electron/common/prompts.ts';
import { trainingLoss } from '../../electron/nn/losses.ts';
import { adamWDefaults, adamWRates, firstMoment, secondMoment, updated } from '../../electron/nn/optimizers.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { createGraphSession } from '../../electron/nn/session.ts';
import { plainSample } from '../../electron/training/augment.ts';
import { classTensor, imageTensor, promptTensors, targetTensor } from '../../electron/training/batches.ts';
import { itemMask } from '../../electron/training/dataset-item.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import { trainingStepGraph } from '../../models/perceptguide/graphs.ts';
import {
  initialWeights,
  isClassificationDecoder,
  isSegmentationDecoder,
} from '../../models/perceptguide/parameters.ts';
import { discItems, tinyConfig } from '../support/phantoms.ts';

const samples = 3;
const weights = initialWeights(tinyConfig, createRandom(5));
const optimizer = { ...adamWDefaults, maxGradientNorm: 1e9 };
const items = discItems(samples, 4);
const prompts: readonly Prompts[] = items.map((_, index) => ({
  position: index === 0 ? 'breast' : 'ovary',
  task: 'segmentation',
  mode: index === 2 ? 'local' : 'whole',
  type: 'tumor',
}));
const views = items.map((item, index) => plainSample(item.frame, itemMask(item), prompts[index].mode, { ...ownInput, mean: 0.2, std: 0.2 }, 224)); // prettier-ignore

/** Sample 1 has no mask, sample 2 no class. */
const batch = {
  image: imageTensor(views),
  target: targetTensor(views),
  hasTarget: Float32Array.of(1, 0, 1),
  classes: classTensor(items.map((item, index) => ({ ...item, classIndex: index === 2 ? null : item.classIndex }))),
  ...promptTensors(prompts),
};

interface Found {
  readonly loss: number;
  readonly parts: readonly number[];
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/** A runner of one step graph: the loss, its parts and the gradient of every parameter, read off the first moments, which start at 0. */
async function stepper(classificationWeight: number) {
  const loss = { segmentation: trainingLoss, classificationWeight };
  const { graph, trained } = trainingStepGraph({ config: tinyConfig, weights }, samples, loss, optimizer);
  const session = await createGraphSession(graph, 'training step');
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
    run: async (feeds: Record<string, Float32Array>, changed = new Map<string, Float32Array>()): Promise<Found> => {
      const parameters = Object.fromEntries(
        trained.map((name) => [name, changed.get(name) ?? weights.get(name)!.data]),
      );
      const result = await session.run({ ...zeros, ...parameters, ...adamWRates(0, 1, optimizer), ...feeds });
      const toGradient = (moment: Float32Array): Float32Array => moment.map((value) => value / (1 - optimizer.beta1));
      return {
        loss: result.loss[0],
        parts: [result.segmentationLoss, result.classificationLoss].flatMap((part) => (part ? [part[0]] : [])),
        gradients: new Map(trained.map((name) => [name, toGradient(result[updated(firstMoment(name))])])),
      };
    },
    release: () => session.release(),
  };
}

describe('one training step of both decoders', () => {
  const weight = 0.3;
  let joint: Awaited<ReturnType<typeof stepper>>;
  let both: Found;
  beforeAll(async () => {
    joint = await stepper(weight);
    both = await joint.run(batch);
  });
  afterAll(() => joint.release());

  it('has the sum of the losses and of the gradients that each decoder has by itself', async () => {
    const segmentation = await stepper(0);
    const masks = await segmentation.run(batch);
    const classes = await joint.run({ ...batch, hasTarget: new Float32Array(samples) });
    await segmentation.release();

    expect(masks.loss).toBeCloseTo(both.parts[0], 6);
    expect(classes.parts[0]).toBe(0);
    expect(both.loss).toBeCloseTo(masks.loss + classes.loss, 5);
    expect(classes.loss).toBeCloseTo(weight * both.parts[1], 6);
    for (const [name, gradient] of both.gradients) {
      const ofMasks = masks.gradients.get(name);
      const ofClasses = classes.gradients.get(name)!;
      expect(ofMasks !== undefined, name).toBe(!isClassificationDecoder(name));
      if (isSegmentationDecoder(name))
        expect(
          ofClasses.every((value) => value === 0),
          name,
        ).toBe(true);
      const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-5);
      const apart = gradient.map((value, index) => Math.abs(value - (ofMasks?.[index] ?? 0) - ofClasses[index]));
      expect(apart.reduce((most, value) => Math.max(most, value), 0) / largest, name).toBeLessThan(1e-3);
    }
  });

  it('agrees with finite differences in the encoder and in both decoders', async () => {
    for (const name of [
      'layers.3.blocks.0.mlp.fc2.bias',
      'layers_task_seg_up.2.blocks.0.mlp.fc2.bias',
      'layers_task_cls_up.1.blocks.0.mlp.fc2.bias',
      'layers_task_cls_head.0.bias',
    ]) {
      const gradient = both.gradients.get(name)!;
      // Along the gradient the loss changes by its length.
      const length = Math.hypot(...gradient);
      expect(length, name).toBeGreaterThan(0);
      const at = async (distance: number): Promise<number> => {
        const moved = weights.get(name)!.data.map((value, index) => value + (distance * gradient[index]) / length);
        return (await joint.run(batch, new Map([[name, moved]]))).loss;
      };
      const epsilon = 2e-2;
      const slope = ((await at(epsilon)) - (await at(-epsilon))) / (2 * epsilon);
      expect(Math.abs(slope - length) / length, name).toBeLessThan(2e-2);
    }
  });

  it('takes no notice of the classes and masks that a sample does not have', async () => {
    const target = batch.target.slice();
    target.fill(1, 224 * 224, 2 * 224 * 224);
    expect((await joint.run({ ...batch, target })).loss).toBe(both.loss);
    const none = await joint.run({ ...batch, classes: new Float32Array(2 * samples) });
    expect(none.parts[1]).toBe(0);
    expect(none.loss).toBe(none.parts[0]);
  });

  it('sets the task of each decoder by itself, whatever the prompt says', async () => {
    const other = await joint.run({ ...batch, ...promptTensors(prompts.map((one) => ({ ...one, task: 'classification' }))) }); // prettier-ignore
    expect(other.loss).toBe(both.loss);
  });
});
