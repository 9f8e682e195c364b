import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { promptNames, promptValues } from '../../electron/common/prompts.ts';
import { readCheckpoint } from '../../electron/nn/checkpoint/read.ts';
import { authorsLoss } from '../../electron/nn/losses.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { createGraphSession } from '../../electron/nn/session.ts';
import { sizeOf } from '../../electron/nn/value.ts';
import { countParameters, type Weight } from '../../electron/nn/weights.ts';
import {
  authorsConfig,
  inferConfig,
  starterConfig,
  type PerceptGuideConfig,
} from '../../models/perceptguide/config.ts';
import { decoderGraph, encoderGraph, projectionGradientGraph } from '../../models/perceptguide/graphs.ts';
import {
  initialWeights,
  isHiddenMatrix,
  isPromptProjection,
  isSegmentationDecoder,
  parameterShapes,
} from '../../models/perceptguide/parameters.ts';
import {
  invertPermutation,
  relativePositionIndex,
  shiftMask,
  windowPermutation,
} from '../../models/perceptguide/windows.ts';

const fixture = join(import.meta.dirname, '../fixtures/perceptguide-tiny');
const floats = (name: string): Float32Array => {
  const bytes = readFileSync(join(fixture, name));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};
const record = JSON.parse(readFileSync(join(fixture, 'tiny.json'), 'utf8')) as {
  prompts: Record<(typeof promptNames)[number], number[]>;
};
const gradientRecord = JSON.parse(readFileSync(join(fixture, 'tiny_seg_grads.json'), 'utf8')) as {
  loss: number;
  order: [string, number[]][];
};
const samples = 2;

function oneHot(): Record<string, Float32Array> {
  return Object.fromEntries(
    promptNames.map((name) => {
      const count = promptValues[name].length;
      const tensor = new Float32Array(samples * count);
      record.prompts[name].forEach((value, sample) => (tensor[sample * count + value] = 1));
      return [name, tensor];
    }),
  );
}

/** y[0, 50:120, 60:150] = 1; y[1, 20:90, 30:200] = 1 (rows, columns). */
function fixtureTarget(): Float32Array {
  const target = new Float32Array(samples * 224 * 224);
  const boxes = [
    [50, 120, 60, 150],
    [20, 90, 30, 200],
  ];
  boxes.forEach(([top, bottom, left, right], sample) => {
    for (let y = top; y < bottom; y += 1)
      target.fill(1, (sample * 224 + y) * 224 + left, (sample * 224 + y) * 224 + right);
  });
  return target;
}

function differences(a: Float32Array, b: Float32Array): { largest: number; mean: number } {
  expect(a.length).toBe(b.length);
  let largest = 0;
  let sum = 0;
  a.forEach((value, index) => {
    const difference = Math.abs(value - b[index]);
    largest = Math.max(largest, difference);
    sum += difference;
  });
  return { largest, mean: sum / a.length };
}

describe("the authors' network", () => {
  let config: PerceptGuideConfig;
  let weights: ReadonlyMap<string, Weight>;

  beforeAll(async () => {
    const checkpoint = await readCheckpoint(join(fixture, 'tiny_best_model.pth'));
    weights = checkpoint.tensors;
    config = inferConfig(new Map([...weights].map(([name, { shape }]) => [name, shape])), 'rank1');
  });

  it("gives the fixture's logits, both samples with their own prompts in one batch", async () => {
    expect(config).toMatchObject({
      embedDim: 12,
      encoderDepths: [4, 4, 4, 4],
      decoderDepths: [2, 2, 2, 2],
      numHeads: [1, 2, 4, 8],
    });
    const encoder = await createGraphSession(encoderGraph({ config, weights }, samples), 'encoder');
    const features = await encoder.run({ image: floats('tiny_image.f32') });
    const projections = Object.fromEntries(
      [...weights].filter(([name]) => isPromptProjection(name)).map(([name, { data }]) => [name, data]),
    );
    for (const [task, file] of [
      ['segmentation', 'tiny_seg_logits.f32'],
      ['classification', 'tiny_cls_logits.f32'],
    ] as const) {
      const decoder = await createGraphSession(decoderGraph({ config, weights }, task, samples), task);
      const { logits } = await decoder.run({ ...features, ...projections, ...oneHot() });
      const { largest, mean } = differences(logits, floats(file));
      expect(largest).toBeLessThan(2e-3);
      expect(mean).toBeLessThan(5e-5);
      await decoder.release();
    }
    await encoder.release();
  });

  it("gives the fixture's loss and the gradient of every prompt projection of the segmentation decoder", async () => {
    const { graph, trained } = projectionGradientGraph({ config, weights }, samples, authorsLoss);
    const session = await createGraphSession(graph, 'gradients');
    const projections = Object.fromEntries(trained.map((name) => [name, weights.get(name)!.data]));
    const result = await session.run({
      image: floats('tiny_image.f32'),
      target: fixtureTarget(),
      ...oneHot(),
      ...projections,
    });
    await session.release();
    expect(Math.abs(result.loss[0] - gradientRecord.loss)).toBeLessThan(1e-5);
    const expected = floats('tiny_seg_grads.f32');
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(new Set(trained)).toEqual(new Set(gradientRecord.order.map(([name]) => name)));
    let offset = 0;
    for (const [name, shape] of gradientRecord.order) {
      const length = sizeOf(shape);
      const found = differences(result[`gradient.${name}`], expected.subarray(offset, offset + length));
      expect(found.largest / largest, name).toBeLessThan(1e-3);
      offset += length;
    }
    expect(offset).toBe(expected.length);
  });

  it('is named by the first tensor that a checkpoint lacks or has in another shape', () => {
    const shapes = new Map([...weights].map(([name, { shape }]) => [name, shape] as const));
    const without = new Map(shapes);
    without.delete('layers.2.blocks.0.attn.relative_position_bias_table');
    expect(() => inferConfig(without, 'rank1')).toThrow(
      /layers\.2\.blocks\.0\.attn\.relative_position_bias_table is missing/,
    );
    const otherWindow = new Map(shapes).set('layers.0.blocks.0.attn.relative_position_bias_table', [49, 1]);
    expect(() => inferConfig(otherWindow, 'rank1')).toThrow(/window 7 needs 169/);
  });
});

