// Owns how a model folder is written: weights in shards, each hashed in the manifest, which is written last.
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../files/atomic-write.ts';
import type { InputSpec } from '../inference/preprocess.ts';
import { serializeSafetensors, shardTensors } from '../nn/safetensors.ts';
import type { Weights } from '../nn/weights.ts';
import { modelHash, serializeManifest, type ModelManifest } from '../../models/manifest.ts';
import type { PerceptGuideConfig } from '../../models/perceptguide/config.ts';

export interface ModelContent {
  readonly id: string;
  readonly title: string;
  readonly config: PerceptGuideConfig;
  readonly input: InputSpec;
  readonly weights: Weights;
  /** F16 halves the files; untrained or rank1 weights can lose by it, so it is the writer's choice. */
  readonly dataType: 'F16' | 'F32';
  readonly classification?: ModelManifest['classification'];
  readonly secondLook?: boolean;
  readonly testTimeFlip?: boolean;
  readonly metrics?: NonNullable<ModelManifest['metrics']>;
}

/** Shards stay below what code hosts and mail gateways take. */
const shardLimitBytes = 14_000_000;

/** Writes the folder and returns the manifest with the model's hash. Throws AppError('storage') naming the file. */
export async function writeModelFolder(
  folder: string,
  content: ModelContent,
): Promise<{ manifest: ModelManifest; hash: string }> {
  await mkdir(folder, { recursive: true });
  const files: ModelManifest['files'][number][] = [];
  const shards = shardTensors(content.weights, shardLimitBytes, content.dataType === 'F16' ? 2 : 4);
  for (const [index, shard] of shards.entries()) {
    const name = `weights-${index}.safetensors`;
    const bytes = serializeSafetensors(shard, {
      dataType: content.dataType,
      // Shards without their manifest still say how the network is fed.
      metadata: { config: JSON.stringify({ ...content.config, ...content.input }) },
    });
    await writeFileAtomic(join(folder, name), bytes);
    files.push({ name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  }
  const manifest: ModelManifest = {
    formatVersion: 1,
    id: content.id,
    title: content.title,
    architecture: 'perceptguide',
    config: {
      ...content.config,
      windowSize: 7,
      imageSize: 224,
      encoderDepths: [...content.config.encoderDepths],
      decoderDepths: [...content.config.decoderDepths],
      numHeads: [...content.config.numHeads],
    },
    input: { ...content.input },
    files,
    ...(content.secondLook ? { secondLook: true } : {}),
    ...(content.testTimeFlip ? { testTimeFlip: true } : {}),
    ...(content.classification ? { classification: content.classification } : {}),
    ...(content.metrics ? { metrics: content.metrics } : {}),
    createdAt: new Date().toISOString(),
  };
  await writeFileAtomic(join(folder, 'manifest.json'), new TextEncoder().encode(serializeManifest(manifest)));
  return { manifest, hash: modelHash(manifest) };
}
