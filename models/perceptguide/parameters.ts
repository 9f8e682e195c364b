// Owns what is known of PerceptGuide's parameters by name: their shapes, first values, which are prompt projections, which decay.
import { promptNames } from '../../electron/common/prompts.ts';
import { Graph } from '../../electron/nn/graph.ts';
import { sizeOf } from '../../electron/nn/value.ts';
import type { Random } from '../../electron/nn/random.ts';
import { recordShapes, type Weight } from '../../electron/nn/weights.ts';
import type { PerceptGuideConfig } from './config.ts';
import { decodeClassification, decodeSegmentation, encode, poolFeatures, promptInputs } from './definition.ts';

/** Every parameter's shape by the authors' name, in the order of the definition. */
export function parameterShapes(config: PerceptGuideConfig): Map<string, readonly number[]> {
  const g = new Graph();
  return recordShapes((parameters) => {
    const features = encode(g, parameters, config, g.input('image', [1, 3, config.imageSize, config.imageSize]));
    const prompts = promptInputs(g, 1);
    decodeSegmentation(g, parameters, config, features, prompts);
    decodeClassification(g, parameters, config, poolFeatures(g, config, 1, features), prompts);
  }, g);
}

/** The layers that make prompt embeddings: what downstream synchronization trains and an adapter holds. */
export function isPromptProjection(name: string): boolean {
  return name.includes('_prompt_proj_mlp.');
}

export function isSegmentationDecoder(name: string): boolean {
  return name.includes('_task_seg');
}

export function isClassificationDecoder(name: string): boolean {
  return name.includes('_task_cls');
}

/** Weight decay goes to matrices only: not to biases, norms, bias tables, hyper-perception columns and prompt projections. */
export function decays(name: string, shape: readonly number[]): boolean {
  return shape.length > 1 && !/relative_position_bias_table|hyper_param|prompt_proj/.test(name);
}

/** Whether a parameter is a matrix between features: what reads pixels or prompts and what gives logits is none, nor are tables. */
export function isHiddenMatrix(name: string, shape: readonly number[]): boolean {
  return shape.length === 2 && decays(name, shape) && Math.min(...shape) >= 16;
}

/**
 * First values: truncated normal of 0.02 for matrices, 1 for norms, 0 for biases. The product of four prompt embeddings starts at 1
 * (their biases are 1): near 0, as in the published code, it starves the gradient.
 */
export function initialWeights(config: PerceptGuideConfig, random: Random): Map<string, Weight> {
  const weights = new Map<string, Weight>();
  for (const [name, shape] of parameterShapes(config)) {
    weights.set(name, { shape, data: initialValues(name, shape, config, random) });
  }
  return weights;
}

function initialValues(
  name: string,
  shape: readonly number[],
  config: PerceptGuideConfig,
  random: Random,
): Float32Array {
  const data = new Float32Array(sizeOf(shape));
  const isNorm = /norm[^.]*\.weight$/.test(name);
  const isRandomColumn = config.hyperPerception === 'rank1' && name.endsWith(`hyper_param_${promptNames[0]}`);
  if (isRandomColumn) return data.map(() => random.normal());
  if (isNorm || name.includes('hyper_param') || name.endsWith('prompt_proj_mlp.bias')) return data.fill(1);
  if (name.endsWith('.bias')) return data;
  const isPatchKernel = name === 'patch_embed.proj.weight';
  const deviation = isPatchKernel ? 1 / Math.sqrt(48) : 0.02;
  return data.map(() => Math.max(-2, Math.min(2, random.normal())) * deviation);
}