describe('sizes', () => {
  it("of the authors' configuration: 66.3 M parameters, 88,704 in prompt projections, 29,568 of them in the segmentation decoder", () => {
    const shapes = parameterShapes(authorsConfig);
    expect(countParameters(shapes.values())).toBe(66_288_068);
    const projections = [...shapes].filter(([name]) => isPromptProjection(name));
    expect(countParameters(projections.map(([, shape]) => shape))).toBe(88_704);
    const segmentation = projections.filter(([name]) => isSegmentationDecoder(name));
    expect(countParameters(segmentation.map(([, shape]) => shape))).toBe(29_568);
  });

  it('of the starter: 11.9 M parameters, 14,784 to synchronize', () => {
    const shapes = parameterShapes(starterConfig);
    expect(countParameters(shapes.values())).toBe(11_926_994);
    const trained = [...shapes].filter(([name]) => isPromptProjection(name) && isSegmentationDecoder(name));
    expect(countParameters(trained.map(([, shape]) => shape))).toBe(14_784);
  });

  it('hidden matrices are the weights of attention, MLPs, merging, expanding and skips, of every block, and nothing else', () => {
    const shapes = [...parameterShapes(starterConfig)];
    const hidden = shapes.filter(([name, shape]) => isHiddenMatrix(name, shape)).map(([name]) => name);
    const expected = /\.(attn\.(qkv|proj)|mlp\.fc[12]|reduction|expand|linear)\.weight$|_skip\.\d\.weight$/;
    expect(hidden).toEqual(shapes.map(([name]) => name).filter((name) => expected.test(name)));
    expect(hidden.length).toBeGreaterThan(80);
  });

  it('first values are seeded and start the product of prompt embeddings near 1', () => {
    const config: PerceptGuideConfig = { ...starterConfig, embedDim: 12, numHeads: [1, 2, 4, 8] };
    const weights = initialWeights(config, createRandom(3));
    expect(initialWeights(config, createRandom(3))).toEqual(weights);
    const bias = weights.get('layers_task_seg_up.1.blocks.0.task_prompt_proj_mlp.bias')!;
    expect([...bias.data].every((value) => value === 1)).toBe(true);
    expect([...weights.get('layers.0.blocks.0.norm1.weight')!.data].every((value) => value === 1)).toBe(true);
  });
});

describe('shifted windows', () => {
  it('order tokens by window and come back by the inverse', () => {
    const permutation = windowPermutation(14, 7, 3)!;
    expect(new Set(permutation).size).toBe(196);
    expect(permutation[0]).toBe(3 * 14 + 3); // the first window starts three rows down and three columns across
    const inverse = invertPermutation(permutation)!;
    expect(permutation.every((from, to) => inverse[from] === to)).toBe(true);
    expect(windowPermutation(7, 7, 0)).toBeNull();
  });

  it('mask tokens across the seam only in the last row and column of windows', () => {
    const mask = shiftMask(14, 7, 3);
    const window = (index: number): Float32Array => mask.subarray(index * 2401, (index + 1) * 2401);
    expect(window(0).every((value) => value === 0)).toBe(true);
    expect(window(1)[6]).toBe(-100); // column 0 of the last window was inside, column 6 came around
    expect(window(1)[1]).toBe(0);
    expect(window(3).some((value) => value === -100)).toBe(true);
  });

  it('index the bias table by the offset of two tokens', () => {
    const index = relativePositionIndex(7);
    expect(index).toHaveLength(2401);
    expect(index[0]).toBe(6 * 13 + 6);
    expect(index[48]).toBe(0);
    expect(index[48 * 49]).toBe(168);
  });
});
