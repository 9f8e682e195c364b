// Owns the functions that append an operator to a graph, named as the ONNX operator (https://onnx.ai/onnx/operators/).
// A new operator is a function here, a row in shape-rules.ts and one in gradients.ts.
import type { Graph } from './graph.ts';
import { shapesEqual, type Value } from './value.ts';

type Shape = readonly number[];

export const add = (g: Graph, a: Value, b: Value): Value => g.append('Add', [a, b])[0];
export const sub = (g: Graph, a: Value, b: Value): Value => g.append('Sub', [a, b])[0];
export const mul = (g: Graph, a: Value, b: Value): Value => g.append('Mul', [a, b])[0];
export const div = (g: Graph, a: Value, b: Value): Value => g.append('Div', [a, b])[0];
export const min = (g: Graph, a: Value, b: Value): Value => g.append('Min', [a, b])[0];
export const sqrt = (g: Graph, x: Value): Value => g.append('Sqrt', [x])[0];
export const exp = (g: Graph, x: Value): Value => g.append('Exp', [x])[0];
export const erf = (g: Graph, x: Value): Value => g.append('Erf', [x])[0];
/** The exact Gelu, x Φ(x). */
export const gelu = (g: Graph, x: Value): Value => g.append('Gelu', [x])[0];
export const matMul = (g: Graph, a: Value, b: Value): Value => g.append('MatMul', [a, b])[0];

/** Over the last axis unless told otherwise. */
export function softmax(g: Graph, x: Value, axis = x.shape.length - 1): Value {
  return g.append('Softmax', [x], { axis: { int: axis } })[0];
}

export function logSoftmax(g: Graph, x: Value, axis = x.shape.length - 1): Value {
  return g.append('LogSoftmax', [x], { axis: { int: axis } })[0];
}

/** Over the last axis; scale and bias have its length. */
export function layerNormalization(g: Graph, x: Value, scale: Value, bias: Value, epsilon = 1e-5): Value {
  return g.append('LayerNormalization', [x, scale, bias], { axis: { int: -1 }, epsilon: { float: epsilon } })[0];
}

/** A' B' + C on matrices, A' = A or its transpose. */
export function gemm(
  g: Graph,
  a: Value,
  b: Value,
  c: Value | null,
  { transA = false, transB = false }: { transA?: boolean; transB?: boolean } = {},
): Value {
  const attributes = { transA: { int: Number(transA) }, transB: { int: Number(transB) } };
  return g.append('Gemm', c ? [a, b, c] : [a, b], attributes)[0];
}

/** Returns x itself when it has the shape already. */
export function reshape(g: Graph, x: Value, shape: Shape): Value {
  return shapesEqual(x.shape, shape) ? x : g.append('Reshape', [x, g.integers(shape)])[0];
}

export function transpose(g: Graph, x: Value, perm: readonly number[]): Value {
  return g.append('Transpose', [x], { perm: { ints: perm } })[0];
}

/** Picks rows of an axis; indices are a constant list. */
export function gather(g: Graph, x: Value, indices: readonly number[], axis: number): Value {
  return g.append('Gather', [x, g.integers(indices)], { axis: { int: axis } })[0];
}

export function concat(g: Graph, values: readonly Value[], axis: number): Value {
  return values.length === 1 ? values[0] : g.append('Concat', values, { axis: { int: axis } })[0];
}

export function split(g: Graph, x: Value, sizes: readonly number[], axis: number): readonly Value[] {
  return g.append('Split', [x, g.integers(sizes)], { axis: { int: axis } });
}

export function expand(g: Graph, x: Value, shape: Shape): Value {
  return shapesEqual(x.shape, shape) ? x : g.append('Expand', [x, g.integers(shape)])[0];
}

/** Sums over the axes and keeps them with side 1. */
export function reduceSum(g: Graph, x: Value, axes: readonly number[]): Value {
  return axes.length === 0 ? x : g.append('ReduceSum', [x, g.integers(axes)], { keepdims: { int: 1 } })[0];
}

/** Sum of squares, read in one pass. */
export function reduceSumSquare(g: Graph, x: Value, axes: readonly number[]): Value {
  return g.append('ReduceSumSquare', [x, g.integers(axes)], { keepdims: { int: 1 } })[0];
}

export function reduceMean(g: Graph, x: Value, axes: readonly number[]): Value {
  return axes.length === 0 ? x : g.append('ReduceMean', [x, g.integers(axes)], { keepdims: { int: 1 } })[0];
}

/** Every axis of a value, for a reduction to one number. */
export function allAxes(x: Value): number[] {
  return x.shape.map((_, axis) => axis);
}
