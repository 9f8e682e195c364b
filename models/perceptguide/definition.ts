// Owns the PerceptGuide network (Lin et al., Medical Image Analysis 2025): a Swin-Unet with a segmentation and a classification decoder,
// each decoder block steered by four prompts. The same functions give the encoder, each decoder, the whole and the training step.
import { promptNames, promptValues } from '../../electron/common/prompts.ts';
import type { Graph } from '../../electron/nn/graph.ts';
import { layerNorm, linear, rearrange, type ParameterSource } from '../../electron/nn/layers.ts';
import {
  add,
  concat,
  div,
  expand,
  gemm,
  mul,
  reduceMean,
  reduceSumSquare,
  reshape,
  split,
  sqrt,
  sub,
} from '../../electron/nn/ops.ts';
import type { Value } from '../../electron/nn/value.ts';
import { swinBlock, type BlockContext, type PromptVectors } from './block.ts';
import type { PerceptGuideConfig } from './config.ts';

/** What the encoder gives and both decoders take; all in tokens of raster order. */
export interface EncoderFeatures {
  /** (N 49, 8E) */
  readonly deepest: Value;
  /** The inputs of stages 0, 1, 2: (N 56², E), (N 28², 2E), (N 14², 4E). */
  readonly skips: readonly Value[];
}

/** The same, with what each of the four stages gives before it is merged or normalized; training keeps an eye on those. */
export interface EncoderTrace extends EncoderFeatures {
  readonly stages: readonly Value[];
}

/** Names and shapes of the encoder's outputs, which are the decoders' inputs. */
export function featureShapes(config: PerceptGuideConfig, samples: number): Record<string, readonly number[]> {
  const { embedDim: E } = config;
  const side = config.imageSize / 4;
  return {
    skip0: [samples * side ** 2, E],
    skip1: [samples * (side / 2) ** 2, 2 * E],
    skip2: [samples * (side / 4) ** 2, 4 * E],
    deepest: [samples * (side / 8) ** 2, 8 * E],
  };
}

/** What the classification decoder takes of them: every token of the deepest, and of each skip the means of the tokens that one of those covers. */
export interface PooledFeatures {
  /** (N 49, 8E) */
  readonly deepest: Value;
  /** (N 49, E), (N 49, 2E), (N 49, 4E). */
  readonly skips: readonly Value[];
}

/** Names and shapes of pooled features, in the order in which they are declared. */
export function pooledShapes(config: PerceptGuideConfig, samples: number): Record<string, readonly number[]> {
  const tokens = samples * (config.imageSize / 32) ** 2;
  const { embedDim: E } = config;
  return { pooled0: [tokens, E], pooled1: [tokens, 2 * E], pooled2: [tokens, 4 * E], deepest: [tokens, 8 * E] };
}

/** Declares the four one-hot inputs: (N, values of the prompt). */
export function promptInputs(g: Graph, samples: number): PromptVectors {
  const entries = promptNames.map((name) => [name, g.input(name, [samples, promptValues[name].length])] as const);
  return Object.fromEntries(entries) as PromptVectors; // one entry for each prompt name
}

/** image: (N, 3, side, side). */
export function encode(g: Graph, parameters: ParameterSource, config: PerceptGuideConfig, image: Value): EncoderTrace {
  const [samples] = image.shape;
  const { embedDim: E } = config;
  const context: BlockContext = { g, parameters, config, samples, prompts: null };
  const side = config.imageSize / 4;

  // The 4×4 convolution of stride 4 is one Gemm on patches of 48 numbers, in the order of its weight: channel, row, column.
  const patches = rearrange(g, image, [samples, 3, side, 4, side, 4], [0, 2, 4, 1, 3, 5], [samples * side ** 2, 48]);
  const kernel = reshape(g, parameters('patch_embed.proj.weight', [E, 3, 4, 4]), [E, 48]);
  const embedded = gemm(g, patches, kernel, parameters('patch_embed.proj.bias', [E]), { transB: true });
  let x = layerNorm(g, parameters, 'patch_embed.norm', embedded);

  const skips: Value[] = [];
  const stages: Value[] = [];
  for (let stage = 0; stage < 4; stage += 1) {
    const stageSide = side >> stage;
    if (stage < 3) skips.push(x);
    x = blocks(context, `layers.${stage}`, x, stageSide, stage, config.encoderDepths[stage]);
    stages.push(x);
    if (stage < 3) x = mergePatches(context, `layers.${stage}.res_scale`, x, stageSide);
  }
  return { deepest: layerNorm(g, parameters, 'norm', x), skips, stages };
}

