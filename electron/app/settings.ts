// Owns settings.json in SONOSYNC_HOME: the few choices that outlive a run and belong to the user, not to a workspace.
import { userInfo } from 'node:os';
import { z } from 'zod';
import { intakeSettingsSchema } from '../common/api/intake.ts';
import type { Home } from './home.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

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
  return (await readJsonFile(home.settingsFile, settingsSchema, warn)) ?? {};
}

/** Writes what changes and keeps the rest. Throws AppError('storage'). */
export async function saveSettings(home: Home, change: Partial<Settings>): Promise<void> {
  await writeJsonFile(home.settingsFile, { ...(await loadSettings(home, () => {})), ...change });
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
