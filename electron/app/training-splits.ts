// Owns which patients (or studies) of a workspace are trained on and which are held out, for good: in splits.json, written by the first training
// of a model, so that no later one is measured on what an earlier one was trained on.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { splitNames } from '../export/splits.ts';
import type { KnownSplits, SplitName } from '../export/splits.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

/** By hashes of the groups' keys. */
const recordSchema = z.record(z.string(), z.enum(splitNames));

/** What is settled of these groups. Throws AppError('storage'). */
export async function readKnownSplits(workspaceFolder: string, groups: readonly string[]): Promise<KnownSplits> {
  const record = await readRecord(workspaceFolder);
  return new Map(
    groups.flatMap((group): [string, SplitName][] => {
      const split = record[hashOf(group)];
      return split ? [[group, split]] : [];
    }),
  );
}

/** Settles the split of these groups; those that are settled stay. Throws AppError('storage'). */
export async function settleSplits(workspaceFolder: string, splits: ReadonlyMap<string, SplitName>): Promise<void> {
  const added = Object.fromEntries([...splits].map(([group, split]) => [hashOf(group), split]));
  await writeJsonFile(fileOf(workspaceFolder), { ...added, ...(await readRecord(workspaceFolder)) });
}

async function readRecord(workspaceFolder: string): Promise<Readonly<Record<string, SplitName | undefined>>> {
  const warn = (message: string): void => void process.stderr.write(`SonoSync: ${message}\n`);
  return (await readJsonFile(fileOf(workspaceFolder), recordSchema, warn)) ?? {};
}

function fileOf(workspaceFolder: string): string {
  return join(workspaceFolder, 'splits.json');
}

function hashOf(group: string): string {
  return createHash('sha256').update(group).digest('hex').slice(0, 32);
}
