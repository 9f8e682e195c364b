// Owns `model import`: a PyTorch checkpoint or a folder of safetensors shards under the authors' names becomes a model folder, and a model folder
// from elsewhere an installed one. Nothing is written over a model that is there, and nothing half written is left in its place.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, parse, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../common/errors.ts';
import { writeFileAtomic } from '../../files/atomic-write.ts';
import { LoadedModel } from '../../inference/loaded-model.ts';
import type { InputSpec } from '../../inference/preprocess.ts';
import { readCheckpoint } from '../../nn/checkpoint/read.ts';
import { countParameters, requireWeight, type Weight } from '../../nn/weights.ts';
import {
  cardFileName,
  listModels,
  manifestFileName,
  modelHash,
  readManifest,
  serializeManifest,
} from '../../../models/manifest.ts';
import { inferConfig, isBuffer, type PerceptGuideConfig } from '../../../models/perceptguide/config.ts';
import { parameterShapes } from '../../../models/perceptguide/parameters.ts';
import { writeModelFolder } from '../model-folder.ts';

export const importOptions = z.object({
  /** A .pth file, a .safetensors file or a folder of shards. */
  source: z.string(),
  /** The model folder to write; one named by the id in modelsFolder where it is left out. */
  out: z.string().optional(),
  modelsFolder: z.string(),
  /** Folders of installed models, whose ids are taken; modelsFolder alone where it is left out. */
  searchFolders: z.array(z.string()).optional(),
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

/**
 * The same model again is no new one: it is where it was. Throws AppError naming the first tensor that is missing, foreign or of another
 * shape, 'conflict' where another model has the id or the folder.
 */
export async function importModel(options: z.output<typeof importOptions>) {
  const { source, modelsFolder, searchFolders = [modelsFolder] } = options;
  const isModel = existsSync(join(source, manifestFileName));
  const name = options.id ?? (options.out === undefined && isModel ? (await readManifest(source)).id : null);
  const id = toModelId(name ?? parse(options.out ?? source).name);
  const out = resolve(options.out ?? join(modelsFolder, id));
  await mkdir(dirname(out), { recursive: true });
  // Beside its place, so that it gets there at once and whole.
  const folder = await mkdtemp(join(dirname(out), '.importing-'));
  try {
    const { hash, ...description } = isModel ? await copyModel(source, folder, id) : await convert(source, folder, id);
    const installed = options.out === undefined ? await findInstalled(id, searchFolders) : await modelAt(out);
    if (installed && installed.hash !== hash) {
      const taken = options.out === undefined ? `is a model "${id}"` : `is a model in ${out}`;
      throw new AppError(
        'conflict',
        `There ${taken} already, and it is another one; nothing is written over it. Name another with --id or --out.`,
      );
    }
    if (!installed) await moveInto(out, folder);
    return { model: options.out ? out : id, ...description };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function convert(source: string, folder: string, id: string) {
  const { config, input, weights, tensors } = await readForeignModel(source);
  const { hash } = await writeModelFolder(folder, { id, title: id, config, input, weights, dataType: 'F32' });
  return { hash, parameters: countParameters([...weights.values()].map(({ shape }) => shape)), tensors, config };
}

/** With all that its manifest says and its card; only the id may be another. */
async function copyModel(source: string, folder: string, id: string) {
  const model = await LoadedModel.load(source, 'cpu');
  const { hash, parameters, tensors } = model.describe();
  const { manifest } = model;
  await model.release();
  for (const { name } of manifest.files) await copyFile(join(source, name), join(folder, name));
  if (existsSync(join(source, cardFileName))) await copyFile(join(source, cardFileName), join(folder, cardFileName));
  const renamed = new TextEncoder().encode(serializeManifest({ ...manifest, id }));
  await writeFileAtomic(join(folder, manifestFileName), renamed);
  return { hash, parameters, tensors, config: model.runner.network.config };
}

interface Installed {
  /** Null where it cannot be told: what is there is damaged. */
  readonly hash: string | null;
}

async function findInstalled(id: string, searchFolders: readonly string[]): Promise<Installed | null> {
  const { models } = await listModels(searchFolders);
  const found = models.find(({ manifest }) => manifest.id === id);
  if (found) return { hash: modelHash(found.manifest) };
  for (const searchFolder of searchFolders) {
    const model = await modelAt(join(searchFolder, id));
    if (model) return model;
  }
  return null;
}

/** The model in a folder, null where there is none. Throws AppError('conflict') for a folder with other things in it. */
async function modelAt(folder: string): Promise<Installed | null> {
  const names = await readdir(folder).catch((): string[] => []);
  if (names.length === 0) return null;
  if (!names.includes(manifestFileName)) {
    throw new AppError('conflict', `${folder} holds other things; a model goes into a new or empty folder.`);
  }
  return readManifest(folder).then(
    (manifest) => ({ hash: modelHash(manifest) }),
    () => ({ hash: null }),
  );
}

async function moveInto(out: string, folder: string): Promise<void> {
  try {
    // An empty folder makes room; any other stays.
    await rmdir(out).catch(() => undefined);
    await rename(folder, out);
  } catch (cause) {
    throw new AppError('storage', `The model could not be put into ${out}.`, { cause });
  }
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
