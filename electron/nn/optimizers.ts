// Owns AdamW as part of the step graph: (parameters, moments, gradients, rates) -> (parameters', moments'). Loshchilov & Hutter 2019.
import type { Graph } from './graph.ts';
import { add, allAxes, div, min, mul, reduceSum, reshape, sqrt, sub } from './ops.ts';
import type { Value } from './value.ts';

export interface AdamWOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** Gradients are scaled down so that their norm over all parameters is at most this. */
  readonly maxGradientNorm: number;
}

export const adamWDefaults: AdamWOptions = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.05,
  maxGradientNorm: 1,
};

/** One parameter in the step graph. */
export interface Trainable {
  readonly name: string;
  readonly value: Value;
  readonly decays: boolean;
}

/** Names of the step graph's inputs and outputs beside the parameters themselves. */
export const firstMoment = (name: string): string => `m.${name}`;
export const secondMoment = (name: string): string => `v.${name}`;
export const updated = (name: string): string => `next.${name}`;

/**
 * Appends the update of every parameter: inputs `m.<name>`, `v.<name>` and `rates` (3): step size, epsilon and decay of this step
 * (adamWRates); outputs `next.<name>`, `next.m.<name>`, `next.v.<name>`, and `gradientNorm` before clipping.
 */
export function adamW(
  g: Graph,
  trainables: readonly Trainable[],
  gradients: readonly Value[],
  options: AdamWOptions,
): void {
  const stepSize = g.input('rate.stepSize', []);
  const epsilon = g.input('rate.epsilon', []);
  const keep = g.input('rate.keep', []); // 1 - learning rate * weight decay

  const squares = gradients.map((gradient) => mul(g, gradient, gradient));
  const total = squares
    .map((square) => reshape(g, reduceSum(g, square, allAxes(square)), []))
    .reduce((sum, part) => add(g, sum, part));
  const norm = sqrt(g, total);
  const clip = min(g, div(g, g.scalar(options.maxGradientNorm), add(g, norm, g.scalar(1e-6))), g.scalar(1));
  const mScale = mul(g, clip, g.scalar(1 - options.beta1));
  const vScale = mul(g, mul(g, clip, clip), g.scalar(1 - options.beta2));

  trainables.forEach(({ name, value, decays }, index) => {
    const m = g.input(firstMoment(name), value.shape);
    const v = g.input(secondMoment(name), value.shape);
    const nextM = add(g, mul(g, m, g.scalar(options.beta1)), mul(g, gradients[index], mScale));
    const nextV = add(g, mul(g, v, g.scalar(options.beta2)), mul(g, squares[index], vScale));
    const change = div(g, mul(g, nextM, stepSize), add(g, sqrt(g, nextV), epsilon));
    g.output(updated(name), sub(g, decays ? mul(g, value, keep) : value, change));
    g.output(updated(firstMoment(name)), nextM);
    g.output(updated(secondMoment(name)), nextV);
  });
  g.output('gradientNorm', norm);
}

/** The scalars of step `step` (from 1): bias corrections are folded into the step size and epsilon, so that the graph has none. */
export function adamWRates(learningRate: number, step: number, options: AdamWOptions): Record<string, Float32Array> {
  const correction1 = 1 - options.beta1 ** step;
  const correction2 = Math.sqrt(1 - options.beta2 ** step);
  return {
    'rate.stepSize': Float32Array.of((learningRate * correction2) / correction1),
    'rate.epsilon': Float32Array.of(options.epsilon * correction2),
    'rate.keep': Float32Array.of(1 - learningRate * options.weightDecay),
  };
}
