import { describe, expect, it } from 'vitest';
import { gradients } from '../../electron/nn/autodiff.ts';
import { Graph } from '../../electron/nn/graph.ts';
import { adamW, adamWDefaults, adamWRates } from '../../electron/nn/optimizers.ts';
import * as ops from '../../electron/nn/ops.ts';
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
    adamW(g, [{ name: 'w', value: w, decays: true }], gradients(g, loss, [w]), adamWDefaults);
    const session = await createGraphSession(g, 'AdamW');
    const reference = { w: [0, 0, 0, 0], m: [0, 0, 0, 0], v: [0, 0, 0, 0] };
    let feeds = { w: new Float32Array(4), 'm.w': new Float32Array(4), 'v.w': new Float32Array(4) };
    let spare = { w: new Float32Array(4), 'm.w': new Float32Array(4), 'v.w': new Float32Array(4) };
    for (let step = 1; step <= 300; step += 1) {
      referenceStep(reference, reference.w.map((value, i) => 2 * (value - target[i])), 0.05, step); // prettier-ignore
      const results = { 'next.w': spare.w, 'next.m.w': spare['m.w'], 'next.v.w': spare['v.w'] };
      const outputs = await session.runInto({ ...feeds, ...adamWRates(0.05, step, adamWDefaults) }, results);
      expect(outputs['next.w']).toBe(spare.w);
      [feeds, spare] = [spare, feeds];
    }
    await session.release();
    feeds.w.forEach((value, i) => expect(value).toBeCloseTo(reference.w[i], 3));
    expect(Math.abs(feeds.w[0] - target[0])).toBeLessThan(0.1);
  });
});
