// Owns the layers that more than one network would share. Activations are matrices of tokens, (rows, C): reshaping is free, and every
// Linear is one Gemm. Weights keep PyTorch's layout and names: `<name>.weight` (out, in), `<name>.bias` (out).
import type { Graph } from './graph.ts';
import { gather, gemm, layerNormalization, reshape, transpose } from './ops.ts';
import type { Value } from './value.ts';

/** Gives the parameter of a name: a stored weight, or an input of the graph where it is trained or swapped at run time. */
export type ParameterSource = (name: string, shape: readonly number[]) => Value;

/** x: (rows, from) -> (rows, to). */
export function linear(
  g: Graph,
  parameters: ParameterSource,
  name: string,
  x: Value,
  to: number,
  { bias = true } = {},
): Value {
  const from = x.shape[1];
  const weight = parameters(`${name}.weight`, [to, from]);
  return gemm(g, x, weight, bias ? parameters(`${name}.bias`, [to]) : null, { transB: true });
}

/** x: (rows, C), normalized over C. */
export function layerNorm(g: Graph, parameters: ParameterSource, name: string, x: Value): Value {
  const channels = x.shape[x.shape.length - 1];
  return layerNormalization(g, x, parameters(`${name}.weight`, [channels]), parameters(`${name}.bias`, [channels]));
}

/** Reorders the tokens of each sample. x: (N L, C); permutation: of 0..L-1, or null for the order that is there. */
export function permuteTokens(g: Graph, x: Value, samples: number, permutation: readonly number[] | null): Value {
  if (!permutation) return x;
  const channels = x.shape[1];
  const ordered = gather(g, reshape(g, x, [samples, permutation.length, channels]), permutation, 1);
  return reshape(g, ordered, x.shape);
}

/** Reshape, transpose, reshape: how patches are split from and joined to the token grid. */
export function rearrange(
  g: Graph,
  x: Value,
  from: readonly number[],
  perm: readonly number[],
  to: readonly number[],
): Value {
  return reshape(g, transpose(g, reshape(g, x, from), perm), to);
}