/** Logits of background and structure: (N, 2, side, side). */
export function decodeSegmentation(
  g: Graph,
  parameters: ParameterSource,
  config: PerceptGuideConfig,
  { deepest, skips }: EncoderFeatures,
  prompts: PromptVectors,
): Value {
  const { embedDim: E } = config;
  const context: BlockContext = { g, parameters, config, samples: prompts.position.shape[0], prompts };
  let x = expandPatches(context, 'layers_task_seg_up.0', deepest, config.imageSize / 32);
  for (const stage of [2, 1, 0]) {
    const side = config.imageSize >> (2 + stage);
    const layer = 3 - stage;
    const joined = concat(g, [x, skips[stage]], 1);
    x = linear(g, parameters, `layers_task_seg_skip.${layer}`, joined, E << stage);
    x = blocks(context, `layers_task_seg_up.${layer}`, x, side, stage, config.decoderDepths[stage]);
    if (stage > 0) x = expandPatches(context, `layers_task_seg_up.${layer}.res_scale`, x, side);
  }
  x = layerNorm(g, parameters, 'norm_task_seg', x);
  return expandToPixels(context, x);
}

export function poolFeatures(
  g: Graph,
  config: PerceptGuideConfig,
  samples: number,
  { deepest, skips }: EncoderFeatures,
): PooledFeatures {
  const side = config.imageSize / 32;
  return {
    deepest,
    skips: skips.map((skip, stage) => poolTokens(g, skip, samples, config.imageSize >> (2 + stage), side)),
  };
}

/** Logits of the two classes: (N, 2). */
export function decodeClassification(
  g: Graph,
  parameters: ParameterSource,
  config: PerceptGuideConfig,
  { deepest, skips }: PooledFeatures,
  prompts: PromptVectors,
): Value {
  const { embedDim: E } = config;
  const samples = prompts.position.shape[0];
  const context: BlockContext = { g, parameters, config, samples, prompts };
  const side = config.imageSize / 32;
  let x = deepest;
  for (const [layer, stage] of [3, 2, 1].entries()) {
    const joined = concat(g, [x, skips[stage - 1]], 1);
    x = linear(g, parameters, `layers_task_cls_skip.${layer + 1}`, joined, E << stage);
    x = blocks(context, `layers_task_cls_up.${layer}`, x, side, stage, config.decoderDepths[stage]);
    if (stage === 1) continue;
    const name = `layers_task_cls_up.${layer}.res_scale`;
    x = layerNorm(
      g,
      parameters,
      `${name}.norm`,
      linear(g, parameters, `${name}.linear`, x, E << (stage - 1), { bias: false }),
    );
  }
  x = layerNorm(g, parameters, 'norm_task_cls', x);
  const mean = reshape(g, reduceMean(g, reshape(g, x, [samples, side ** 2, 2 * E]), [1]), [samples, 2 * E]);
  return linear(g, parameters, 'layers_task_cls_head.0', mean, 2);
}

function blocks(context: BlockContext, name: string, x: Value, side: number, stage: number, depth: number): Value {
  const heads = context.config.numHeads[stage];
  let y = x;
  for (let index = 0; index < depth; index += 1)
    y = swinBlock(context, `${name}.blocks.${index}`, y, { side, heads, index });
  return y;
}

/** (N side², C) -> (N (side/2)², 2C); the four neighbours are joined in the order (row, column) even-even, odd-even, even-odd, odd-odd. */
function mergePatches({ g, parameters, samples }: BlockContext, name: string, x: Value, side: number): Value {
  const channels = x.shape[1];
  const half = side / 2;
  const joined = rearrange(
    g,
    x,
    [samples, half, 2, half, 2, channels],
    [0, 1, 3, 4, 2, 5],
    [samples * half ** 2, 4 * channels],
  );
  return linear(g, parameters, `${name}.reduction`, layerNorm(g, parameters, `${name}.norm`, joined), 2 * channels, {
    bias: false,
  });
}

