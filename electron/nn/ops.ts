// Owns the operators: for each, the rule that gives its output shapes, and the function that appends it to a graph.
// Functions are named as the ONNX operator (https://onnx.ai/onnx/operators/). A new operator is a row here and one in gradients.ts.
import { sizeOf, type Attributes, type Graph, type Value } from './graph.ts';

type Shape = readonly number[];
/** Reads the numbers of a constant integer input (shapes, axes, indices). */
type ReadIntegers = (value: Value) => readonly number[];
type ShapeRule = (inputs: readonly Value[], attributes: Attributes, integers: ReadIntegers) => readonly Shape[];

const sameAsFirst: ShapeRule = ([x]) => [x.shape];
const broadcast: ShapeRule = ([a, b]) => [broadcastShapes(a.shape, b.shape)];

const shapeRules = {
  Add: broadcast,
  Sub: broadcast,
  Mul: broadcast,
  Div: broadcast,
  Min: broadcast,
  Sqrt: sameAsFirst,
  Exp: sameAsFirst,
  Erf: sameAsFirst,
  Gelu: sameAsFirst,
  Softmax: sameAsFirst,
  LogSoftmax: sameAsFirst,
  /** Outputs Y, Mean and InvStdDev, the last two with side 1 on the normalized axis. */
  LayerNormalization: ([x]) => [x.shape, [...x.shape.slice(0, -1), 1], [...x.shape.slice(0, -1), 1]],
  MatMul: ([a, b]) => [matMulShape(a.shape, b.shape)],
  Gemm: ([a, b, c], attributes) => [gemmShape(a.shape, b.shape, c?.shape, attributes)],
  Reshape: ([x, shape], _attributes, integers) => [reshapeShape(x.shape, integers(shape))],
  Transpose: ([x], attributes) => [intsOf(attributes, 'perm').map((axis) => x.shape[axis])],
  Gather: ([x, indices], attributes) => {
    const axis = intOf(attributes, 'axis');
    return [[...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]];
  },
  Concat: (inputs, attributes) => {
    const axis = intOf(attributes, 'axis');
    const total = inputs.reduce((sum, input) => sum + input.shape[axis], 0);
    return [inputs[0].shape.map((side, index) => (index === axis ? total : side))];
  },
  Split: ([x, sizes], attributes, integers) => {
    const axis = intOf(attributes, 'axis');
    return integers(sizes).map((size) => x.shape.map((side, index) => (index === axis ? size : side)));
  },
  Expand: ([x, shape], _attributes, integers) => [broadcastShapes(x.shape, integers(shape))],
  /** keepdims = 1 always; axes are a constant. */
  ReduceSum: ([x, axes], _attributes, integers) => [reducedShape(x.shape, integers(axes))],
  ReduceMean: ([x, axes], _attributes, integers) => [reducedShape(x.shape, integers(axes))],
} satisfies Record<string, ShapeRule>;

export type OpType = keyof typeof shapeRules;

export const opTypes = Object.keys(shapeRules) as readonly OpType[]; // the keys of a const object are exactly its type's keys

export function inferShapes(
  opType: OpType,
  inputs: readonly Value[],
  attributes: Attributes,
  integers: ReadIntegers,
): readonly Shape[] {
  const rule: ShapeRule = shapeRules[opType];
  try {
    return rule(inputs, attributes, integers);
  } catch (error) {
    const shapes = inputs.map((input) => `${input.name} [${input.shape.join(', ')}]`).join(', ');
    throw new Error(`${opType} cannot take ${shapes}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

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

export function reduceMean(g: Graph, x: Value, axes: readonly number[]): Value {
  return axes.length === 0 ? x : g.append('ReduceMean', [x, g.integers(axes)], { keepdims: { int: 1 } })[0];
}

/** Every axis of a value, for a reduction to one number. */
export function allAxes(x: Value): number[] {
  return x.shape.map((_, axis) => axis);
}

export function shapesEqual(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((side, index) => side === b[index]);
}

export function intOf(attributes: Attributes, name: string): number {
  const attribute = attributes[name];
  if (!attribute || !('int' in attribute)) throw new Error(`attribute ${name} must be an integer`);
  return attribute.int;
}

export function intsOf(attributes: Attributes, name: string): readonly number[] {
  const attribute = attributes[name];
  if (!attribute || !('ints' in attribute)) throw new Error(`attribute ${name} must be a list of integers`);
  return attribute.ints;
}

function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, index) => {
    const left = a[a.length - rank + index] ?? 1;
    const right = b[b.length - rank + index] ?? 1;
    if (left !== right && left !== 1 && right !== 1) throw new Error(`sides ${left} and ${right} do not broadcast`);
    return left === 1 ? right : left;
  });
}

function matMulShape(a: Shape, b: Shape): Shape {
  if (a.length < 2 || b.length < 2) throw new Error('both must be matrices');
  if (a[a.length - 1] !== b[b.length - 2])
    throw new Error(`inner sides ${a[a.length - 1]} and ${b[b.length - 2]} differ`);
  return [...broadcastShapes(a.slice(0, -2), b.slice(0, -2)), a[a.length - 2], b[b.length - 1]];
}

function gemmShape(a: Shape, b: Shape, c: Shape | undefined, attributes: Attributes): Shape {
  if (a.length !== 2 || b.length !== 2) throw new Error('both must have two axes');
  const [rows, inner] = intOf(attributes, 'transA') ? [a[1], a[0]] : a;
  const [innerB, columns] = intOf(attributes, 'transB') ? [b[1], b[0]] : b;
  if (inner !== innerB) throw new Error(`inner sides ${inner} and ${innerB} differ`);
  if (c && !shapesEqual(broadcastShapes(c, [rows, columns]), [rows, columns])) throw new Error('C does not broadcast');
  return [rows, columns];
}

function reshapeShape(from: Shape, to: Shape): Shape {
  if (sizeOf(from) !== sizeOf(to)) throw new Error(`${sizeOf(from)} elements do not fill [${to.join(', ')}]`);
  return to;
}

function reducedShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((side, axis) => (axes.includes(axis) ? 1 : side));
}
