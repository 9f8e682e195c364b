// Owns settings.json in SONOSYNC_HOME: the few choices that outlive a run and belong to the user, not to a workspace.
import { mkdir, readFile, rename } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { z } from 'zod';
import { intakeSettingsSchema } from '../common/api/intake.ts';
import { AppError } from '../common/errors.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import type { Home } from './home.ts';

const settingsSchema = z.object({
  /** Receiving from a scanner; off where it is left out. */
  intake: intakeSettingsSchema.optional(),
  /** Who corrects, as revisions name them; the user of the operating system where it is left out. */
  reader: z.string().min(1).max(80).optional(),
  /** Id or folder of the base model. */
  model: z.string().min(1).optional(),
  /** The program ffmpeg, or the folder that holds it, for videos; PATH is searched where it is left out. */
  ffmpeg: z.string().min(1).optional(),
  /** When the Electron runtime could not be fetched, and for which version, so that no later start waits for it again. */
  runtimeRefused: z.object({ version: z.string(), at: z.string(), reason: z.string() }).optional(),
});

export type Settings = z.output<typeof settingsSchema>;

/**
 * The settings; none where there is no file. A file that cannot be understood is moved aside, never overwritten, and named to `warn`.
 * Throws AppError('storage') where it cannot be read.
 */
export async function loadSettings(home: Home, warn: (message: string) => void): Promise<Settings> {
  let source: string;
  try {
    source = await readFile(home.settingsFile, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {};
    throw new AppError('storage', `Cannot read ${home.settingsFile}.`, { cause });
  }
  const parsed = settingsSchema.safeParse(parseJson(source));
  if (parsed.success) return parsed.data;
  const aside = `${home.settingsFile}.unreadable-${Date.now()}`;
  await rename(home.settingsFile, aside);
  warn(`${home.settingsFile} could not be understood; it was moved to ${aside} and the defaults are used.`);
  return {};
}

/** Writes what changes and keeps the rest. Throws AppError('storage'). */
export async function saveSettings(home: Home, change: Partial<Settings>): Promise<void> {
  const settings = { ...(await loadSettings(home, () => {})), ...change };
  await mkdir(home.folder, { recursive: true }).catch((cause: unknown) => {
    throw new AppError('storage', `Cannot make the folder ${home.folder}.`, { cause });
  });
  await writeFileAtomic(home.settingsFile, new TextEncoder().encode(`${JSON.stringify(settings, null, 2)}\n`));
}

export function readerName(settings: Settings): string {
  if (settings.reader) return settings.reader;
  try {
    return userInfo().username || 'reader';
  } catch {
    // A user without an entry in the system's list, as in some containers.
    return 'reader';
  }
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return null;
  }
}
