import { describe, expect, it } from 'vitest';
import { gradients } from '../../electron/nn/autodiff.ts';
import { Graph } from '../../electron/nn/graph.ts';
import {
  classificationLoss,
  magnitudePenalty,
  segmentationLoss,
  trainingLoss,
  authorsLoss,
} from '../../electron/nn/losses.ts';
import * as ops from '../../electron/nn/ops.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { createGraphSession } from '../../electron/nn/session.ts';
import type { OpType } from '../../electron/nn/shape-rules.ts';
import { sizeOf, type Value } from '../../electron/nn/value.ts';

interface Row {
  /** Shapes of the inputs whose gradients are checked. */
  readonly inputs: readonly (readonly number[])[];
  readonly build: (g: Graph, inputs: readonly Value[]) => Value;
  /** Inputs stay positive where the operator needs it. */
  readonly positive?: boolean;
}

/** A row for each operator that has a gradient; the type refuses a missing one. */
const rows: Record<Exclude<OpType, 'Min'>, readonly Row[]> = {
  Add: [
    { inputs: [[2, 3], [3]], build: (g, [a, b]) => ops.add(g, a, b) },
    {
      inputs: [
        [2, 1, 3],
        [4, 1],
      ],
      build: (g, [a, b]) => ops.add(g, a, b),
    },
  ],
  Sub: [
    {
      inputs: [
        [2, 3],
        [2, 1],
      ],
      build: (g, [a, b]) => ops.sub(g, a, b),
    },
  ],
  Mul: [
    { inputs: [[2, 3], [3]], build: (g, [a, b]) => ops.mul(g, a, b) },
    { inputs: [[2, 3]], build: (g, [a]) => ops.mul(g, a, a) },
  ],
  Div: [{ inputs: [[2, 3], [3]], build: (g, [a, b]) => ops.div(g, a, b), positive: true }],
  Sqrt: [{ inputs: [[5]], build: (g, [x]) => ops.sqrt(g, x), positive: true }],
  Exp: [{ inputs: [[5]], build: (g, [x]) => ops.exp(g, x) }],
  Erf: [{ inputs: [[5]], build: (g, [x]) => ops.erf(g, x) }],
  Gelu: [{ inputs: [[9]], build: (g, [x]) => ops.gelu(g, x) }],
  Softmax: [
    { inputs: [[2, 4]], build: (g, [x]) => ops.softmax(g, x) },
    { inputs: [[2, 3, 2]], build: (g, [x]) => ops.softmax(g, x, 1) },
  ],
  LogSoftmax: [{ inputs: [[2, 3, 2]], build: (g, [x]) => ops.logSoftmax(g, x, 1) }],
  LayerNormalization: [{ inputs: [[3, 5], [5], [5]], build: (g, [x, s, b]) => ops.layerNormalization(g, x, s, b) }],
  MatMul: [
    {
      inputs: [
        [2, 3, 4],
        [2, 4, 2],
      ],
      build: (g, [a, b]) => ops.matMul(g, a, b),
    },
    {
      inputs: [
        [2, 2, 3, 4],
        [4, 2],
      ],
      build: (g, [a, b]) => ops.matMul(g, a, b),
    },
  ],
  Gemm: [false, true].flatMap((transA) =>
    [false, true].map((transB) => ({
      inputs: [transA ? [4, 3] : [3, 4], transB ? [2, 4] : [4, 2], [2]],
      build: (g: Graph, [a, b, c]: readonly Value[]) => ops.gemm(g, a, b, c, { transA, transB }),
    })),
  ),
  Reshape: [{ inputs: [[2, 6]], build: (g, [x]) => ops.reshape(g, x, [3, 4]) }],
  Transpose: [{ inputs: [[2, 3, 4]], build: (g, [x]) => ops.transpose(g, x, [2, 0, 1]) }],
  Gather: [
    { inputs: [[2, 3, 2]], build: (g, [x]) => ops.gather(g, x, [2, 0, 1], 1) },
    { inputs: [[4, 3]], build: (g, [x]) => ops.gather(g, x, [1, 1, 3, 0, 1], 0) },
    { inputs: [[2, 4, 3]], build: (g, [x]) => ops.gather(g, x, [3, 3], 1) },
  ],
  Concat: [
    {
      inputs: [
        [2, 3],
        [2, 2],
        [2, 1],
      ],
      build: (g, values) => ops.concat(g, values, 1),
    },
  ],
  Split: [
    {
      inputs: [[2, 6]],
      build: (g, [x]) => {
        const [a, , c] = ops.split(g, x, [2, 2, 2], 1);
        return ops.mul(g, a, c);
      },
    },
  ],
  Expand: [{ inputs: [[2, 1, 3]], build: (g, [x]) => ops.expand(g, x, [2, 4, 3]) }],
  ReduceSum: [{ inputs: [[2, 3, 4]], build: (g, [x]) => ops.reduceSum(g, x, [0, 2]) }],
  ReduceSumSquare: [{ inputs: [[2, 3, 4]], build: (g, [x]) => ops.reduceSumSquare(g, x, [1, 2]) }],
  ReduceMean: [{ inputs: [[2, 3, 4]], build: (g, [x]) => ops.reduceMean(g, x, [1]) }],
};

