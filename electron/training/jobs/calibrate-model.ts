// Owns `model calibrate`: classes of a model that is there, measured and calibrated on the validation split and written into its manifest.
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../common/errors.ts';
import type { JobProgress } from '../../common/engine-protocol.ts';
import { writeFileAtomic } from '../../files/atomic-write.ts';
import { LoadedModel } from '../../inference/loaded-model.ts';
import { manifestFileName, serializeManifest, type ModelManifest } from '../../../models/manifest.ts';
import type { JobContext } from '../context.ts';
import { loadDataset } from '../dataset.ts';
import { measureClasses } from '../trained-classes.ts';

export const calibrateOptions = z.object({
  model: z.string(),
  dataset: z.string(),
  sets: z.array(z.string()).optional(),
  provider: z.string().default('cpu'),
});

/**
 * The model's hash stays: its network is the same. Throws AppError('bad-input') where the validation split has too few classed images,
 * AppError('storage') where the folder cannot be written.
 */
export async function calibrateModel(
  { model: folder, dataset, sets, provider }: z.output<typeof calibrateOptions>,
  context: JobContext<JobProgress>,
) {
  const { items, skipped } = await loadDataset(dataset, 'val', { sets, signal: context.signal });
  const model = await LoadedModel.load(folder, provider);
  try {
    const { testTimeFlip: flip, secondLook } = model.manifest;
    const classification = await measureClasses(
      model.runner,
      model.spec,
      items,
      { flip, secondLook },
      {
        turn: () => context.turn(),
        report: ({ done, total }) =>
          context.report({ message: `classified ${done} of ${total} views`, fraction: done / total }),
      },
    );
    if (classification.length === 0)
      throw new AppError('bad-input', `The validation split of ${dataset} has too few images of two classes.`);
    const manifest: ModelManifest = { ...model.manifest, classification };
    await writeFileAtomic(join(folder, manifestFileName), new TextEncoder().encode(serializeManifest(manifest)));
    return { model: manifest.id, folder, hash: model.hash, classification, skipped };
  } finally {
    await model.release();
  }
}
