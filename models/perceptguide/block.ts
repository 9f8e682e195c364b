// Owns the Swin block, plain (encoder) and prompted (decoders): x + attention(LN x), then + MLP(LN x). Hyper-perception is in the attention.
import { layerNorm, linear, permuteTokens, rearrange, type ParameterSource } from '../../electron/nn/layers.ts';
import {
  add,
  gather,
  gelu,
  gemm,
  matMul,
  mul,
  reduceSum,
  reshape,
  softmax,
  split,
  transpose,
} from '../../electron/nn/ops.ts';
import type { Graph } from '../../electron/nn/graph.ts';
import type { Value } from '../../electron/nn/value.ts';
import { promptNames, promptValues, type PromptName } from '../../electron/common/prompts.ts';
import type { PerceptGuideConfig } from './config.ts';
import { invertPermutation, relativePositionIndex, shiftMask, windowPermutation } from './windows.ts';

/** One-hot prompts of each sample: position (N, 11), task (N, 2), mode (N, 3), type (N, 2). */
export type PromptVectors = Readonly<Record<PromptName, Value>>;

export interface BlockContext {
  readonly g: Graph;
  readonly parameters: ParameterSource;
  readonly config: PerceptGuideConfig;
  readonly samples: number;
  /** Null in the encoder, which sees no prompts. */
  readonly prompts: PromptVectors | null;
}

/** One block. x: (N side², C) tokens in raster order, the same out. Odd blocks shift their windows unless one window covers the grid. */
export function swinBlock(
  context: BlockContext,
  name: string,
  x: Value,
  { side, heads, index }: { side: number; heads: number; index: number },
): Value {
  const { g, parameters, config, samples } = context;
  const channels = x.shape[1];
  const shift = index % 2 === 1 && side > config.windowSize ? Math.floor(config.windowSize / 2) : 0;
  const permutation = windowPermutation(side, config.windowSize, shift);

  const windows = permuteTokens(g, layerNorm(g, parameters, `${name}.norm1`, x), samples, permutation);
  const attended = windowAttention(context, name, windows, { side, heads, shift });
  const afterAttention = add(g, x, permuteTokens(g, attended, samples, invertPermutation(permutation)));

  const hidden = linear(
    g,
    parameters,
    `${name}.mlp.fc1`,
    layerNorm(g, parameters, `${name}.norm2`, afterAttention),
    4 * channels,
  );
  return add(g, afterAttention, linear(g, parameters, `${name}.mlp.fc2`, gelu(g, hidden), channels));
}

/** Attention inside windows. x: (N side², C) in window order. */
function windowAttention(
  context: BlockContext,
  name: string,
  x: Value,
  { side, heads, shift }: { side: number; heads: number; shift: number },
): Value {
  const { g, parameters, config, samples } = context;
  const [rows, channels] = x.shape;
  const tokens = config.windowSize ** 2;
  const windows = side ** 2 / tokens;
  const depth = channels / heads;

  const qkv = linear(g, parameters, `${name}.attn.qkv`, x, 3 * channels);
  const heap = rearrange(g, qkv, [samples * windows, tokens, 3, heads, depth], [2, 0, 3, 1, 4], [3, samples * windows, heads, tokens, depth]); // prettier-ignore
  const [q, k, v] = split(g, heap, [1, 1, 1], 0).map((part) =>
    reshape(g, part, [samples, windows, heads, tokens, depth]),
  );

  const logits = context.prompts
    ? hyperPerception(context, context.prompts, name, q, k)
    : matMul(g, mul(g, q, g.scalar(depth ** -0.5)), transpose(g, k, [0, 1, 2, 4, 3]));
  const biased = add(g, logits, attentionBias(context, name, { side, heads, shift }));
  const attended = matMul(g, softmax(g, biased), v); // (N, windows, heads, tokens, depth)
  const joined = rearrange(g, attended, [samples * windows, heads, tokens, depth], [0, 2, 1, 3], [rows, channels]);
  return linear(g, parameters, `${name}.attn.proj`, joined, channels);
}

/**
 * The logits of a prompted block. h = product of the learned columns, e = product of the prompt embeddings, each a vector of `depth` for
 * each head. rank1: (q·h)(k·e)ᵀ, the matrix h eᵀ stands between q and k. diagonal: (q ⊙ h ⊙ e) kᵀ.
 * q, k: (N, windows, heads, tokens, depth) -> (N, windows, heads, tokens, tokens).
 */
function hyperPerception(context: BlockContext, prompts: PromptVectors, name: string, q: Value, k: Value): Value {
  const { g, parameters, config, samples } = context;
  const [, , heads, , depth] = q.shape;
  const product = (factors: readonly Value[]): Value => factors.reduce((left, right) => mul(g, left, right));
  const columns = promptNames.map((prompt) => parameters(`${name}.attn.hyper_param_${prompt}`, [1, heads, depth, 1]));
  const h = reshape(g, product(columns), [1, 1, heads, 1, depth]);
  const embeddings = promptNames.map((prompt) => promptEmbedding(context, prompts, name, prompt, heads * depth));
  const e = reshape(g, product(embeddings), [samples, 1, heads, 1, depth]);

  if (config.hyperPerception === 'diagonal') {
    const between = mul(g, mul(g, h, g.scalar(depth ** -0.5)), e);
    return matMul(g, mul(g, q, between), transpose(g, k, [0, 1, 2, 4, 3]));
  }
  const left = reduceSum(g, mul(g, q, mul(g, h, g.scalar(depth ** -0.5))), [4]); // (N, windows, heads, tokens, 1)
  const right = reduceSum(g, mul(g, k, e), [4]);
  return mul(g, left, transpose(g, right, [0, 1, 2, 4, 3]));
}

/** One prompt through its own Linear: (N, values) -> (N, C). */
function promptEmbedding(
  context: BlockContext,
  prompts: PromptVectors,
  name: string,
  prompt: PromptName,
  channels: number,
): Value {
  const { g, parameters } = context;
  const projection = `${name}.${prompt}_prompt_proj_mlp`;
  const weight = parameters(`${projection}.weight`, [channels, promptValues[prompt].length]);
  return gemm(g, prompts[prompt], weight, parameters(`${projection}.bias`, [channels]), { transB: true });
}

/** Relative position bias, plus the mask of shifted windows: (1 or windows, heads, tokens, tokens), to be added to every sample. */
function attentionBias(
  { g, parameters, config }: BlockContext,
  name: string,
  { side, heads, shift }: { side: number; heads: number; shift: number },
): Value {
  const window = config.windowSize;
  const tokens = window ** 2;
  const table = parameters(`${name}.attn.relative_position_bias_table`, [(2 * window - 1) ** 2, heads]);
  const rows = gather(g, table, relativePositionIndex(window), 0); // (tokens², heads)
  const bias = reshape(g, transpose(g, rows, [1, 0]), [1, heads, tokens, tokens]);
  if (shift === 0) return bias;
  const windows = (side / window) ** 2;
  const mask = g.constantOnce(`shift mask ${side} ${shift}`, [windows, 1, tokens, tokens], () =>
    shiftMask(side, window, shift),
  );
  return add(g, bias, mask);
}
