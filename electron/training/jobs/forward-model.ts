// Owns `model forward`: raw tensors through a model, sample by sample, for comparison with other implementations.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../common/errors.ts';
import { modes, positions, tasks, types } from '../../common/prompts.ts';
import { writeFileAtomic } from '../../files/atomic-write.ts';
import { LoadedModel } from '../../inference/loaded-model.ts';

const indices = z.array(z.number().int().min(0));

export const forwardOptions = z.object({
  /** A model folder. */
  model: z.string(),
  image: z.string(),
  shape: z.array(z.number().int().positive()),
  position: indices,
  task: indices,
  mode: indices,
  type: indices,
  out: z.string(),
  provider: z.string().default('cpu'),
});

type ForwardOptions = z.output<typeof forwardOptions>;

/** Writes segLogits.f32 (n, 2, 224, 224) and clsLogits.f32 (n, 2), float32 little-endian, and returns their paths. */
export async function forwardModel(options: ForwardOptions) {
  const model = await LoadedModel.load(options.model, options.provider);
  const side = model.runner.network.config.imageSize;
  const samples = options.shape[0];
  const expected = [samples, 3, side, side];
  if (options.shape.length !== 4 || options.shape.some((length, axis) => length !== expected[axis])) {
    throw new AppError('bad-input', `--shape is ${options.shape.join(',')}; this model needs n,3,${side},${side}.`);
  }
  const image = await readFloats(options.image, samples * 3 * side * side);
  const segmentation: Float32Array[] = [];
  const classification: Float32Array[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const features = await model.runner.encode(image.slice(sample * 3 * side * side, (sample + 1) * 3 * side * side));
    const prompts = {
      position: pick(positions, options, 'position', sample),
      mode: pick(modes, options, 'mode', sample),
      type: pick(types, options, 'type', sample),
      task: pick(tasks, options, 'task', sample),
    };
    segmentation.push(await model.runner.decodeTask('segmentation', features, prompts, null));
    classification.push(await model.runner.decodeTask('classification', features, prompts, null));
  }
  await model.release();
  await mkdir(options.out, { recursive: true });
  const segLogits = join(options.out, 'segLogits.f32');
  const clsLogits = join(options.out, 'clsLogits.f32');
  await writeFileAtomic(segLogits, joinBytes(segmentation));
  await writeFileAtomic(clsLogits, joinBytes(classification));
  return { segLogits, clsLogits };
}

function pick<T>(
  values: readonly T[],
  options: ForwardOptions,
  name: 'position' | 'task' | 'mode' | 'type',
  sample: number,
): T {
  const chosen = options[name];
  const index = chosen.length === 1 ? chosen[0] : chosen[sample];
  if (index === undefined || index >= values.length) {
    const found = index === undefined ? `${chosen.length} values for ${options.shape[0]} samples` : `index ${index}`;
    throw new AppError(
      'bad-input',
      `--${name} has ${found}; give one for each sample, from 0 to ${values.length - 1}.`,
    );
  }
  return values[index];
}

async function readFloats(path: string, count: number): Promise<Float32Array> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new AppError('not-found', `${path} cannot be read.`, { cause });
  }
  if (bytes.length !== count * 4) {
    throw new AppError('bad-input', `${path} has ${bytes.length} bytes; the shape needs ${count * 4}.`);
  }
  const floats = new Float32Array(count);
  new Uint8Array(floats.buffer).set(bytes);
  return floats;
}

function joinBytes(parts: readonly Float32Array[]): Uint8Array {
  return Buffer.concat(parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)));
}
