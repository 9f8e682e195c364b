// Owns which patients (or studies) of a workspace are trained on and which are held out, for good: in splits.json, written by the first training
// of a model, so that no later one is measured on what an earlier one was trained on. And which models these trainings gave.
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

/** Remembers the hash of a base model that was trained on this workspace. Throws AppError('storage'). */
export async function recordTrainedModel(workspaceFolder: string, modelHash: string): Promise<void> {
  const known = await readTrainedModels(workspaceFolder);
  await writeJsonFile(modelsFileOf(workspaceFolder), [...new Set([...known, modelHash])]);
}

/** The hashes of the base models that were trained on this workspace. Throws AppError('storage'). */
export async function readTrainedModels(workspaceFolder: string): Promise<readonly string[]> {
  return (await readJsonFile(modelsFileOf(workspaceFolder), z.array(z.string()), warn)) ?? [];
}

function modelsFileOf(workspaceFolder: string): string {
  return join(workspaceFolder, 'trained-models.json');
}

async function readRecord(workspaceFolder: string): Promise<Readonly<Record<string, SplitName | undefined>>> {
  return (await readJsonFile(fileOf(workspaceFolder), recordSchema, warn)) ?? {};
}

function warn(message: string): void {
  process.stderr.write(`SonoSync: ${message}\n`);
}

function fileOf(workspaceFolder: string): string {
  return join(workspaceFolder, 'splits.json');
}

function hashOf(group: string): string {
  return createHash('sha256').update(group).digest('hex').slice(0, 32);
}
