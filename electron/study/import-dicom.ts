// Owns the import of one DICOM file: its records, after its first and last frame were decoded to see that they can be shown.
import { openDicom } from './dicom-reader.ts';
import type { ImportedFile } from './import-log.ts';
import { saveInstance } from './instances.ts';
import { saveObject } from './objects.ts';
import type { Workspace } from './workspace.ts';

/** `name` is how messages call the file; `hash` is the SHA-256 of its bytes. */
export interface HashedFile {
  readonly name: string;
  readonly fileName: string;
  readonly hash: string;
}

/** Throws AppError where the file cannot be read or shown; then nothing of it is kept. */
export async function importDicom(workspace: Workspace, file: HashedFile, bytes: Uint8Array): Promise<ImportedFile> {
  const dicom = await openDicom(bytes, file.name);
  await dicom.frame(1);
  if (dicom.frameCount > 1) await dicom.frame(dicom.frameCount);
  await saveObject(workspace, file.hash, bytes);
  const saved = saveInstance(workspace, {
    study: {
      studyInstanceUID: dicom.studyInstanceUID,
      title: dicom.title,
      patientKey: dicom.patientKey,
      position: dicom.position,
      simulated: false,
      ...dicom.study,
    },
    seriesInstanceUID: dicom.seriesInstanceUID,
    series: dicom.series,
    instance: {
      sopInstanceUID: dicom.sopInstanceUID,
      fileName: file.fileName,
      objectHash: file.hash,
      mediaType: 'application/dicom',
      width: dicom.width,
      height: dicom.height,
      frameCount: dicom.frameCount,
      pixelAspectRatio: dicom.pixelAspectRatio,
      regions: dicom.regions,
      frameRegions: dicom.frameRegions,
      warnings: dicom.warnings,
      ...dicom.instance,
    },
  });
  return { ...saved, frameCount: dicom.frameCount };
}
