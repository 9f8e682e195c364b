// Owns `model import`: a PyTorch checkpoint or a folder of safetensors shards under the authors' names becomes a model folder.
import { join, parse, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../common/errors.ts';
import type { InputSpec } from '../../inference/preprocess.ts';
import { readCheckpoint } from '../../nn/checkpoint/read.ts';
import { countParameters, requireWeight, type Weight } from '../../nn/weights.ts';
import { inferConfig, isBuffer, type PerceptGuideConfig } from '../../../models/perceptguide/config.ts';
import { parameterShapes } from '../../../models/perceptguide/parameters.ts';
import { writeModelFolder } from '../model-folder.ts';

export const importOptions = z.object({
  /** A .pth file, a .safetensors file or a folder of shards. */
  source: z.string(),
  /** The model folder to write; one named by the id in modelsFolder where it is left out. */
  out: z.string().optional(),
  modelsFolder: z.string(),
  id: z.string().optional(),
});

/** The authors' own input: OpenCV's BGR over 255, shorter side to 224, centre crop, local crop at the box's corner. */
const authorsInput: InputSpec = {
  channelOrder: 'bgr',
  scale: 1 / 255,
  mean: 0,
  std: 1,
  resize: 'center-crop',
  interpolation: 'bilinear',
  padding: 0,
  localCrop: { anchor: 'top-left', scale: 1 },
};

const metadataConfig = z
  .object({
    hyperPerception: z.enum(['rank1', 'diagonal']),
    channelOrder: z.enum(['gray', 'rgb', 'bgr']),
    scale: z.number(),
    mean: z.number(),
    std: z.number(),
    resize: z.enum(['letterbox', 'center-crop']),
    padding: z.number(),
    localCrop: z.object({ anchor: z.enum(['centered', 'top-left']), scale: z.number() }),
  })
  .partial();

/** Throws AppError naming the first tensor that is missing, foreign or of another shape. */
export async function importModel(options: z.output<typeof importOptions>) {
  const { config, input, weights, tensors } = await readForeignModel(options.source);
  const id = toModelId(options.id ?? parse(options.out ?? options.source).name);
  const out = resolve(options.out ?? join(options.modelsFolder, id));
  await writeModelFolder(out, { id, title: id, config, input, weights, dataType: 'F32' });
  return {
    model: options.out ? out : id,
    parameters: countParameters([...weights.values()].map(({ shape }) => shape)),
    tensors,
    config,
  };
}

/** A checkpoint or folder of shards as a network; `tensors` counts what the source holds, buffers included. */
export async function readForeignModel(source: string): Promise<ForeignModel> {
  const checkpoint = await readCheckpoint(source);
  const shapes = new Map([...checkpoint.tensors].map(([name, { shape }]) => [name, shape]));
  const { hyperPerception = 'rank1', ...input } = readMetadata(checkpoint.metadata, source);
  const config = inferConfig(shapes, hyperPerception);
  return {
    config,
    input:
      checkpoint.form === 'safetensors' && Object.keys(input).length > 0 ? { ...ownInput, ...input } : authorsInput,
    weights: selectWeights(checkpoint.tensors, config, source),
    tensors: checkpoint.tensors.size + checkpoint.integers.size,
  };
}

export interface ForeignModel {
  readonly config: PerceptGuideConfig;
  readonly input: InputSpec;
  readonly weights: ReadonlyMap<string, Weight>;
  readonly tensors: number;
}

/** The id that a manifest takes: lower-case letters, digits and . _ - between them. */
function toModelId(name: string): string {
  const id = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '');
  if (id === '') throw new AppError('bad-input', `"${name}" gives no model id; name one with --id.`);
  return id;
}

/** What shards of our own training state, where they leave something out. */
export const ownInput: InputSpec = {
  channelOrder: 'gray',
  scale: 1 / 255,
  mean: 0,
  std: 1,
  resize: 'letterbox',
  interpolation: 'bilinear',
  padding: 0,
  localCrop: { anchor: 'centered', scale: 1.6 },
};

function readMetadata(metadata: Readonly<Record<string, string>>, path: string): z.output<typeof metadataConfig> {
  if (!metadata.config) return {};
  try {
    return metadataConfig.parse(JSON.parse(metadata.config));
  } catch (cause) {
    throw new AppError('bad-input', `${path}: the configuration in the metadata cannot be read: ${String(cause)}`, {
      cause,
    });
  }
}

function selectWeights(
  tensors: ReadonlyMap<string, Weight>,
  config: PerceptGuideConfig,
  path: string,
): Map<string, Weight> {
  const needed = parameterShapes(config);
  const weights = new Map<string, Weight>();
  for (const [name, shape] of needed) weights.set(name, requireWeight(tensors, name, shape));
  for (const name of tensors.keys()) {
    if (needed.has(name) || isBuffer(name)) continue;
    throw new AppError(
      'bad-input',
      `${path}: tensor ${name} belongs to no PerceptGuide network of this configuration.`,
    );
  }
  return weights;
}
