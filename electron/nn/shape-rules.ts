// Owns the operators that a graph may hold, and for each the rule that gives its output shapes
// (https://onnx.ai/onnx/operators/, opset 21). The functions that append them are in ops.ts, their gradients in gradients.ts.
import { messageOf } from '../common/errors.ts';
import { intOf, intsOf, shapesEqual, sizeOf, type Attributes, type Value } from './value.ts';

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
  ReduceSumSquare: ([x, axes], _attributes, integers) => [reducedShape(x.shape, integers(axes))],
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
    throw new Error(`${opType} cannot take ${shapes}: ${messageOf(error)}`, {
      cause: error,
    });
  }
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