/** (N side², C) -> (N (2 side)², C/2) */
function expandPatches({ g, parameters, samples }: BlockContext, name: string, x: Value, side: number): Value {
  const channels = x.shape[1];
  const wide = linear(g, parameters, `${name}.expand`, x, 2 * channels, { bias: false });
  const spread = rearrange(g, wide, [samples, side, side, 2, 2, channels / 2], [0, 1, 3, 2, 4, 5], [samples * 4 * side ** 2, channels / 2]); // prettier-ignore
  return layerNorm(g, parameters, `${name}.norm`, spread);
}

/**
 * ×4 expansion, LayerNorm and the 1×1 convolution: (N 56², E) -> (N, 2, 224, 224). Normalization and convolution act on each pixel by
 * itself, so they run in patch order and only their two numbers a pixel are moved to raster order.
 *
 * The expanded pixels are the largest tensor of the network, so they are read once, for their squares, and never normalized in memory. With
 * p = V_i t pixel i of token t, m and s² its mean and variance, gain g, bias b, kernel w_k: w_k·(g (p - m) / s + b) = p·u_k / s + w_k·b,
 * where u_k = g w_k less its mean; p·u_k = t·(V_iᵀ u_k) and m = t·(V_iᵀ 1/E) come of the token, by vectors that are constants of the network.
 */
function expandToPixels({ g, parameters, config, samples }: BlockContext, x: Value): Value {
  const { embedDim: E } = config;
  const side = config.imageSize / 4;
  const tokens = samples * side ** 2;
  const expansion = parameters('layers_task_seg_head.0.expand.weight', [16 * E, E]);
  const pixels = reshape(g, gemm(g, x, expansion, null, { transB: true }), [tokens * 16, E]);
  const gain = parameters('layers_task_seg_head.0.norm.weight', [E]);
  const bias = reshape(g, parameters('layers_task_seg_head.0.norm.bias', [E]), [1, E]);
  const kernel = reshape(g, parameters('layers_task_seg_head.1.weight', [2, E, 1, 1]), [2, E]);

  const scaled = mul(g, kernel, gain);
  const centred = sub(g, scaled, reduceMean(g, scaled, [1]));
  const averaging = g.constant(
    [1, E],
    Array.from({ length: E }, () => 1 / E),
  );
  // (3, E) times the expansion of each pixel, (E, 16 E) by rows of its output -> the rows of both logits and of the mean, 16 pixels each.
  const byOutput = rearrange(g, expansion, [16, E, E], [1, 0, 2], [E, 16 * E]);
  const readers = reshape(g, gemm(g, concat(g, [centred, averaging], 0), byOutput, null), [3 * 16, E]);
  const [projected, mean] = split(g, gemm(g, x, readers, null, { transB: true }), [2 * 16, 16], 1);
  const meanSquare = mul(g, reshape(g, reduceSumSquare(g, pixels, [1]), [tokens, 16]), g.scalar(1 / E));
  const variance = sub(g, meanSquare, mul(g, mean, mean));
  const deviation = sqrt(g, add(g, variance, g.scalar(1e-5)));
  const shift = reshape(g, expand(g, gemm(g, kernel, bias, null, { transB: true }), [2, 16]), [1, 2 * 16]);
  const logits = add(g, div(g, projected, concat(g, [deviation, deviation], 1)), shift);
  return rearrange(g, logits, [samples, side, side, 2, 4, 4], [0, 3, 1, 4, 2, 5], [samples, 2, 4 * side, 4 * side]);
}

/** Mean over squares of tokens: (N from², C) -> (N to², C). */
function poolTokens(g: Graph, x: Value, samples: number, from: number, to: number): Value {
  const factor = from / to;
  const channels = x.shape[1];
  const squares = reshape(g, x, [samples, to, factor, to, factor, channels]);
  return reshape(g, reduceMean(g, squares, [2, 4]), [samples * to ** 2, channels]);
}
