// Owns named weights: where a graph's parameters come from, and their first values when a network is trained from nothing.
import { AppError } from '../common/errors.ts';
import type { Graph } from './graph.ts';
import type { ParameterSource } from './layers.ts';
import { shapesEqual, sizeOf, type Value } from './value.ts';

export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type Weights = ReadonlyMap<string, Weight>;

/** The parameters that a graph takes as inputs, in the order in which it first asked for them. */
export type ParameterInputs = Map<string, Value>;

/**
 * Parameters out of `weights`: stored in the model, or declared as inputs where `asInput` says so (collected in `inputs`).
 * Throws AppError('bad-input') naming the tensor that is missing or has another shape.
 */
export function parametersFrom(
  g: Graph,
  weights: Weights,
  asInput: (name: string) => boolean = () => false,
  inputs: ParameterInputs = new Map(),
): ParameterSource {
  const known = new Map<string, Value>();
  return (name, shape) => {
    const before = known.get(name);
    if (before) return before;
    const weight = requireWeight(weights, name, shape);
    const value = asInput(name) ? g.input(name, shape) : g.initializer(name, shape, weight.data);
    known.set(name, value);
    if (asInput(name)) inputs.set(name, value);
    return value;
  };
}

/** Records the name and shape of every parameter that a definition asks for, by building it once with zeros. */
export function recordShapes(define: (parameters: ParameterSource) => void, g: Graph): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const values = new Map<string, Value>();
  define((name, shape) => {
    shapes.set(name, shape);
    const value = values.get(name) ?? g.input(name, shape);
    values.set(name, value);
    return value;
  });
  return shapes;
}

export function requireWeight(weights: Weights, name: string, shape: readonly number[]): Weight {
  const weight = weights.get(name);
  if (!weight) throw new AppError('bad-input', `The weights lack tensor ${name} [${shape.join(', ')}].`);
  if (!shapesEqual(weight.shape, shape)) {
    const found = weight.shape.join(', ');
    throw new AppError('bad-input', `Tensor ${name} has shape [${found}]; the network needs [${shape.join(', ')}].`);
  }
  return weight;
}

export function countParameters(shapes: Iterable<readonly number[]>): number {
  let total = 0;
  for (const shape of shapes) total += sizeOf(shape);
  return total;
}
