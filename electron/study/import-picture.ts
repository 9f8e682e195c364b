// Owns the import of one picture file: a still, or pages and animated pictures as the frames of one instance.
import { openPicture } from '../files/picture-file.ts';
import type { HashedFile } from './import-dicom.ts';
import { contentUID } from './identifiers.ts';
import type { ImportedFile } from './import-log.ts';
import { saveInstance } from './instances.ts';
import type { StudyInput } from './instances.ts';
import { discardUnnamed, saveObject } from './objects.ts';
import type { Workspace } from './workspace.ts';
import type { MediaType } from '../common/study.ts';

/** The study and series that a picture or video becomes a part of. */
export interface PictureStudy {
  readonly study: StudyInput;
  readonly seriesInstanceUID: string;
}

export interface PictureSource extends HashedFile {
  readonly mediaType: MediaType;
}

/** Throws AppError where the file cannot be read or shown; then nothing of it is kept. */
export async function importPicture(
  workspace: Workspace,
  file: PictureSource,
  target: PictureStudy,
  bytes: Uint8Array,
): Promise<ImportedFile> {
  const picture = await openPicture(bytes, file.name);
  const { width, height, channels } = await picture.frame(1);
  if (picture.frameCount > 1) await picture.frame(picture.frameCount);
  try {
    await saveObject(workspace, file.hash, bytes);
    const saved = saveInstance(workspace, {
      ...target,
      instance: {
        sopInstanceUID: contentUID(file.hash),
        fileName: file.fileName,
        objectHash: file.hash,
        mediaType: file.mediaType,
        width,
        height,
        frameCount: picture.frameCount,
        frameDurationsMs: picture.frameDurationsMs,
        photometricInterpretation: channels === 1 ? 'MONOCHROME2' : 'RGB',
        pixelAspectRatio: 1,
        regions: [],
        warnings: picture.warnings,
      },
    });
    return { ...saved, frameCount: picture.frameCount };
  } catch (error) {
    await discardUnnamed(workspace, file.hash);
    throw error;
  }
}
