// Owns the gradient rule of every operator: given the node and the gradient of its first output, the gradients of its inputs.
// A rule only builds nodes; accumulation, broadcasting and frozen values are autodiff.ts's business. null means: no gradient flows there.
import type { Graph, Node } from './graph.ts';
import {
  add,
  concat,
  div,
  erf,
  exp,
  expand,
  gather,
  gemm,
  matMul,
  mul,
  reduceMean,
  reduceSum,
  reshape,
  softmax,
  split,
  sub,
  transpose,
} from './ops.ts';
import type { OpType } from './shape-rules.ts';
import { intOf, intsOf, type Value } from './value.ts';

/**
 * `dys` are the gradients of the outputs, null where none arrives; `needs` says which inputs want one, so that no work is built in vain.
 * A gradient may keep the broadcast shape of the output: autodiff sums it to the shape of the input.
 */
export interface RuleContext {
  readonly g: Graph;
  readonly node: Node;
  readonly dys: readonly (Value | null)[];
  readonly needs: readonly boolean[];
}

export type GradientRule = (context: RuleContext) => readonly (Value | null)[];

/** A rule for an operator with one output: its gradient is there, else the rule is not asked. */
function single(
  rule: (g: Graph, node: Node, dy: Value, needs: readonly boolean[]) => readonly (Value | null)[],
): GradientRule {
  return ({ g, node, dys, needs }) => rule(g, node, dys[0]!, needs);
}

const none: GradientRule = ({ node }) => {
  throw new Error(`${node.opType} has no gradient: it may stand only where none is asked for.`);
};

