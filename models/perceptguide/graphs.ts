// Owns the graphs that are run: encoder, each decoder, and the training steps made of the same definition by differentiation.
// Prompt projections are inputs of every decoder graph: one session serves the base model and all adapters.
import { promptNames, type PromptName, type Task } from '../../electron/common/prompts.ts';
import { gradients } from '../../electron/nn/autodiff.ts';
import { Graph } from '../../electron/nn/graph.ts';
import { add } from '../../electron/nn/ops.ts';
import type { Value } from '../../electron/nn/value.ts';
import {
  classificationLoss,
  magnitudePenalty,
  segmentationLoss,
  type SegmentationLossOptions,
} from '../../electron/nn/losses.ts';
import { updateParameters, type AdamWOptions, type Trainable } from '../../electron/nn/optimizers.ts';
import { parametersFrom, type ParameterInputs, type Weights } from '../../electron/nn/weights.ts';
import type { PromptVectors } from './block.ts';
import type { PerceptGuideConfig } from './config.ts';
import {
  decodeClassification,
  decodeSegmentation,
  encode,
  featureShapes,
  pooledShapes,
  poolFeatures,
  promptInputs,
  type EncoderFeatures,
  type PooledFeatures,
} from './definition.ts';
import { decays, isClassificationDecoder, isHiddenMatrix, isPromptProjection } from './parameters.ts';

export interface Network {
  readonly config: PerceptGuideConfig;
  readonly weights: Weights;
}

/** One value for each prompt, as a one-hot vector. */
export type OneHotPrompts = Readonly<Record<PromptName, Float32Array>>;

/** A training step: the graph, and its trained parameters in order. */
export interface StepGraph {
  readonly graph: Graph;
  readonly trained: readonly string[];
}

/** image (N, 3, 224, 224) -> skip0, skip1, skip2, deepest. */
export function encoderGraph({ config, weights }: Network, samples: number): Graph {
  const g = new Graph();
  const image = g.input('image', [samples, 3, config.imageSize, config.imageSize]);
  const { deepest, skips } = encode(g, parametersFrom(g, weights), config, image);
  skips.forEach((skip, stage) => g.output(`skip${stage}`, skip));
  g.output('deepest', deepest);
  return g;
}

/** image (N, 3, 224, 224) -> pooled0, pooled1, pooled2, deepest: a frame as the classification decoder sees it, a sixth of what the encoder gives. */
export function pooledEncoderGraph({ config, weights }: Network, samples: number): Graph {
  const g = new Graph();
  const features = encode(g, parametersFrom(g, weights), config, imageInput(g, config, samples));
  const { deepest, skips } = poolFeatures(g, config, samples, features);
  skips.forEach((skip, stage) => g.output(`pooled${stage}`, skip));
  g.output('deepest', deepest);
  return g;
}

/** Features, prompts and prompt projections -> logits: (N, 2, 224, 224) of segmentation or (N, 2) of classification. */
export function decoderGraph({ config, weights }: Network, task: Task, samples: number): Graph {
  const g = new Graph();
  const features = featureInputs(g, config, samples);
  const parameters = parametersFrom(g, weights, isPromptProjection);
  const prompts = promptInputs(g, samples);
  const logits =
    task === 'segmentation'
      ? decodeSegmentation(g, parameters, config, features, prompts)
      : decodeClassification(g, parameters, config, poolFeatures(g, config, samples, features), prompts);
  g.output('logits', logits);
  return g;
}

/**
 * The whole network of segmentation with its prompts and their projections stored in it: image (1, 3, 224, 224) -> logits (1, 2, 224, 224) of
 * background and structure. For programs that know nothing of prompts.
 */
export function standaloneGraph({ config, weights }: Network, oneHot: OneHotPrompts): Graph {
  const g = new Graph();
  const parameters = parametersFrom(g, weights);
  const image = g.input('image', [1, 3, config.imageSize, config.imageSize]);
  const features = encode(g, parameters, config, image);
  const prompts = Object.fromEntries(
    promptNames.map((name) => [name, g.initializer(name, [1, oneHot[name].length], oneHot[name])] as const),
  ) as PromptVectors; // one entry for each prompt name
  g.output('logits', decodeSegmentation(g, parameters, config, features, prompts));
  return g;
}

/**
 * The downstream-synchronization step: decoder only, on cached features; trains the prompt projections of the segmentation decoder.
 * Inputs: features, prompts, target (N, 1, 224, 224), parameters, moments, rates. Outputs: loss, gradientNorm, next.*.
 */
