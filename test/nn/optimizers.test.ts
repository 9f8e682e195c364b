import { describe, expect, it } from 'vitest';
import { gradients } from '../../electron/nn/autodiff.ts';
import { Graph } from '../../electron/nn/graph.ts';
import { adamWDefaults, orthogonalize, stepRates, updateParameters } from '../../electron/nn/optimizers.ts';
import * as ops from '../../electron/nn/ops.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { createGraphSession } from '../../electron/nn/session.ts';

/** AdamW in plain double precision, straight from Loshchilov & Hutter 2019 (algorithm 2), with clipping of the gradient. */
function referenceStep(
  state: { w: number[]; m: number[]; v: number[] },
  gradient: number[],
  learningRate: number,
  step: number,
) {
  const { beta1, beta2, epsilon, weightDecay, maxGradientNorm } = adamWDefaults;
  const norm = Math.hypot(...gradient);
  const clip = Math.min(1, maxGradientNorm / (norm + 1e-6));
  gradient.forEach((raw, i) => {
    const g = raw * clip;
    state.m[i] = beta1 * state.m[i] + (1 - beta1) * g;
    state.v[i] = beta2 * state.v[i] + (1 - beta2) * g * g;
    const mHat = state.m[i] / (1 - beta1 ** step);
    const vHat = state.v[i] / (1 - beta2 ** step);
    state.w[i] -= learningRate * (mHat / (Math.sqrt(vHat) + epsilon) + weightDecay * state.w[i]);
  });
}

describe('AdamW in the step graph', () => {
  it('follows the published algorithm over many steps, clipping included, also with outputs written in place', async () => {
    const target = [1, -2, 5, 0.5];
    const g = new Graph();
    const w = g.input('w', [2, 2]);
    const difference = ops.sub(g, w, g.constant([2, 2], target));
    const loss = ops.reshape(g, ops.reduceSum(g, ops.mul(g, difference, difference), [0, 1]), []);
    g.output('loss', loss);
    updateParameters(g, [{ name: 'w', value: w, decays: true, rule: 'adamw' }], gradients(g, loss, [w]), adamWDefaults);
    const session = await createGraphSession(g, 'AdamW');
    const reference = { w: [0, 0, 0, 0], m: [0, 0, 0, 0], v: [0, 0, 0, 0] };
    let feeds = { w: new Float32Array(4), 'm.w': new Float32Array(4), 'v.w': new Float32Array(4) };
    let spare = { w: new Float32Array(4), 'm.w': new Float32Array(4), 'v.w': new Float32Array(4) };
    for (let step = 1; step <= 300; step += 1) {
      referenceStep(reference, reference.w.map((value, i) => 2 * (value - target[i])), 0.05, step); // prettier-ignore
      const results = { 'next.w': spare.w, 'next.m.w': spare['m.w'], 'next.v.w': spare['v.w'] };
      const outputs = await session.runInto({ ...feeds, ...stepRates(0.05, step, adamWDefaults) }, results);
      expect(outputs['next.w']).toBe(spare.w);
      [feeds, spare] = [spare, feeds];
    }
    await session.release();
    feeds.w.forEach((value, i) => expect(value).toBeCloseTo(reference.w[i], 3));
    expect(Math.abs(feeds.w[0] - target[0])).toBeLessThan(0.1);
  });
});

describe('Muon in the step graph', () => {
  /** Products of two matrices' columns, or rows where `byRow`, all with all. */
  const products = (data: Float32Array, rows: number, columns: number, byRow: boolean): number[][] => {
    const [count, length] = byRow ? [rows, columns] : [columns, rows];
    const at = (line: number, i: number): number => (byRow ? data[line * columns + i] : data[i * columns + line]);
    const sum = (a: number, b: number): number =>
      Array.from({ length }, (_, i) => at(a, i) * at(b, i)).reduce((all, part) => all + part);
    return Array.from({ length: count }, (_, a) => Array.from({ length: count }, (__, b) => sum(a, b)));
  };

  it.each([
    { rows: 12, columns: 40 },
    { rows: 40, columns: 12 },
  ])('orthogonalizes a $rows x $columns matrix, whatever its scale', async ({ rows, columns }) => {
    const random = createRandom(3);
    const values = Float32Array.from({ length: rows * columns }, () => random.normal() * 1e-4);
    const g = new Graph();
    g.output('y', orthogonalize(g, g.input('x', [rows, columns])));
    const session = await createGraphSession(g, 'orthogonalize');
    const { y } = await session.run({ x: values });
    await session.release();
    const gram = products(y, rows, columns, rows < columns);
    // Singular values between 0.7 and 1.2 put the diagonal between their squares, and leave no more than half of the range beside it.
    gram.forEach((line, a) =>
      line.forEach((value, b) => {
        if (a === b) expect(value).toBeGreaterThan(0.45);
        if (a === b) expect(value).toBeLessThan(1.5);
        if (a !== b) expect(Math.abs(value)).toBeLessThan(0.5);
      }),
    );
    // The directions are those of x.
    expect(values.reduce((sum, value, i) => sum + value * y[i], 0)).toBeGreaterThan(0);
  });

  it('takes a step of the size that AdamW takes, along the momentum, and keeps no second moment', async () => {
    const [rows, columns] = [24, 16];
    const random = createRandom(5);
    const gradient = Float32Array.from({ length: rows * columns }, () => random.normal());
    const g = new Graph();
    const w = g.input('w', [rows, columns]);
    const options = { ...adamWDefaults, maxGradientNorm: 1e9 };
    const slope = g.constant([rows, columns], [...gradient]);
    updateParameters(g, [{ name: 'w', value: w, decays: true, rule: 'muon' }], [slope], options);
    const session = await createGraphSession(g, 'Muon');
    const start = new Float32Array(rows * columns).fill(2);
    const zero = new Float32Array(rows * columns);
    const outputs = await session.run({ w: start, 'm.w': zero, ...stepRates(0.01, 1, options) });
    await session.release();
    expect(Object.keys(outputs)).not.toContain('next.v.w');
    outputs['next.m.w'].forEach((value, i) => expect(value).toBeCloseTo(0.05 * gradient[i], 5));
    // w' = w (1 - rate * decay) - change
    const change = outputs['next.w'].map((value, i) => start[i] * (1 - 0.01 * options.weightDecay) - value);
    const size = Math.sqrt(change.reduce((sum, value) => sum + value * value, 0) / change.length);
    expect(size / 0.01).toBeGreaterThan(0.2 * 0.8);
    expect(size / 0.01).toBeLessThan(0.2 * 1.2);
    const along = change.reduce((sum, value, i) => sum + value * gradient[i], 0);
    expect(along / (size * Math.sqrt(change.length) * Math.hypot(...gradient))).toBeGreaterThan(0.9);
  });
});
