// Owns model folders on disk: manifest.json, safetensors shards and a MODEL_CARD.md. Reads and verifies them, and finds them by id.
// This is the one file of models/ that the application itself reads, so it imports no network code.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { AppError } from '../electron/common/errors.ts';
import { manifestFileName, parseManifest, type ModelFile, type ModelManifest } from './manifest-schema.ts';

export {
  manifestFileName,
  manifestSchema,
  modelHash,
  parseManifest,
  serializeManifest,
  type ModelFile,
  type ModelManifest,
  type TrainedClasses,
} from './manifest-schema.ts';

/** What a model folder says to people. */
export const cardFileName = 'MODEL_CARD.md';

export interface FoundModel {
  readonly folder: string;
  readonly manifest: ModelManifest;
}

export interface ModelList {
  /** One for each id: where two folders hold the same id, the one searched first. Sorted by id. */
  readonly models: readonly FoundModel[];
  /** Folders with a manifest that cannot be used, and why. */
  readonly faults: readonly { readonly folder: string; readonly message: string }[];
}

/** The manifest of a model folder. Throws AppError('not-found') where the folder has none. */
export async function readManifest(folder: string): Promise<ModelManifest> {
  const path = join(folder, manifestFileName);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (isMissing(cause))
      throw new AppError('not-found', `${folder} is no model folder: it has no ${manifestFileName}.`);
    throw new AppError('storage', `${path} could not be read.`, { cause });
  });
  return parseManifest(text, path);
}

/** Size and hash of files as they lie in a folder, for the manifest of a model that was just written there. */
export async function describeModelFiles(folder: string, names: readonly string[]): Promise<ModelFile[]> {
  const files: ModelFile[] = [];
  for (const name of names) files.push(await describeFile(join(folder, name)));
  return files;
}

/** Throws AppError naming the file: 'not-found' where one is missing, 'corrupt' where its size or hash is not the manifest's. */
export async function verifyModelFiles(folder: string, manifest: Pick<ModelManifest, 'files'>): Promise<void> {
  for (const expected of manifest.files) {
    const path = join(folder, expected.name);
    const { size } = await stat(path).catch((cause: unknown) => {
      throw fileError(path, cause);
    });
    if (size !== expected.bytes) {
      throw new AppError('corrupt', `${path} has ${size} bytes; its manifest says ${expected.bytes}.`);
    }
    const { sha256 } = await describeFile(path);
    if (sha256 !== expected.sha256) {
      throw new AppError(
        'corrupt',
        `${path} is damaged: its SHA-256 is ${sha256}; its manifest says ${expected.sha256}.`,
      );
    }
  }
}

/** The models of the folders, the first of which take precedence. A search folder that does not exist holds none. */
export async function listModels(searchFolders: readonly string[]): Promise<ModelList> {
  const models = new Map<string, FoundModel>();
  const faults: { folder: string; message: string }[] = [];
  for (const searchFolder of searchFolders) {
    const names = await readdir(searchFolder).catch((): string[] => []);
    // Folders with a dot are being written.
    for (const name of names.filter((candidate) => !candidate.startsWith('.')).sort()) {
      const folder = join(searchFolder, name);
      if (!(await hasManifest(folder))) continue;
      try {
        const manifest = await readManifest(folder);
        if (!models.has(manifest.id)) models.set(manifest.id, { folder, manifest });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        faults.push({ folder, message: error.message });
      }
    }
  }
  return { models: [...models.values()].sort((a, b) => (a.manifest.id < b.manifest.id ? -1 : 1)), faults };
}

/**
 * The folder of a model given by its id, the name of its folder, or a path (relative ones start at the working directory). The manifest of
 * a folder given by name or path is not read yet. Throws AppError('not-found') that says which models there are.
 */
export async function resolveModelFolder(nameOrFolder: string, searchFolders: readonly string[]): Promise<string> {
  const isPath = isAbsolute(nameOrFolder) || /[\\/]/.test(nameOrFolder) || /^\.{1,2}$/.test(nameOrFolder);
  if (isPath) {
    if (await hasManifest(nameOrFolder)) return resolve(nameOrFolder);
    throw new AppError('not-found', `${nameOrFolder} is no model folder: it has no ${manifestFileName}.`);
  }
  const { models, faults } = await listModels(searchFolders);
  const byId = models.find(({ manifest }) => manifest.id === nameOrFolder);
  if (byId) return byId.folder;
  const byName = [...models, ...faults].find(({ folder }) => basename(folder) === nameOrFolder);
  if (byName) return byName.folder;
  if (nameOrFolder !== '' && (await hasManifest(nameOrFolder))) return resolve(nameOrFolder);
  const known = models.map(({ manifest }) => manifest.id);
  throw new AppError(
    'not-found',
    `There is no model "${nameOrFolder}". ${known.length > 0 ? `Known: ${known.join(', ')}` : `No model is installed in ${searchFolders.join(' or ')}`}; a path of a model folder is taken too.`,
  );
}

async function describeFile(path: string): Promise<ModelFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
      const part: Buffer = chunk; // a stream without an encoding yields buffers
      hash.update(part);
      bytes += part.length;
    }
  } catch (cause) {
    throw fileError(path, cause);
  }
  return { name: basename(path), bytes, sha256: hash.digest('hex') };
}

async function hasManifest(folder: string): Promise<boolean> {
  return stat(join(folder, manifestFileName)).then(
    (status) => status.isFile(),
    () => false,
  );
}

function fileError(path: string, cause: unknown): AppError {
  if (isMissing(cause)) return new AppError('not-found', `${path}, which its manifest lists, is missing.`, { cause });
  return new AppError('storage', `${path} could not be read.`, { cause });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
