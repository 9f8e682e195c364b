// Owns what a new user finds: the simulated sample study, imported as any other, and a label to begin with.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../common/errors.ts';
import { positions, types } from '../../common/prompts.ts';
import type { AppContext } from '../context.ts';
import { importPaths } from './import.ts';

/** What the application needs of resources/sample-study/sample-study.json; paths are relative to its folder. */
const sampleSchema = z.object({
  title: z.string(),
  simulated: z.literal(true),
  position: z.enum(positions),
  type: z.enum(types),
  label: z.string(),
  patients: z
    .array(z.object({ id: z.string(), frames: z.array(z.object({ image: z.string(), mask: z.string() })) }))
    .min(1),
});

export type SampleStudy = z.output<typeof sampleSchema>;

/**
 * Fills an empty workspace with the sample study, and goes on where that was interrupted. A workspace with a label, which comes last, or
 * with a study of a person stays as it is. Throws what import throws.
 */
export async function addSampleStudy(context: AppContext, resourcesFolder: string): Promise<void> {
  const { store } = context;
  if (store.listLabels().length > 0 || store.listStudies().some((study) => !study.simulated)) return;
  const folder = sampleFolder(resourcesFolder);
  const sample = await readSampleStudy(resourcesFolder);
  for (const patient of sample.patients) {
    const paths = patient.frames.map((frame) => join(folder, frame.image));
    const { skipped } = await importPaths(context, paths, {
      study: {
        title: readableName(patient.id), // the list says by itself that a study is simulated
        patientKey: patient.id,
        position: sample.position,
        simulated: true,
      },
    });
    if (skipped.length > 0) throw new AppError('corrupt', `The sample study is damaged. ${skipped[0].reason}`);
  }
  store.addLabel({ name: sample.label, position: sample.position, type: sample.type });
}

export function sampleFolder(resourcesFolder: string): string {
  return join(resourcesFolder, 'sample-study');
}

/** The description of the sample study. Throws AppError('not-found') or AppError('corrupt') that names its file. */
export async function readSampleStudy(resourcesFolder: string): Promise<SampleStudy> {
  const file = join(sampleFolder(resourcesFolder), 'sample-study.json');
  const source = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('not-found', `${file} is missing from this installation.`, { cause });
  });
  try {
    return sampleSchema.parse(JSON.parse(source));
  } catch (cause) {
    throw new AppError('corrupt', `${file} is not the description of a sample study.`, { cause });
  }
}

/** "phantom-1" as "Phantom 1": what tells the studies apart comes first, since lists cut titles at their end. */
function readableName(patientId: string): string {
  const words = patientId.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
