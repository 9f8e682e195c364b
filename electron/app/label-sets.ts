// Owns the label sets that come with the application (resources/label-sets): structures of one examination with their prompts and codes.
// Every code is SNOMED CT as DICOM uses it: categories of CID 7150, lesions of CID 7159, anatomy of CID 4 and 7151 and, where those have no
// such part, of CID 3810 (plaque), 7140 (brain), 12130 and 12131 (thyroid), 12305 (heart) and TID 5013 (follicle).
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabelSet, SetLabel } from '../common/api.ts';
import { labelSetSchema } from '../common/api/labels.ts';
import { AppError } from '../common/errors.ts';

const fileSchema = labelSetSchema.omit({ id: true });

/** Every set, by title. Throws AppError('not-found') or AppError('corrupt') that names the file. */
export async function readLabelSets(resourcesFolder: string): Promise<LabelSet[]> {
  const folder = join(resourcesFolder, 'label-sets');
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new AppError('not-found', `${folder} is missing from this installation.`, { cause });
  });
  const files = names.filter((name) => name.endsWith('.json'));
  const sets = await Promise.all(files.map((name) => readLabelSet(folder, name)));
  return sets.sort((a, b) => a.title.localeCompare(b.title, 'en'));
}

/** One set by its id, letter case aside. Throws AppError('not-found') naming the sets there are. */
export async function findLabelSet(resourcesFolder: string, setId: string): Promise<LabelSet> {
  const sets = await readLabelSets(resourcesFolder);
  const set = sets.find((candidate) => candidate.id === setId.toLowerCase());
  if (set) return set;
  const known = sets.map((candidate) => candidate.id).join(', ');
  throw new AppError('not-found', `There is no label set "${setId}"; the sets are: ${known}.`);
}

/** The labels of a set that are named, letter case aside, or all of them. Throws AppError('not-found') naming those there are. */
export function pickLabels(set: LabelSet, names: readonly string[] | undefined): readonly SetLabel[] {
  if (!names) return set.labels;
  return names.map((name) => {
    const label = set.labels.find((candidate) => candidate.name.toLowerCase() === name.trim().toLowerCase());
    if (label) return label;
    const known = set.labels.map((candidate) => `"${candidate.name}"`).join(', ');
    throw new AppError('not-found', `The label set "${set.id}" has no label "${name}". It has: ${known}.`);
  });
}

async function readLabelSet(folder: string, name: string): Promise<LabelSet> {
  const file = join(folder, name);
  const source = await readFile(file, 'utf8');
  try {
    return { id: name.slice(0, -'.json'.length), ...fileSchema.parse(JSON.parse(source)) };
  } catch (cause) {
    throw new AppError('corrupt', `${file} is not a label set.`, { cause });
  }
}
