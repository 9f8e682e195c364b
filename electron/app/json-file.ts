// Owns small JSON files of choices: read leniently, written whole, never lost where they cannot be understood.
import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { AppError } from '../common/errors.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';

/**
 * What the file holds; null where there is none. A file that cannot be understood is moved aside, never overwritten, and named to `warn`.
 * Throws AppError('storage') where it cannot be read.
 */
export async function readJsonFile<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  warn: (message: string) => void,
): Promise<z.output<Schema> | null> {
  let source: string;
  try {
    source = await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new AppError('storage', `Cannot read ${file}.`, { cause });
  }
  const parsed = schema.safeParse(parseJson(source));
  if (parsed.success) return parsed.data;
  const aside = `${file}.unreadable-${Date.now()}`;
  await rename(file, aside);
  warn(`${file} could not be understood; it was moved to ${aside} and the defaults are used.`);
  return null;
}

/** Makes the folder where there is none. Throws AppError('storage'). */
export async function writeJsonFile(file: string, value: unknown): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new AppError('storage', `Cannot make the folder ${folder}.`, { cause });
  });
  await writeFileAtomic(file, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return null;
  }
}
