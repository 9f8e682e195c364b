// Owns the small model of tests: the checkpoint of random numbers in test/fixtures, imported by the real engine into a folder of its own.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createEngineClient } from '../../electron/app/engine-client.ts';
import { forkEngine } from '../../electron/app/engine-process.ts';

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
