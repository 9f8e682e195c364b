// Owns the form of a model's manifest: what network it is, how it wants its input, and which files with which hashes it consists of.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../electron/common/errors.ts';
import { resizeModes } from '../electron/common/field-of-view.ts';
import { modes, positions, types } from '../electron/common/prompts.ts';

export const manifestFileName = 'manifest.json';

/** A plain file name: a manifest from elsewhere cannot point outside its folder. */
const shardName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*\.safetensors$/, 'expected the name of a .safetensors file in the same folder');

const fourStages = (largest: number) => z.array(z.number().int().min(1).max(largest)).length(4);

const configSchema = z
  .strictObject({
    /** E: channels of the first stage; each further stage has twice as many. */
    embedDim: z.number().int().min(4).max(1024).multipleOf(4),
    encoderDepths: fourStages(64),
    decoderDepths: fourStages(64),
    numHeads: fourStages(256),
    windowSize: z.literal(7),
    imageSize: z.literal(224),
    hyperPerception: z.enum(['rank1', 'diagonal']),
  })
  .superRefine(({ embedDim, numHeads }, context) => {
    numHeads.forEach((heads, stage) => {
      const channels = embedDim * 2 ** stage;
      if (channels % heads === 0) return;
      context.addIssue({
        code: 'custom',
        path: ['numHeads', stage],
        message: `${channels} channels cannot be split into ${heads} heads`,
      });
    });
  });

const inputSchema = z.strictObject({
  channelOrder: z.enum(['gray', 'rgb', 'bgr']),
  /** Network input = (sample of 0..255 * scale - mean) / std. */
  scale: z.number().positive(),
  mean: z.number(),
  std: z.number().positive(),
  resize: z.enum(resizeModes),
  interpolation: z.enum(['bilinear']),
  /** Grey level, 0..255, of what lies outside the frame. */
  padding: z.number().min(0).max(255),
  /** The square around a target: its side is the target's longer side times `scale`. */
  localCrop: z.strictObject({ anchor: z.enum(['centered', 'top-left']), scale: z.number().positive().max(100) }),
});

const share = z.number().min(0).max(1);

const fileSchema = z.strictObject({
  name: shardName,
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits, lower case'),
});

/** The classification decoder under one set of prompts: what its two logits mean, and how they become probabilities. */
const trainedClassesSchema = z.strictObject({
  position: z.enum(positions),
  type: z.enum(types),
  mode: z.enum(modes),
  /** Names of the first and the second logit. */
  classes: z.tuple([z.string().min(1).max(40), z.string().min(1).max(40)]),
  /** Probability of the second class = sigmoid((second logit - first logit) / temperature + bias), of the mean over the looks of a proposal. */
  temperature: z.number().positive(),
  bias: z.number(),
  /** On the validation images that both were fitted on, each by a fit without it; `positives` are those of the second class. */
  metrics: z.strictObject({
    n: z.number().int().positive(),
    positives: z.number().int().nonnegative(),
    accuracy: share,
    balancedAccuracy: share,
    auc: share,
    sensitivity: share,
    specificity: share,
    majorityRate: share,
    expectedCalibrationError: share,
  }),
});

export const manifestSchema = z.strictObject({
  formatVersion: z.literal(1),
  id: z
    .string()
    .max(80)
    .regex(/^[a-z0-9][a-z0-9._-]*$/, 'expected lower-case letters, digits, and . _ - between them'),
  title: z.string().min(1).max(200),
  architecture: z.literal('perceptguide'),
  config: configSchema,
  input: inputSchema,
  files: z
    .array(fileSchema)
    .min(1)
    .refine((files) => new Set(files.map(({ name }) => name)).size === files.length, 'names a file twice'),
  /** The first look of a proposal is the mean over the frame, or the crop, and its mirror image; a second look is straight. */
  testTimeFlip: z.boolean().optional(),
  /** Whole-frame proposals are looked at again, in the crop around what the first look found (electron/inference/second-look.ts). */
  secondLook: z.boolean().optional(),
  /** Prompts under which classes were trained and calibrated; under all others the model says nothing of classes. */
  classification: z.array(trainedClassesSchema).optional(),
  /** What was measured, in the form of whoever measured it. */
  metrics: z.record(z.string(), z.json()).optional(),
  createdAt: z.iso.datetime(),
});

export type ModelManifest = z.output<typeof manifestSchema>;
export type TrainedClasses = z.output<typeof trainedClassesSchema>;
export type ModelFile = ModelManifest['files'][number];

/** A manifest out of its text. Throws AppError('corrupt') that lists what is wrong, 'unsupported' for a later format. */
export function parseManifest(text: string, fileName: string): ModelManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('corrupt', `${fileName} is not JSON.`, { cause });
  }
  const version = z.object({ formatVersion: z.number().min(2) }).safeParse(value);
  if (version.success) {
    const found = version.data.formatVersion;
    throw new AppError('unsupported', `${fileName} has format version ${found}; this SonoSync reads version 1.`);
  }
  const result = manifestSchema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
  throw new AppError('corrupt', `${fileName} is no model manifest: ${faults.join('; ')}.`);
}

/** The text of a manifest, checked by the same rules that reading applies. */
export function serializeManifest(manifest: ModelManifest): string {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  parseManifest(text, manifestFileName);
  return text;
}

/**
 * What an adapter was trained on: SHA-256 in hexadecimal over architecture, configuration, input and the hashes of the files. Titles, ids,
 * dates, metrics, names of files and the order of keys play no part.
 */
export function modelHash(manifest: Pick<ModelManifest, 'architecture' | 'config' | 'input' | 'files'>): string {
  const { architecture, config, input, files } = manifest;
  const identity = { architecture, config, input, files: files.map(({ sha256 }) => sha256).sort() };
  return createHash('sha256').update(canonicalJson(identity)).digest('hex');
}

/** JSON with sorted keys, so that equal values give equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