export function synchronizationStepGraph(
  { config, weights }: Network,
  samples: number,
  loss: SegmentationLossOptions,
  optimizer: AdamWOptions,
): StepGraph {
  const g = new Graph();
  const inputs: ParameterInputs = new Map();
  const parameters = parametersFrom(g, weights, isPromptProjection, inputs);
  const logits = decodeSegmentation(g, parameters, config, featureInputs(g, config, samples), promptInputs(g, samples));
  return finishStep(g, inputs, segmentationLoss(g, logits, targetInput(g, config, samples), loss), optimizer);
}

/** Large enough to hold the stages of a network in training near 3, too small to be felt there: 0.01 of a loss of 0.1 to 0.5. */
const stagePenalty = 1e-3;

/**
 * The step of segmentation: encoder and segmentation decoder. Inputs: image (N, 3, 224, 224), prompts, target (N, 1, 224, 224), those
 * parameters, moments, rates. Outputs: loss (that of the masks, and a penalty on the encoder's magnitudes), gradientNorm, next.*.
 */
export function segmentationStepGraph(
  { config, weights }: Network,
  samples: number,
  loss: SegmentationLossOptions,
  optimizer: AdamWOptions,
): StepGraph {
  const g = new Graph();
  const inputs: ParameterInputs = new Map();
  const parameters = parametersFrom(g, weights, () => true, inputs);
  const features = encode(g, parameters, config, imageInput(g, config, samples));
  const logits = decodeSegmentation(g, parameters, config, features, promptInputs(g, samples));
  const masks = segmentationLoss(g, logits, targetInput(g, config, samples), loss);
  return finishStep(g, inputs, add(g, masks, magnitudePenalty(g, features.stages, stagePenalty)), optimizer);
}

/**
 * The step of classification: its decoder alone, on what the encoder made of the images before. Inputs: pooled features, prompts, classes
 * (N, 2; one-hot), the decoder's parameters, moments, rates. Outputs: loss, gradientNorm, next.*.
 */
export function classificationStepGraph(
  { config, weights }: Network,
  samples: number,
  optimizer: AdamWOptions,
): StepGraph {
  const g = new Graph();
  const inputs: ParameterInputs = new Map();
  const parameters = parametersFrom(g, weights, isClassificationDecoder, inputs);
  const features = pooledInputs(g, config, samples);
  const logits = decodeClassification(g, parameters, config, features, promptInputs(g, samples));
  return finishStep(g, inputs, classificationLoss(g, logits, g.input('classes', [samples, 2])), optimizer);
}

/** Gradients alone, for parity checks: outputs loss and `gradient.<name>` of each prompt projection of the segmentation decoder. */
export function projectionGradientGraph(
  { config, weights }: Network,
  samples: number,
  loss: SegmentationLossOptions,
): StepGraph {
  const g = new Graph();
  const inputs: ParameterInputs = new Map();
  const parameters = parametersFrom(g, weights, isPromptProjection, inputs);
  const features = encode(g, parameters, config, imageInput(g, config, samples));
  const logits = decodeSegmentation(g, parameters, config, features, promptInputs(g, samples));
  const total = segmentationLoss(g, logits, targetInput(g, config, samples), loss);
  const values = gradients(g, total, [...inputs.values()]);
  g.output('loss', total);
  g.output('logits', logits);
  [...inputs.keys()].forEach((name, index) => g.output(`gradient.${name}`, values[index]));
  return { graph: g, trained: [...inputs.keys()] };
}

function finishStep(g: Graph, inputs: ParameterInputs, loss: Value, optimizer: AdamWOptions): StepGraph {
  const trainables = [...inputs].map(([name, value]): Trainable => {
    const rule = isHiddenMatrix(name, value.shape) ? 'muon' : 'adamw';
    return { name, value, decays: decays(name, value.shape), rule };
  });
  g.output('loss', loss);
  updateParameters(g, trainables, gradients(g, loss, [...inputs.values()]), optimizer); // prettier-ignore
  return { graph: g, trained: [...inputs.keys()] };
}

function featureInputs(g: Graph, config: PerceptGuideConfig, samples: number): EncoderFeatures {
  const inputs = Object.entries(featureShapes(config, samples)).map(([name, shape]) => g.input(name, shape));
  return { skips: inputs.slice(0, 3), deepest: inputs[3] };
}

function pooledInputs(g: Graph, config: PerceptGuideConfig, samples: number): PooledFeatures {
  const inputs = Object.entries(pooledShapes(config, samples)).map(([name, shape]) => g.input(name, shape));
  return { skips: inputs.slice(0, 3), deepest: inputs[3] };
}

function imageInput(g: Graph, config: PerceptGuideConfig, samples: number): Value {
  return g.input('image', [samples, 3, config.imageSize, config.imageSize]);
}

function targetInput(g: Graph, config: PerceptGuideConfig, samples: number): Value {
  return g.input('target', [samples, 1, config.imageSize, config.imageSize]);
}
