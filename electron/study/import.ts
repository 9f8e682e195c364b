// Owns import: originals into objects/, then their records. One file that fails is listed with the reason and never stops the others.
import type { Position } from '../common/prompts.ts';
import type { MediaType } from '../common/study.ts';
import { decodeImage } from '../files/image.ts';
import { sniffMediaType } from '../files/media-type.ts';
import { importDicom } from './import-dicom.ts';
import { groupFiles, inNaturalOrder } from './file-groups.ts';
import type { FileGroup } from './file-groups.ts';
import { contentHash, contentUID } from './identifiers.ts';
import type { ImportedFile, ImportLog } from './import-log.ts';
import type { ImportSource } from './import-sources.ts';
import { findInstanceByHash, saveInstance } from './instances.ts';
import type { StudyInput } from './instances.ts';
import { saveObject } from './objects.ts';
import type { Workspace } from './workspace.ts';

export interface ImportOptions {
  /** What is known of the plain images: they make one study. Left out, they are grouped by folder and name. */
  readonly study?: {
    readonly title: string;
    readonly patientKey: string | null;
    readonly position: Position | null;
    readonly simulated: boolean;
  };
  /** Read M2-US data roots among the paths as such: each set a study, its masks accepted annotations of a label of the set's name. */
  readonly m2usMasks?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** A file that was looked at: what it is, and its hash. Its bytes are read again when its turn comes, so that memory stays flat. */
interface SurveyedFile extends ImportSource {
  readonly mediaType: MediaType;
  readonly hash: string;
}

/**
 * Imports files in natural order; each is durable before the next begins. The same file again adds nothing, and a warning says so.
 * What happened goes to `log`; only a cancelled import throws.
 */
export async function importSources(
  workspace: Workspace,
  sources: readonly ImportSource[],
  options: ImportOptions,
  log: ImportLog,
): Promise<void> {
  const files = await surveyFiles(sources, log, options.signal);
  const pictures = files.filter((file) => file.mediaType !== 'application/dicom');
  const groups = options.study ? oneGroup(options.study.title, pictures) : groupFiles(pictures);
  let done = 0;
  const step = async (file: SurveyedFile, importNew: (bytes: Uint8Array) => Promise<ImportedFile>) => {
    options.signal?.throwIfAborted();
    await importOne(workspace, file, importNew).then(
      (imported) => log.add(file.name, imported),
      (error: unknown) => log.fail(file.name, error),
    );
    done += 1;
    options.onProgress?.(done, files.length);
  };
  for (const file of files.filter((candidate) => candidate.mediaType === 'application/dicom')) {
    await step(file, async (bytes) => importDicom(workspace, file, bytes));
  }
  for (const group of groups) {
    const target = pictureStudy(workspace, group, options);
    for (const file of group.files) await step(file, async (bytes) => importPicture(workspace, file, target, bytes));
  }
}

/** A file that the workspace has is not decoded again; its original is put back where it was lost or cut. */
async function importOne(
  workspace: Workspace,
  file: SurveyedFile,
  importNew: (bytes: Uint8Array) => Promise<ImportedFile>,
): Promise<ImportedFile> {
  const bytes = await file.read();
  const known = findInstanceByHash(workspace, file.hash);
  if (!known) return importNew(bytes);
  await saveObject(workspace, file.hash, bytes);
  return { studyId: known.study.id, instanceId: known.instance.id, added: false, frameCount: 0, warnings: [] };
}

function oneGroup(title: string, pictures: readonly SurveyedFile[]): FileGroup<SurveyedFile>[] {
  return pictures.length === 0 ? [] : [{ title, files: inNaturalOrder(pictures) }];
}

async function surveyFiles(
  sources: readonly ImportSource[],
  log: ImportLog,
  signal: AbortSignal | undefined,
): Promise<SurveyedFile[]> {
  const files: SurveyedFile[] = [];
  for (const source of sources) {
    signal?.throwIfAborted();
    try {
      const bytes = await source.read();
      const mediaType = sniffMediaType(bytes);
      if (mediaType) files.push({ ...source, mediaType, hash: contentHash(bytes) });
      else log.refuse(source);
    } catch (error) {
      log.fail(source.name, error);
    }
  }
  return files;
}

interface PictureStudy {
  readonly study: StudyInput;
  readonly seriesInstanceUID: string;
}

/** The study of a group: the one of the same title that has one of its files already, else a new one. */
function pictureStudy(workspace: Workspace, group: FileGroup<SurveyedFile>, options: ImportOptions): PictureStudy {
  const title = options.study?.title ?? group.title;
  for (const file of group.files) {
    const known = findInstanceByHash(workspace, file.hash);
    if (known?.study.title === title) return known;
  }
  const first = group.files[0].hash;
  return {
    study: {
      studyInstanceUID: contentUID(contentHash(Buffer.from(`study ${first}`))),
      title,
      patientKey: options.study?.patientKey ?? null,
      position: options.study?.position ?? null,
      simulated: options.study?.simulated ?? false,
    },
    seriesInstanceUID: contentUID(contentHash(Buffer.from(`series ${first}`))),
  };
}

async function importPicture(
  workspace: Workspace,
  file: SurveyedFile,
  target: PictureStudy,
  bytes: Uint8Array,
): Promise<ImportedFile> {
  const { width, height } = await decodeImage(bytes, file.name);
  await saveObject(workspace, file.hash, bytes);
  const saved = saveInstance(workspace, {
    study: target.study,
    seriesInstanceUID: target.seriesInstanceUID,
    instance: {
      sopInstanceUID: contentUID(file.hash),
      fileName: file.fileName,
      objectHash: file.hash,
      mediaType: file.mediaType,
      width,
      height,
      frameCount: 1,
      pixelAspectRatio: 1,
      regions: [],
      warnings: [],
    },
  });
  return { ...saved, frameCount: 1 };
}
