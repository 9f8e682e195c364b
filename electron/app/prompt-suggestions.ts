// Owns which table of prompt suggestions is used: the site's own in SONOSYNC_HOME, else the one that came with the application.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { suggestionTableSchema } from '../common/prompt-suggestions.ts';
import type { SuggestionTable } from '../common/prompt-suggestions.ts';
import type { AppContext } from './context.ts';
import { describeIssues } from './router.ts';

/** A site's table that cannot be understood is left as it is and named to `warn`; the shipped one is used then. */
export async function loadSuggestions(
  { home, resourcesFolder }: Pick<AppContext, 'home' | 'resourcesFolder'>,
  warn: (message: string) => void,
): Promise<SuggestionTable> {
  try {
    const own = await readTable(home.suggestionsFile);
    if (own) return own;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    warn(`${error.message} The words that came with SonoSync were used.`);
  }
  const file = join(resourcesFolder, 'prompt-suggestions.json');
  const shipped = await readTable(file);
  if (!shipped) throw new AppError('not-found', `${file} is missing from this installation.`);
  return shipped;
}

/** Null where there is no file. Throws AppError('bad-input') that says what is wrong with it. */
async function readTable(file: string): Promise<SuggestionTable | null> {
  const source = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new AppError('bad-input', `${file} cannot be read.`, { cause });
  });
  if (source === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    throw new AppError('bad-input', `${file} is not JSON.`, { cause });
  }
  const parsed = suggestionTableSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('bad-input', `${file} is no table of suggestions: ${describeIssues(parsed.error)}.`);
}
