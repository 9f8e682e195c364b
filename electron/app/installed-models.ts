// Owns what is told of the installed models: their figures, their cards, and which of them cannot be used and why.
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { CommandOutput, ModelMetric, ModelView, UnusableModel } from '../common/api.ts';
import { shownFromAuc } from '../common/classification.ts';
import { AppError } from '../common/errors.ts';
import { cardFileName, listModels, modelHash, readManifest, verifyModelFiles } from '../../models/manifest.ts';
import type { FoundModel, ModelManifest, TrainedClasses } from '../../models/manifest.ts';
import { type BaseModel, describeModel } from './base-model.ts';
import type { Home } from './home.ts';

/** A card is a page or two; more than this would not be read. */
const longestCard = 200_000;

/**
 * The models of the search folders and the active one, wherever that lies. Files that were compared with their hashes before, and have the
 * size and time that they had then, are not read again.
 */
export async function listInstalledModels(
  home: Home,
  searchFolders: readonly string[],
  active: BaseModel | null,
): Promise<CommandOutput<'model:list'>> {
  const found = await listModels(searchFolders);
  const candidates = [...found.models];
  if (active && !candidates.some(({ folder }) => folder === active.folder)) {
    const manifest = await readManifest(active.folder).catch(() => null);
    if (manifest) candidates.push({ folder: active.folder, manifest });
  }
  const models: ModelView[] = [];
  const unusable: UnusableModel[] = found.faults.map(({ folder, message }) => ({
    name: basename(folder),
    folder,
    reason: message,
    active: false,
  }));
  for (const candidate of candidates) {
    const isActive = candidate.folder === active?.folder;
    const reason = await knownFault(candidate);
    const searchFolder = searchFolders.find((one) => resolve(one) === dirname(resolve(candidate.folder)));
    const origin = searchFolder === undefined || searchFolder === home.modelsFolder ? 'own' : 'shipped';
    if (reason === null) models.push(await viewModel(candidate, origin, isActive));
    else unusable.push({ name: candidate.manifest.id, folder: candidate.folder, reason, active: isActive });
  }
  return { models, unusable };
}

/**
 * An installed model whose every file has the hash that its manifest says; read anew, whatever was found before.
 * Throws AppError('not-found') naming the models there are, or what is wrong with the one that was named.
 */
export async function findIntactModel(id: string, searchFolders: readonly string[]): Promise<BaseModel> {
  const { models, faults } = await listModels(searchFolders);
  const found = models.find(({ manifest }) => manifest.id === id);
  if (!found) {
    const fault = faults.find(({ folder }) => basename(folder) === id);
    if (fault) throw new AppError('corrupt', fault.message);
    const known = models.map(({ manifest }) => manifest.id).join(', ') || 'none';
    throw new AppError('not-found', `There is no installed model "${id}"; there are: ${known}.`);
  }
  const { folder, manifest } = found;
  await verifyModelFiles(folder, manifest);
  return describeModel(folder, manifest);
}

/** What the comparison of a model's files gave, by folder, with the sizes and times that they had. */
const comparisons = new Map<string, { readonly state: string; readonly fault: string | null }>();

/** Why a model cannot be used, or null. */
async function knownFault({ folder, manifest }: FoundModel): Promise<string | null> {
  const state = JSON.stringify([modelHash(manifest), await fileStates(folder, manifest)]);
  const known = comparisons.get(folder);
  if (known?.state === state) return known.fault;
  const fault = await verifyModelFiles(folder, manifest).then(
    () => null,
    (error: unknown) => {
      if (error instanceof AppError) return error.message;
      throw error;
    },
  );
  comparisons.set(folder, { state, fault });
  return fault;
}

function fileStates(folder: string, { files }: ModelManifest): Promise<unknown[]> {
  return Promise.all(
    files.map(({ name }) =>
      stat(join(folder, name)).then(
        ({ size, mtimeMs, ctimeMs }) => [size, mtimeMs, ctimeMs],
        () => null,
      ),
    ),
  );
}

async function viewModel(
  { folder, manifest }: FoundModel,
  origin: ModelView['origin'],
  active: boolean,
): Promise<ModelView> {
  return {
    id: manifest.id,
    title: manifest.title,
    hash: modelHash(manifest),
    folder,
    bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    createdAt: manifest.createdAt,
    origin,
    active,
    metrics: readMetrics(manifest.metrics ?? {}),
    classification: (manifest.classification ?? []).map(viewClasses),
    card: await readCard(folder),
  };
}

function viewClasses({ position, type, mode, classes, metrics }: TrainedClasses): ModelView['classification'][number] {
  const { auc, balancedAccuracy, expectedCalibrationError, n } = metrics;
  const shown = auc >= shownFromAuc;
  return { position, type, mode, classes, auc, balancedAccuracy, expectedCalibrationError, validationCases: n, shown };
}

async function readCard(folder: string): Promise<string | null> {
  const text = await readFile(join(folder, cardFileName), 'utf8').catch(() => null);
  return text === null || text.trim() === '' ? null : text.slice(0, longestCard);
}

const setMetric = z
  .object({ dice: z.number().min(0).max(1), n: z.number().int().optional() })
  .transform(({ dice, n }) => ({ dice, frames: n ?? null }));
const splitMetrics = z.union([
  z.object({ sets: z.record(z.string(), z.unknown()) }).transform(({ sets }) => sets),
  z.record(z.string(), z.unknown()),
]);

/** Dice by split and set out of what was measured, as `pretrain` and `evaluate` state it: { split: { sets: { set: { dice, n } } } }. */
export function readMetrics(metrics: NonNullable<ModelManifest['metrics']>): ModelMetric[] {
  return Object.entries(metrics).flatMap(([split, value]) => {
    const sets = splitMetrics.safeParse(value);
    if (!sets.success) return [];
    return Object.entries(sets.data).flatMap(([set, entry]) => {
      const metric = setMetric.safeParse(entry);
      return metric.success ? [{ split, set, ...metric.data }] : [];
    });
  });
}