/** Largest difference between the graph's gradients and central differences of its loss, relative to the largest gradient. */
async function gradientError({ inputs, build, positive }: Row): Promise<number> {
  const random = createRandom(7);
  const g = new Graph();
  const values = inputs.map((shape, index) => g.input(`x${index}`, shape));
  const y = build(g, values);
  const weights = Array.from({ length: sizeOf(y.shape) }, () => random.normal());
  const weighted = ops.mul(g, y, g.constant(y.shape, weights));
  const loss = ops.reshape(g, ops.reduceSum(g, weighted, ops.allAxes(weighted)), []);
  const found = gradients(g, loss, values);
  g.output('loss', loss);
  found.forEach((gradient, index) => g.output(`dx${index}`, ops.mul(g, gradient, g.scalar(1))));
  const session = await createGraphSession(g, 'gradient check');
  const feeds: Record<string, Float32Array> = {};
  inputs.forEach((shape, index) => {
    feeds[`x${index}`] = Float32Array.from({ length: sizeOf(shape) }, () =>
      positive ? 1 + random.next() : random.normal(),
    );
  });
  const result = await session.run(feeds);
  let worst = 0;
  let largest = 1e-3;
  const epsilon = 2e-2;
  for (let index = 0; index < inputs.length; index += 1) {
    const data = feeds[`x${index}`];
    for (let i = 0; i < data.length; i += 1) {
      const middle = data[i];
      data[i] = middle + epsilon;
      const above = (await session.run(feeds)).loss[0];
      data[i] = middle - epsilon;
      const below = (await session.run(feeds)).loss[0];
      data[i] = middle;
      worst = Math.max(worst, Math.abs((above - below) / (2 * epsilon) - result[`dx${index}`][i]));
      largest = Math.max(largest, Math.abs(result[`dx${index}`][i]));
    }
  }
  await session.release();
  return worst / largest;
}

describe('gradient rules agree with finite differences through ONNX Runtime', () => {
  for (const [opType, cases] of Object.entries(rows)) {
    it.each(cases.map((row) => [row.inputs.map((shape) => `[${shape.join()}]`).join(' '), row] as const))(
      `${opType} of %s`,
      async (_, row) => {
        expect(await gradientError(row)).toBeLessThan(4e-3);
      },
    );
  }

  it.each([
    ['training', trainingLoss],
    ['authors', authorsLoss],
  ])('the segmentation loss, %s form', async (_, options) => {
    const target = Array.from({ length: 2 * 4 * 4 }, (_unused, index) => (index % 3 === 0 ? 1 : 0));
    const row: Row = {
      inputs: [[2, 2, 4, 4]],
      build: (g, [x]) => segmentationLoss(g, x, g.constant([2, 1, 4, 4], target), options),
    };
    expect(await gradientError(row)).toBeLessThan(4e-3);
  });

  it('the penalty on magnitudes', async () => {
    const row: Row = {
      inputs: [
        [3, 4],
        [2, 2, 5],
      ],
      build: (g, values) => magnitudePenalty(g, values, 0.3),
    };
    expect(await gradientError(row)).toBeLessThan(4e-3);
  });

  it('the classification loss', async () => {
    const row: Row = {
      inputs: [[3, 2]],
      build: (g, [x]) => classificationLoss(g, x, g.constant([3, 2], [1, 0, 0, 1, 1, 0])),
    };
    expect(await gradientError(row)).toBeLessThan(4e-3);
  });
});