export const gradientRules = {
  // d(a + b) = da + db
  Add: single((_g, _node, dy) => [dy, dy]),
  // d(a - b) = da - db
  Sub: single((g, _node, dy, needs) => [dy, needs[1] ? mul(g, dy, g.scalar(-1)) : null]),
  // d(a b) = b da + a db
  Mul: single((g, { inputs: [a, b] }, dy, needs) => [needs[0] ? mul(g, dy, b) : null, needs[1] ? mul(g, dy, a) : null]),
  // d(a / b) = da / b - (a / b) db / b
  Div: single((g, { inputs: [, b], outputs: [y] }, dy, needs) => {
    const da = div(g, dy, b);
    return [da, needs[1] ? mul(g, mul(g, da, y), g.scalar(-1)) : null];
  }),
  // Used only to clip the gradient norm, behind the last gradient.
  Min: none,
  // d(sqrt x) = dx / (2 sqrt x)
  Sqrt: single((g, { outputs: [y] }, dy) => [div(g, mul(g, dy, g.scalar(0.5)), y)]),
  // d(exp x) = exp x dx
  Exp: single((g, { outputs: [y] }, dy) => [mul(g, dy, y)]),
  // d(erf x) = 2 / sqrt(pi) exp(-x^2) dx
  Erf: single((g, { inputs: [x] }, dy) => {
    const bell = exp(g, mul(g, mul(g, x, x), g.scalar(-1)));
    return [mul(g, dy, mul(g, bell, g.scalar(2 / Math.sqrt(Math.PI))))];
  }),
  // d(x Phi(x)) = (Phi(x) + x phi(x)) dx, Phi the normal distribution, phi its density
  Gelu: single((g, { inputs: [x] }, dy) => {
    const distribution = add(g, mul(g, erf(g, mul(g, x, g.scalar(Math.SQRT1_2))), g.scalar(0.5)), g.scalar(0.5));
    const density = exp(g, mul(g, mul(g, x, x), g.scalar(-0.5)));
    const slope = mul(g, mul(g, x, g.scalar(1 / Math.sqrt(2 * Math.PI))), density);
    return [mul(g, dy, add(g, distribution, slope))];
  }),
  // y = softmax x: dx = y (dy - sum(dy y))
  Softmax: single((g, { outputs: [y], attributes }, dy) => {
    const weighted = mul(g, dy, y);
    return [sub(g, weighted, mul(g, y, reduceSum(g, weighted, [intOf(attributes, 'axis')])))];
  }),
  // y = log softmax x: dx = dy - softmax(x) sum(dy)
  LogSoftmax: single((g, { inputs: [x], attributes }, dy) => {
    const axis = intOf(attributes, 'axis');
    return [sub(g, dy, mul(g, softmax(g, x, axis), reduceSum(g, dy, [axis])))];
  }),
  // xhat = (x - mean) s, s = 1 / deviation, u = dy scale: dx = s (u - mean(u) - xhat mean(u xhat)); dscale = sum(dy xhat); dbias = sum(dy)
  LayerNormalization: ({ g, node, dys: [dy, dMean, dInverse], needs }) => {
    if (!dy || dMean || dInverse) throw new Error('LayerNormalization: a gradient arrives at its mean or deviation.');
    const [x, scale] = node.inputs;
    const [, mean, inverse] = node.outputs;
    const last = x.shape.length - 1;
    const xhat = mul(g, sub(g, x, mean), inverse);
    let dx: Value | null = null;
    if (needs[0]) {
      const u = mul(g, dy, scale);
      const centred = sub(g, u, reduceMean(g, u, [last]));
      dx = mul(g, inverse, sub(g, centred, mul(g, xhat, reduceMean(g, mul(g, u, xhat), [last]))));
    }
    return [dx, needs[1] ? mul(g, dy, xhat) : null, dy];
  },
  // y = a b: da = dy b^T, db = a^T dy
  MatMul: single((g, { inputs: [a, b] }, dy, needs) => [
    needs[0] ? matMul(g, dy, transposeLast(g, b)) : null,
    needs[1] ? matMul(g, transposeLast(g, a), dy) : null,
  ]),
  // y = A' B' + c, where A' = A or A^T: dA' = dy B'^T, dB' = A'^T dy, dc = dy
  Gemm: single((g, { inputs: [a, b, c], attributes }, dy, needs) => {
    const transA = intOf(attributes, 'transA') === 1;
    const transB = intOf(attributes, 'transB') === 1;
    const da = !needs[0]
      ? null
      : transA
        ? gemm(g, b, dy, null, { transA: transB, transB: true })
        : gemm(g, dy, b, null, { transB: !transB });
    const db = !needs[1]
      ? null
      : transB
        ? gemm(g, dy, a, null, { transA: true, transB: transA })
        : gemm(g, a, dy, null, { transA: !transA });
    return c ? [da, db, dy] : [da, db];
  }),
  Reshape: single((g, { inputs: [x] }, dy) => [reshape(g, dy, x.shape), null]),
  // The gradient goes back by the inverse permutation.
  Transpose: single((g, { attributes }, dy) => [transpose(g, dy, inversePermutation(intsOf(attributes, 'perm')))]),
  // A permutation goes back by its inverse; any other choice of rows adds up through a matrix of ones where index i took row j.
  Gather: single((g, { inputs: [x, indices], attributes }, dy) => {
    const axis = intOf(attributes, 'axis');
    const taken = g.integersOf(indices);
    const rows = x.shape[axis];
    if (taken.length === rows && new Set(taken).size === rows)
      return [gather(g, dy, inversePermutation(taken), axis), null];
    const after = x.shape.slice(axis + 1).reduce((product, side) => product * side, 1);
    const before = x.shape.slice(0, axis).reduce((product, side) => product * side, 1);
    const choice = g.constantOnce(`choice of ${indices.name} in ${rows}`, [rows, taken.length], () => {
      const ones = new Float32Array(rows * taken.length);
      taken.forEach((row, index) => {
        ones[row * taken.length + index] = 1;
      });
      return ones;
    });
    return [reshape(g, matMul(g, choice, reshape(g, dy, [before, taken.length, after])), x.shape), null];
  }),
  Concat: single((g, { inputs, attributes }, dy) => {
    const axis = intOf(attributes, 'axis');
    return split(g, dy, inputs.map((input) => input.shape[axis]), axis); // prettier-ignore
  }),
  // Parts that nobody used have gradient 0.
  Split: ({ g, node, dys }) => {
    const parts = node.outputs.map((output, index) => dys[index] ?? expand(g, g.scalar(0), output.shape));
    return [concat(g, parts, intOf(node.attributes, 'axis')), null];
  },
  // Broadcasting back is a sum, which autodiff does.
  Expand: single((_g, _node, dy) => [dy, null]),
  ReduceSum: single((g, { inputs: [x] }, dy) => [expand(g, dy, x.shape), null]),
  // d(sum x²) = 2 sum(x dx); dy broadcasts over the axes that were summed.
  ReduceSumSquare: single((g, { inputs: [x] }, dy) => [mul(g, x, mul(g, dy, g.scalar(2))), null]),
  ReduceMean: single((g, { inputs: [x, axes] }, dy) => {
    const count = g.integersOf(axes).reduce((product, axis) => product * x.shape[axis], 1);
    return [expand(g, mul(g, dy, g.scalar(1 / count)), x.shape), null];
  }),
} satisfies Record<OpType, GradientRule>;

function transposeLast(g: Graph, x: Value): Value {
  const rank = x.shape.length;
  return transpose(g, x, [...Array(rank - 2).keys(), rank - 1, rank - 2]);
}

function inversePermutation(permutation: readonly number[]): number[] {
  const inverse = Array.from<number>({ length: permutation.length });
  permutation.forEach((to, from) => {
    inverse[to] = from;
  });
  return inverse;
}
