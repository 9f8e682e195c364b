// Owns what the small text files of an M2-US set say: its prompts, its label values, its classes and its lists.
// Layout and values: the data folder of the PerceptGuide authors (Lin et al., Medical Image Analysis 2025).
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../common/errors.ts';
import { positions, types, type ObjectType, type Position } from '../common/prompts.ts';
import type { LabelValue } from './mask-image.ts';

export interface M2usPrompts {
  readonly position: Position;
  readonly type: ObjectType;
}

/** Prompts of public sets by name in lower case without punctuation: those the authors use, and close relatives. */
const knownSets: Readonly<Record<string, M2usPrompts>> = {
  mmotu: { position: 'ovary', type: 'tumor' },
  busi: { position: 'breast', type: 'tumor' },
  busbra: { position: 'breast', type: 'tumor' },
  busis: { position: 'breast', type: 'tumor' },
  udiat: { position: 'breast', type: 'tumor' },
  ddti: { position: 'thyroid', type: 'tumor' },
  tn3k: { position: 'thyroid', type: 'tumor' },
  tg3k: { position: 'thyroid', type: 'organ' },
  cubs: { position: 'carotid', type: 'organ' },
  ccau: { position: 'carotid', type: 'organ' },
  appendix: { position: 'appendix', type: 'organ' },
  fattyliver: { position: 'liver', type: 'organ' },
  hmcqu: { position: 'cardiac', type: 'organ' },
  echonet: { position: 'cardiac', type: 'organ' },
  echonetdynamic: { position: 'cardiac', type: 'organ' },
  camus: { position: 'cardiac', type: 'organ' },
  fetalhc: { position: 'head', type: 'organ' },
  hc18: { position: 'head', type: 'organ' },
  kidneyus: { position: 'kidney', type: 'organ' },
  kidneyuscapsule: { position: 'kidney', type: 'organ' },
};

const promptsSchema = z.object({
  position: z.enum(positions),
  object: z.enum(types).optional(),
  type: z.enum(types).optional(),
});

/** Prompts from a prompts.json in one of the set's folders, else of the known set of that name. Throws AppError that names the file to add. */
export async function readPrompts(folders: readonly string[], name: string): Promise<M2usPrompts> {
  for (const folder of folders) {
    const path = join(folder, 'prompts.json');
    const text = await readTextIfThere(path);
    if (text !== null) return parsePrompts(text, path);
  }
  const known = knownSets[name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')];
  if (known) return known;
  throw new AppError(
    'bad-input',
    `${name} is none of the known public sets: add ${join(folders[0], 'prompts.json')} with ${promptsForm}.`,
  );
}

const promptsForm = `{"position": one of ${positions.join(', ')}, "object": ${types.join(' or ')}}`;

function parsePrompts(text: string, path: string): M2usPrompts {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('bad-input', `${path} is not JSON; expected ${promptsForm}.`, { cause });
  }
  const parsed = promptsSchema.safeParse(value);
  const type = parsed.data?.object ?? parsed.data?.type;
  if (!parsed.success || !type) {
    throw new AppError('bad-input', `${path}: expected ${promptsForm}, found ${JSON.stringify(value)}.`);
  }
  return { position: parsed.data.position, type };
}

/** The labels of a segmentation set, one for each line `label index:name:pixel value` of its config.yaml. Throws AppError that says what a line has to be. */
export async function readLabels(folder: string): Promise<LabelValue[]> {
  const path = join(folder, 'config.yaml');
  const text = await readTextIfThere(path);
  if (text === null) {
    throw new AppError('bad-input', `${path} is missing; expected lines like "0:background:0" and "1:foreground:255".`);
  }
  const labels = contentLines(text).map(([line, number]): LabelValue => {
    const match = /^(\d+)\s*:\s*([^:]*?)\s*:\s*(\d+)$/.exec(line);
    if (!match || Number(match[3]) > 255) {
      throw new AppError(
        'bad-input',
        `${path}, line ${number}: expected "label index:name:pixel value" with a value up to 255, found "${line}".`,
      );
    }
    return { index: Number(match[1]), name: match[2], value: Number(match[3]) };
  });
  if (!labels.some((label) => label.index > 0)) {
    throw new AppError('bad-input', `${path} names no foreground; expected a line like "1:foreground:255".`);
  }
  return labels;
}

/** Class names by index out of a classification set's config.yaml (`0:Benign`); without the file benign is 0 and malignant 1. */
export async function readClassNames(folder: string): Promise<ReadonlyMap<string, number>> {
  const names = new Map([
    ['benign', 0],
    ['malignant', 1],
  ]);
  const path = join(folder, 'config.yaml');
  for (const [line, number] of contentLines((await readTextIfThere(path)) ?? '')) {
    const match = /^(\d+)\s*:\s*([^:]+)/.exec(line);
    if (!match)
      throw new AppError('bad-input', `${path}, line ${number}: expected "class index:name", found "${line}".`);
    names.set(match[2].trim().toLowerCase(), Number(match[1]));
  }
  return names;
}

/**
 * The names of the classes 0 and 1, where the set's config.yaml gives them, else "benign" and "malignant" for a set of tumors; null for one of
 * organs, whose classes may be anything.
 */
export async function readClassPair(folder: string, type: ObjectType): Promise<readonly [string, string] | null> {
  const text = await readTextIfThere(join(folder, 'config.yaml'));
  if (text === null) return type === 'tumor' ? ['benign', 'malignant'] : null;
  const names = await readClassNames(folder);
  const nameOf = (index: number): string | undefined => [...names].findLast((entry) => entry[1] === index)?.[0];
  const [first, second] = [nameOf(0), nameOf(1)];
  return first !== undefined && second !== undefined ? [first, second] : null;
}

/** The index that a folder name or a cell stands for: a number, or a class by name; null for neither. */
export function classIndexOf(text: string, names: ReadonlyMap<string, number>): number | null {
  if (/^\d+$/.test(text)) return Number(text);
  return names.get(text.toLowerCase()) ?? null;
}

/** Class index by file name out of labels.csv (`file,class`), or null where there is no such file. */
export async function readClassTable(
  folder: string,
  names: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number> | null> {
  const path = join(folder, 'labels.csv');
  const text = await readTextIfThere(path);
  if (text === null) return null;
  const table = new Map<string, number>();
  for (const [line, number] of contentLines(text)) {
    const comma = line.lastIndexOf(',');
    const file = unquote(line.slice(0, comma));
    const cell = unquote(line.slice(comma + 1));
    if (number === 1 && /^(file|image|name)/i.test(file) && !/^\d+$/.test(cell)) continue;
    const index = comma > 0 ? classIndexOf(cell, names) : null;
    if (index === null) {
      throw new AppError('bad-input', `${path}, line ${number}: expected "file,class index", found "${line}".`);
    }
    table.set(file, index);
  }
  return table;
}

function unquote(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, '$1');
}

/** The entries of a list file with their line numbers, or null where there is no such list or it is empty. */
export async function readList(path: string): Promise<[entry: string, line: number][] | null> {
  const text = await readTextIfThere(path);
  const lines = text === null ? [] : contentLines(text);
  return lines.length > 0 ? lines : null;
}

/** Trimmed lines with their numbers from 1, less empty ones and comments. */
function contentLines(text: string): [line: string, number: number][] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map((line, index): [string, number] => [line.trim(), index + 1])
    .filter(([line]) => line !== '' && !line.startsWith('#'));
}

async function readTextIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return null;
    throw new AppError('bad-input', `${path} cannot be read.`, { cause });
  }
}
