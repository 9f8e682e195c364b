// Owns the way from a workspace to a base model of one's own: its accepted annotations become a data root in a folder of this training, and
// what was trained there becomes an installed model, beside those that are there and never in their place.
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { groupByFrame, groupKeys, usedLabels } from '../../export/annotation-set.ts';
import type { AnnotationSet } from '../../export/annotation-set.ts';
import { runExport } from '../../export/registry.ts';
import { splitGroups, splitNames } from '../../export/splits.ts';
import type { KnownSplits, SplitName } from '../../export/splits.ts';
import { writeFileAtomic } from '../../files/atomic-write.ts';
import { listModels, manifestSchema } from '../../../models/manifest.ts';
import type { AppContext } from '../context.ts';
import { clearLeftTrainings, makeTrainingFolder, trainingPaths } from '../training-folders.ts';
import { readKnownSplits, recordTrainedModel, settleSplits } from '../training-splits.ts';
import { collectAnnotations } from './collect-annotations.ts';

/** With fewer, a whole network would learn the frames by heart. */
export const neededFrames = 20;

export interface WorkspaceTraining {
  /** Of the model to be. */
  readonly id: string;
  readonly title: string;
  /** The folder of the workspace. */
  readonly workspace: string;
  /** Holds everything of this training until its model is kept. */
  readonly folder: string;
  /** The data root. */
  readonly dataset: string;
  /** The checkpoints. */
  readonly run: string;
  /** Where the model is written first. */
  readonly model: string;
  /** Where it goes when it is whole. */
  readonly target: string;
  readonly labels: readonly string[];
  /** Annotated frames of each split; those of `test` are never seen. */
  readonly frames: Readonly<Record<SplitName, number>>;
}

interface TrainingOptions {
  /** The id of the model; made of the workspace's title and the date where it is left out. */
  readonly id?: string;
  readonly signal?: AbortSignal;
}

/**
 * Writes the accepted annotations of the workspace (and those that say "not here") as a data root, whole patients in one split. What
 * earlier trainings left whose process was killed is taken away first.
 * Throws AppError('bad-input') with too few frames, with all of one patient or for an id that cannot be one, 'conflict' for an id in use.
 */
export async function prepareTraining(context: AppContext, options: TrainingOptions): Promise<WorkspaceTraining> {
  const { store, home } = context;
  await clearLeftTrainings(home);
  const id = await chooseId(context, options.id);
  const collected = collectAnnotations(context, {});
  const groups = groupKeys(collected);
  const knownSplits = splitGroups(groups, await readKnownSplits(store.folder, groups));
  const set = { ...collected, knownSplits };
  const frames = countFrames(set, knownSplits);
  await settleSplits(store.folder, knownSplits);
  const folder = await makeTrainingFolder(home);
  const training: WorkspaceTraining = {
    id,
    title: `${store.title}, ${today()}`,
    workspace: store.folder,
    folder,
    ...trainingPaths(folder),
    target: join(home.modelsFolder, id),
    labels: usedLabels(set).map(({ name }) => name),
    frames,
  };
  try {
    await runExport('m2us', set, training.dataset, options.signal ? { signal: options.signal } : {});
    return training;
  } catch (error) {
    await discardTraining(training);
    throw error;
  }
}

/** Takes back everything of a training, its copies of frames too. */
export async function discardTraining({ folder }: WorkspaceTraining): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/**
 * Installs the trained model of this hash with its card; it is not made the active one. Throws AppError('conflict') where something of its name came
 * meanwhile, 'storage' where it cannot be moved; the model stays in the training's folder then, and the message says where.
 */
export async function keepModel(training: WorkspaceTraining, hash: string, card: string): Promise<void> {
  const { workspace, folder, dataset, run, model, target } = training;
  await writeFileAtomic(join(model, 'MODEL_CARD.md'), new TextEncoder().encode(card));
  await recordTrainedModel(workspace, hash);
  await rm(dataset, { recursive: true, force: true });
  await rm(run, { recursive: true, force: true });
  if (await isThere(target)) {
    throw new AppError('conflict', `${target} was made meanwhile; the trained model stays in ${model}.`);
  }
  try {
    await mkdir(join(target, '..'), { recursive: true });
    await rename(model, target);
  } catch (cause) {
    throw new AppError('storage', `${target} cannot be written; the trained model stays in ${model}.`, { cause });
  }
  await rm(folder, { recursive: true, force: true });
}

function countFrames(set: AnnotationSet, splits: KnownSplits): Record<SplitName, number> {
  const accepted = set.annotations.filter(({ reviewState }) => reviewState === 'accepted');
  const acceptedFrames = groupByFrame(accepted).length;
  if (acceptedFrames < neededFrames) {
    throw new AppError(
      'bad-input',
      `Training a model needs ${neededFrames} frames with an accepted annotation; this workspace has ${acceptedFrames}, ${neededFrames - acceptedFrames} are missing.`,
    );
  }
  const frames = groupByFrame(set.annotations);
  const counts = { train: 0, val: 0, test: 0 };
  for (const { groupKey } of frames) counts[splits.get(groupKey) ?? 'train'] += 1;
  if (splitNames.some((name) => name !== 'test' && counts[name] === 0)) {
    throw new AppError(
      'bad-input',
      `All ${frames.length} frames are of one patient, or of one study whose patient is not known, or of several that are on one side since an earlier training. Validation needs frames of another one: on the same patient every model looks better than it is.`,
    );
  }
  return counts;
}

async function chooseId({ store, home, modelFolders }: AppContext, asked: string | undefined): Promise<string> {
  const { models, faults } = await listModels(modelFolders);
  const used = new Set([...models, ...faults].map(({ folder }) => basename(folder)));
  for (const { manifest } of models) used.add(manifest.id);
  const isUsed = async (id: string): Promise<boolean> => used.has(id) || (await isThere(join(home.modelsFolder, id)));
  if (asked !== undefined) {
    const parsed = manifestSchema.shape.id.safeParse(asked);
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ message }) => message).join('; ');
      throw new AppError('bad-input', `"${asked}" cannot be the id of a model: ${faults}.`);
    }
    if (await isUsed(asked)) {
      throw new AppError(
        'conflict',
        `There is a model "${asked}" already; nothing is written over it. Name another id.`,
      );
    }
    return asked;
  }
  const stem = `${idPart(store.title)}-${today()}`;
  let id = stem;
  for (let number = 2; await isUsed(id); number += 1) id = `${stem}-${number}`;
  return id;
}

/** "Breast, Room 2" -> "breast-room-2" */
function idPart(title: string): string {
  const part = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return part.slice(0, 60) || 'workspace';
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
