// Owns AdamW and Muon as parts of the step graph: (parameters, moments, gradients, rates) -> (parameters', moments').
import type { Graph } from './graph.ts';
import { add, allAxes, div, gemm, min, mul, reduceSum, reshape, sqrt, sub, transpose } from './ops.ts';
import type { Value } from './value.ts';

/** Loshchilov & Hutter 2019. Decay and the bound on the gradient's norm hold for parameters of either rule. */
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

/**
 * How a parameter is updated. 'muon' is for matrices of hidden layers: what it takes from the momentum is its directions, all at about the same
 * length, so that rare ones are learned as fast as common ones (Jordan et al. 2024).
 */
export type UpdateRule = 'adamw' | 'muon';

/** One parameter in the step graph. */
export interface Trainable {
  readonly name: string;
  readonly value: Value;
  readonly decays: boolean;
  readonly rule: UpdateRule;
}

/** Names of the step graph's inputs and outputs beside the parameters themselves. */
export const firstMoment = (name: string): string => `m.${name}`;
export const secondMoment = (name: string): string => `v.${name}`;
export const updated = (name: string): string => `next.${name}`;

/** The share of the first moment that Muon keeps in a step. */
export const muonMomentum = 0.95;
/** The root mean square of AdamW's updates in practice, so that both rules go with one learning rate (Liu et al. 2025, Moonlight). */
const muonUpdateSize = 0.2;

/**
 * Appends the update of every parameter: inputs `m.<name>`, `v.<name>` and the rates of this step (stepRates); outputs `next.<name>`,
 * `next.m.<name>`, `next.v.<name>`, and `gradientNorm` before clipping. Muon has no `v`.
 */
export function updateParameters(
  g: Graph,
  trainables: readonly Trainable[],
  gradients: readonly Value[],
  options: AdamWOptions,
): void {
  const keep = g.input('rate.keep', []); // 1 - learning rate * weight decay
  const squares = gradients.map((gradient) => mul(g, gradient, gradient));
  const norm = sqrt(
    g,
    squares.map((square) => total(g, square)).reduce((sum, part) => add(g, sum, part)),
  );
  const clip = min(g, div(g, g.scalar(options.maxGradientNorm), add(g, norm, g.scalar(1e-6))), g.scalar(1));
  const change = { adamw: adamWChange(g, clip, options), muon: muonChange(g, clip) };
  trainables.forEach(({ name, value, decays, rule }, index) => {
    const step = change[rule](name, gradients[index], squares[index]);
    g.output(updated(name), sub(g, decays ? mul(g, value, keep) : value, step));
  });
  g.output('gradientNorm', norm);
}

/** What is taken from a parameter, by its name, gradient and the gradient's square. */
type Change = (name: string, gradient: Value, square: Value) => Value;

function adamWChange(g: Graph, clip: Value, { beta1, beta2 }: AdamWOptions): Change {
  const stepSize = g.input('rate.stepSize', []);
  const epsilon = g.input('rate.epsilon', []);
  const mScale = mul(g, clip, g.scalar(1 - beta1));
  const vScale = mul(g, mul(g, clip, clip), g.scalar(1 - beta2));
  return (name, gradient, square) => {
    const m = g.input(firstMoment(name), gradient.shape);
    const v = g.input(secondMoment(name), gradient.shape);
    const nextM = add(g, mul(g, m, g.scalar(beta1)), mul(g, gradient, mScale));
    const nextV = add(g, mul(g, v, g.scalar(beta2)), mul(g, square, vScale));
    g.output(updated(firstMoment(name)), nextM);
    g.output(updated(secondMoment(name)), nextV);
    return div(g, mul(g, nextM, stepSize), add(g, sqrt(g, nextV), epsilon));
  };
}

function muonChange(g: Graph, clip: Value): Change {
  const learningRate = g.input('rate.learningRate', []);
  const scale = mul(g, clip, g.scalar(1 - muonMomentum));
  return (name, gradient) => {
    const part = mul(g, gradient, scale);
    const nextM = add(g, mul(g, g.input(firstMoment(name), gradient.shape), g.scalar(muonMomentum)), part);
    g.output(updated(firstMoment(name)), nextM);
    const ahead = add(g, mul(g, nextM, g.scalar(muonMomentum)), part); // Nesterov's
    // An orthogonal (rows, columns) matrix has a root mean square of 1 / sqrt(the longer side).
    const size = g.scalar(muonUpdateSize * Math.sqrt(Math.max(...gradient.shape)));
    return mul(g, orthogonalize(g, ahead), mul(g, learningRate, size));
  };
}

/**
 * The nearest matrix with orthogonal rows or columns, nearly: five Newton-Schulz steps of odd polynomials take every singular value that is not
 * far below the largest to between 0.7 and 1.2 (coefficients of Jordan et al. 2024). x: (rows, columns), any scale but 0.
 */
export function orthogonalize(g: Graph, x: Value): Value {
  const [rows, columns] = x.shape;
  const isTall = rows > columns;
  const turn = (value: Value): Value => (isTall ? transpose(g, value, [1, 0]) : value); // so that the products are small
  let y = turn(div(g, x, add(g, sqrt(g, total(g, mul(g, x, x))), g.scalar(1e-12))));
  for (let step = 0; step < 5; step += 1) {
    const square = gemm(g, y, y, null, { transB: true });
    const inner = add(g, mul(g, square, g.scalar(-4.775)), mul(g, gemm(g, square, square, null), g.scalar(2.0315)));
    y = add(g, mul(g, y, g.scalar(3.4445)), gemm(g, inner, y, null));
  }
  return turn(y);
}

function total(g: Graph, x: Value): Value {
  return reshape(g, reduceSum(g, x, allAxes(x)), []);
}

/** The scalars of step `step` (from 1): bias corrections are folded into the step size and epsilon, so that the graph has none. */
export function stepRates(learningRate: number, step: number, options: AdamWOptions): Record<string, Float32Array> {
  const correction1 = 1 - options.beta1 ** step;
  const correction2 = Math.sqrt(1 - options.beta2 ** step);
  return {
    'rate.stepSize': Float32Array.of((learningRate * correction2) / correction1),
    'rate.epsilon': Float32Array.of(options.epsilon * correction2),
    'rate.learningRate': Float32Array.of(learningRate),
    'rate.keep': Float32Array.of(1 - learningRate * options.weightDecay),
  };
}