describe('losses', () => {
  const lossOf = async (build: (g: Graph) => Value): Promise<number> => {
    const g = new Graph();
    g.output('loss', build(g));
    const session = await createGraphSession(g, 'loss');
    const { loss } = await session.run({});
    await session.release();
    return loss[0];
  };

  it('of segmentation for training is the mean over its images', async () => {
    const logits = Array.from({ length: 3 * 2 * 4 }, (_, index) => Math.sin(index));
    const targets = [1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1];
    const ofImage = (index: number): Promise<number> =>
      lossOf((g) => {
        const x = g.constant([1, 2, 2, 2], logits.slice(index * 8, index * 8 + 8));
        return segmentationLoss(g, x, g.constant([1, 1, 2, 2], targets.slice(index * 4, index * 4 + 4)), trainingLoss);
      });
    const [first, second, third] = await Promise.all([0, 1, 2].map(ofImage));
    const together = await lossOf((g) =>
      segmentationLoss(g, g.constant([3, 2, 2, 2], logits), g.constant([3, 1, 2, 2], targets), trainingLoss),
    );
    expect(together).toBeCloseTo((first + second + third) / 3, 5);
  });

  it('of magnitudes is the weighted sum of mean squares', async () => {
    const loss = await lossOf((g) => magnitudePenalty(g, [g.constant([2], [1, 3]), g.constant([1, 2], [2, 2])], 0.1));
    expect(loss).toBeCloseTo(0.1 * (5 + 4), 6);
  });

  it('of classification is the mean cross-entropy of the samples', async () => {
    const loss = await lossOf((g) =>
      classificationLoss(g, g.constant([2, 2], [0, 0, 2, 0]), g.constant([2, 2], [1, 0, 0, 1])),
    );
    expect(loss).toBeCloseTo((Math.log(2) + Math.log(1 + Math.exp(2))) / 2, 5);
  });
});

describe('autodiff', () => {
  it('refuses an operator without a gradient, by name', () => {
    const g = new Graph();
    const x = g.input('x', []);
    expect(() => gradients(g, ops.min(g, x, g.scalar(1)), [x])).toThrow(/Min has no gradient/);
  });

  it('refuses a loss that is no scalar, or that does not depend on the target', () => {
    const g = new Graph();
    const x = g.input('x', [3]);
    const unrelated = g.input('unrelated', [3]);
    expect(() => gradients(g, ops.exp(g, x), [x])).toThrow(/not a scalar/);
    const loss = ops.reshape(g, ops.reduceSum(g, x, [0]), []);
    expect(() => gradients(g, loss, [x, unrelated])).toThrow(/does not depend on unrelated/);
  });

  it('builds no gradient nodes for frozen values', () => {
    const g = new Graph();
    const x = g.input('x', [2, 3]);
    const w = g.input('w', [3, 4]);
    const loss = ops.reshape(g, ops.reduceSum(g, ops.matMul(g, x, w), [0, 1]), []);
    const before = g.nodes.length;
    gradients(g, loss, [w]);
    const matrices = g.nodes.slice(before).filter((node) => node.opType === 'MatMul');
    expect(matrices).toHaveLength(1);
  });
});

describe('shape inference', () => {
  it('names the operator and the shapes that do not fit', () => {
    const g = new Graph();
    expect(() => ops.matMul(g, g.input('a', [2, 3]), g.input('b', [4, 2]))).toThrow(
      /MatMul cannot take a \[2, 3\], b \[4, 2\]/,
    );
    expect(() => ops.reshape(g, g.input('c', [2, 3]), [4])).toThrow(/Reshape.*6 elements/);
  });
});
