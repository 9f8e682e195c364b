// Owns import: files become Study, Series, Instance and Frame records, their originals kept. A file that fails is listed with the reason and
// never stops the others.
import { AppError, createAbortError } from '../common/errors.ts';
import { noSuggestion, suggestPrompts } from '../common/prompt-suggestions.ts';
import type { DescribedImage, SuggestionTable } from '../common/prompt-suggestions.ts';
import type { Position } from '../common/prompts.ts';
import type { MediaType } from '../common/study.ts';
import { isVideo, sniffMediaType } from '../files/media-type.ts';
import { importDicom } from './import-dicom.ts';
import { groupFiles, inNaturalOrder } from './file-groups.ts';
import type { FileGroup } from './file-groups.ts';
import { contentHash, contentUID } from './identifiers.ts';
import type { ImportedFile, ImportLog } from './import-log.ts';
import { importPicture } from './import-picture.ts';
import type { PictureStudy } from './import-picture.ts';
import type { ImportSource } from './import-sources.ts';
import { importVideo } from './import-video.ts';
import { findInstanceByHash } from './instances.ts';
import { saveObject } from './objects.ts';
import type { Workspace } from './workspace.ts';

export interface ImportProgress {
  /** Files that are finished, and all that are known so far. */
  readonly done: number;
  readonly total: number;
  /** The one that is worked on; null at the end. */
  readonly file: string | null;
  /** Frames of it that are decoded, where it is a video. */
  readonly frames: number | null;
}

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
  /** ffmpeg, or the folder that holds it, for videos; PATH is searched where it is left out. */
  readonly ffmpeg?: string;
  /** By which position and object are suggested; nothing is where it is left out. */
  readonly suggestions?: SuggestionTable;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Told of a study as soon as a file of it is durable. */
  readonly onStudy?: (studyId: string) => void;
  readonly signal?: AbortSignal;
}

/** A file that was looked at: what it is, and its hash. Its bytes are read again when its turn comes, so that memory stays flat. */
interface SurveyedFile extends ImportSource {
  readonly mediaType: MediaType;
  readonly hash: string;
}

/**
 * Imports files in natural order; each is durable before the next begins. The same file again adds nothing, and a warning says so.
 * What happened goes to `log`; only a cancelled import throws (AbortError).
 */
export async function importSources(
  workspace: Workspace,
  sources: readonly ImportSource[],
  options: ImportOptions,
  log: ImportLog,
): Promise<void> {
  const files = await surveyFiles(sources, log, options);
  const pictures = files.filter((file) => file.mediaType !== 'application/dicom');
  const groups = options.study ? oneGroup(options.study.title, pictures) : groupFiles(pictures);
  let done = 0;
  const tell = (file: string | null, frames: number | null): void =>
    options.onProgress?.({ done, total: files.length, file, frames });
  const step = async (file: SurveyedFile, importNew: (bytes: Uint8Array) => Promise<ImportedFile>) => {
    tell(file.name, null);
    throwIfCancelled(options.signal);
    try {
      const imported = await importOne(workspace, file, importNew);
      log.add(file.name, imported);
      options.onStudy?.(imported.studyId);
    } catch (error) {
      log.fail(file.name, error);
    }
    done += 1;
  };
  for (const file of files.filter((candidate) => candidate.mediaType === 'application/dicom')) {
    await step(file, async (bytes) => importDicom(workspace, file, bytes, options));
  }
  for (const group of groups) {
    const target = pictureStudy(workspace, group, options);
    for (const file of group.files) {
      await step(file, async (bytes) =>
        isVideo(file.mediaType)
          ? importVideo(workspace, file, target, bytes, { ...options, onFrame: (count) => tell(file.name, count) })
          : importPicture(workspace, file, target, bytes),
      );
    }
  }
  tell(null, null);
}

/** An abort whatever its reason: the caller's own, or a time that ran out. */
function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw createAbortError();
}

/** A file that the workspace has is not decoded again; its original is put back where it was lost or cut. */
async function importOne(
  workspace: Workspace,
  file: SurveyedFile,
  importNew: (bytes: Uint8Array) => Promise<ImportedFile>,
): Promise<ImportedFile> {
  const bytes = await file.read();
  if (contentHash(bytes) !== file.hash) {
    throw new AppError('conflict', `${file.name} was changed while it was imported. Import it again.`);
  }
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
  { signal, onProgress }: ImportOptions,
): Promise<SurveyedFile[]> {
  const files: SurveyedFile[] = [];
  for (const source of sources) {
    onProgress?.({ done: 0, total: sources.length, file: source.name, frames: null });
    throwIfCancelled(signal);
    try {
      const bytes = await source.read();
      const mediaType = sniffMediaType(bytes);
      if (mediaType) files.push({ ...source, mediaType, hash: contentHash(bytes) });
      else log.refuse(source, bytes);
    } catch (error) {
      log.fail(source.name, error);
    }
  }
  return files;
}

/** The study of a group: the one of the same title that has one of its files already, else a new one. */
function pictureStudy(workspace: Workspace, group: FileGroup<SurveyedFile>, options: ImportOptions): PictureStudy {
  const title = options.study?.title ?? group.title;
  for (const file of group.files) {
    const known = findInstanceByHash(workspace, file.hash);
    if (known?.study.title === title) return known;
  }
  // Folders of two patients may begin with the same picture, a cover or a blank one: it alone does not name a study.
  const content = `${title} ${group.files[0].hash}`;
  const suggested = options.suggestions ? suggestPrompts(options.suggestions, describeGroup(group)) : noSuggestion;
  return {
    study: {
      studyInstanceUID: contentUID(contentHash(Buffer.from(`study ${content}`))),
      title,
      patientKey: options.study?.patientKey ?? null,
      position: options.study ? options.study.position : suggested.position,
      objectType: options.study ? null : suggested.type,
      simulated: options.study?.simulated ?? false,
    },
    seriesInstanceUID: contentUID(contentHash(Buffer.from(`series ${content}`))),
  };
}

/** Pictures say nothing of themselves; their folder may. */
function describeGroup({ title, files }: FileGroup<SurveyedFile>): DescribedImage {
  return { anatomicRegions: [], bodyPartExamined: null, descriptions: [title, files[0].folder] };
}
