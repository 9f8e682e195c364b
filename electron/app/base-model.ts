// Owns which base model is in use: the folder that the engine loads, and the hash that adapters must match.
import { AppError } from '../common/errors.ts';
import { modelHash, readManifest, resolveModelFolder } from '../../models/manifest.ts';
import type { ModelManifest } from '../../models/manifest.ts';
import type { ResizeMode } from '../common/field-of-view.ts';
import type { Home } from './home.ts';
import type { Installation } from './installation.ts';
import { loadSettings } from './settings.ts';

export const starterModelId = 'perceptguide-starter';

export interface BaseModel {
  readonly id: string;
  readonly title: string;
  readonly hash: string;
  readonly folder: string;
  /** How it takes a whole frame. */
  readonly resize: ResizeMode;
}

/** Folders that hold model folders: the user's own come first. */
export function modelSearchFolders(installation: Installation, home: Home): string[] {
  return [home.modelsFolder, installation.modelsFolder];
}

/** What settings and starter give for a run that names no model. */
export async function chooseRememberedModel(
  installation: Installation,
  home: Home,
  warn: (message: string) => void,
): Promise<ModelChoice> {
  const { model = starterModelId } = await loadSettings(home, warn);
  return chooseBaseModel(model, modelSearchFolders(installation, home));
}

/** The model of this id or folder. Throws AppError('not-found') naming the models there are, or what is wrong with its manifest. */
export async function findBaseModel(nameOrFolder: string, searchFolders: readonly string[]): Promise<BaseModel> {
  const folder = await resolveModelFolder(nameOrFolder, searchFolders);
  return describeModel(folder, await readManifest(folder));
}

/** What is to be known of a model to work with it. */
export function describeModel(folder: string, manifest: ModelManifest): BaseModel {
  return { id: manifest.id, title: manifest.title, hash: modelHash(manifest), folder, resize: manifest.input.resize };
}

/** What there is to work with, or why there is nothing: a workspace opens, and masks can be drawn by hand, without a model. */
export type ModelChoice = { readonly model: BaseModel } | { readonly model: null; readonly reason: string };

export async function chooseBaseModel(nameOrFolder: string, searchFolders: readonly string[]): Promise<ModelChoice> {
  try {
    return { model: await findBaseModel(nameOrFolder, searchFolders) };
  } catch (error) {
    if (error instanceof AppError) return { model: null, reason: error.message };
    throw error;
  }
}
