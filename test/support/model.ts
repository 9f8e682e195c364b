// Owns the small models of tests: the checkpoint of random numbers in test/fixtures, imported by the real engine, and an untrained network.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createEngineClient } from '../../electron/app/engine-client.ts';
import { forkEngine } from '../../electron/app/engine-process.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import { writeModelFolder } from '../../electron/training/model-folder.ts';
import { initialWeights } from '../../models/perceptguide/parameters.ts';
import { tinyConfig } from './phantoms.ts';

const checkpoint = join(import.meta.dirname, '..', 'fixtures', 'perceptguide-tiny', 'tiny_best_model.pth');

export const tinyModelId = 'tiny';

/** Imports the model into a models folder, once. What it proposes is as random as its weights, and the same every time. */
export async function importTinyModel(modelsFolder: string): Promise<string> {
  const folder = join(modelsFolder, tinyModelId);
  if (existsSync(join(folder, 'manifest.json'))) return folder;
  const engine = createEngineClient({ spawn: (environment) => forkEngine(environment) });
  try {
    const options = { source: checkpoint, modelsFolder, id: tinyModelId };
    await engine.call('job:run', { job: 'model-import', options });
    return folder;
  } finally {
    await engine.close();
  }
}

export const untrainedModelId = 'untrained';

/** Writes an even smaller network with untrained weights and figures of its own, which trains in seconds. */
export async function writeUntrainedModel(modelsFolder: string): Promise<string> {
  const folder = join(modelsFolder, untrainedModelId);
  await writeModelFolder(folder, {
    id: untrainedModelId,
    title: 'Untrained model',
    config: tinyConfig,
    input: { ...ownInput, mean: 0.2, std: 0.2 },
    weights: initialWeights(tinyConfig, createRandom(3)),
    dataType: 'F32',
    metrics: { validation: { sets: { Lesion: { dice: 0.25, n: 7 } }, meanDice: 0.25 }, steps: 5 },
  });
  return folder;
}
