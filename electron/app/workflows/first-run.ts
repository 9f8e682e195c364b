// Owns what a new user finds: the simulated sample study, imported as any other, and a label to begin with.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../common/errors.ts';
import { positions, types } from '../../common/prompts.ts';
import type { AppContext } from '../context.ts';
import { importPaths } from './import.ts';

/** What this needs of resources/sample-study/sample-study.json. */
const sampleSchema = z.object({
  title: z.string(),
  simulated: z.literal(true),
  position: z.enum(positions),
  type: z.enum(types),
  label: z.string(),
  patients: z.array(z.object({ id: z.string(), frames: z.array(z.object({ image: z.string() })) })).min(1),
});

/** Fills an empty workspace with the sample study; one that holds anything stays as it is. Throws what import throws. */
export async function addSampleStudy(context: AppContext, resourcesFolder: string): Promise<void> {
  if (context.store.listStudies().length > 0 || context.store.listLabels().length > 0) return;
  const folder = join(resourcesFolder, 'sample-study');
  const sample = await readSample(join(folder, 'sample-study.json'));
  for (const patient of sample.patients) {
    const paths = patient.frames.map((frame) => join(folder, frame.image));
    const { failures } = await importPaths(context, paths, {
      study: {
        title: `${sample.title} · ${patient.id}`,
        patientKey: patient.id,
        position: sample.position,
        simulated: true,
      },
    });
    if (failures.length > 0) throw new AppError('corrupt', `The sample study is damaged. ${failures[0].message}`);
  }
  context.store.addLabel({ name: sample.label, position: sample.position, type: sample.type });
}

async function readSample(file: string): Promise<z.output<typeof sampleSchema>> {
  const source = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('not-found', `${file} is missing from this installation.`, { cause });
  });
  try {
    return sampleSchema.parse(JSON.parse(source));
  } catch (cause) {
    throw new AppError('corrupt', `${file} is not the description of a sample study.`, { cause });
  }
}
