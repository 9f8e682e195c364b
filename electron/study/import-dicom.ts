// Owns the import of one DICOM file: its records, after its first and last frame were decoded to see that they can be shown. Frames at the end
// that cannot be, as those of a file that was cut short, are left out with a warning.
import { AppError } from '../common/errors.ts';
import { noSuggestion, suggestPrompts } from '../common/prompt-suggestions.ts';
import type { DescribedImage, SuggestionTable } from '../common/prompt-suggestions.ts';
import { describeDocument } from '../dicom/document-classes.ts';
import { holdSameDataSet, parsePart10 } from '../dicom/part10.ts';
import { readDicomVideo } from '../dicom/read-video.ts';
import { openDicom } from './dicom-reader.ts';
import type { DicomFile, DicomHeader } from './dicom-reader.ts';
import { importDicomVideo } from './import-dicom-video.ts';
import { UnwantedFileError } from './import-log.ts';
import type { ImportedFile } from './import-log.ts';
import type { VideoOptions } from './import-video.ts';
import { findInstanceByHash, findInstanceByUID, saveInstance } from './instances.ts';
import { discardUnnamed, loadObject, saveObject } from './objects.ts';
import type { Workspace } from './workspace.ts';

/** `name` is how messages call the file; `hash` is the SHA-256 of its bytes. */
export interface HashedFile {
  readonly name: string;
  readonly fileName: string;
  readonly hash: string;
}

export interface DicomImportOptions extends VideoOptions {
  readonly suggestions?: SuggestionTable;
}

/**
 * Throws AppError where the file cannot be read or shown, UnwantedFileError where it holds no image (reports, the index of a disc); then
 * nothing of it is kept.
 */
export async function importDicom(
  workspace: Workspace,
  file: HashedFile,
  bytes: Uint8Array,
  options: DicomImportOptions,
): Promise<ImportedFile> {
  const document = describeDocument(bytes);
  if (document !== null) throw new UnwantedFileError(`${file.name} is ${document}, not an image.`);
  const known = await findSameObject(workspace, file, bytes);
  if (known) return known;
  const video = readDicomVideo(bytes, file.name);
  if (video) {
    const { header, framesHash } = await importDicomVideo(workspace, file, video, options);
    return keepDicom(workspace, file, bytes, header, options, framesHash);
  }
  return keepDicom(workspace, file, bytes, await openShown(bytes, file.name), options);
}

/** The object itself where it came another way before, from a disc or from the scanner, in a file with another head. */
async function findSameObject(workspace: Workspace, file: HashedFile, bytes: Uint8Array): Promise<ImportedFile | null> {
  const uid = parsePart10(bytes, file.name).dataSet.text('SOPInstanceUID');
  const named = uid === null ? null : findInstanceByUID(workspace, uid);
  const known = named && findInstanceByHash(workspace, named.objectHash);
  if (!known) return null;
  // Where the original was lost, nothing can be compared.
  const stored = await loadObject(workspace, named.objectHash).catch(() => null);
  if (!stored || !holdSameDataSet(stored, bytes)) return null;
  return { studyId: known.study.id, instanceId: known.instance.id, added: false, frameCount: 0, warnings: [] };
}

/** The original, then its records; where either fails, neither that nor the frames of its video stay. */
async function keepDicom(
  workspace: Workspace,
  file: HashedFile,
  bytes: Uint8Array,
  dicom: DicomHeader,
  options: DicomImportOptions,
  framesHash?: string,
): Promise<ImportedFile> {
  try {
    await saveObject(workspace, file.hash, bytes);
    return saveDicom(workspace, file, dicom, options, framesHash);
  } catch (error) {
    await discardUnnamed(workspace, file.hash, ...(framesHash === undefined ? [] : [framesHash]));
    throw error;
  }
}

function saveDicom(
  workspace: Workspace,
  file: HashedFile,
  dicom: DicomHeader,
  { suggestions }: DicomImportOptions,
  framesHash?: string,
): ImportedFile {
  const { position, type } = suggestions ? suggestPrompts(suggestions, describe(dicom)) : noSuggestion;
  const saved = saveInstance(workspace, {
    study: {
      studyInstanceUID: dicom.studyInstanceUID,
      title: dicom.title,
      patientKey: dicom.patientKey,
      position,
      objectType: type,
      simulated: false,
      ...dicom.study,
    },
    seriesInstanceUID: dicom.seriesInstanceUID,
    series: dicom.series,
    instance: {
      sopInstanceUID: dicom.sopInstanceUID,
      fileName: file.fileName,
      objectHash: file.hash,
      ...(framesHash === undefined ? {} : { framesHash }),
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

function describe({ instance, series, study }: DicomHeader): DescribedImage {
  return {
    anatomicRegions: instance.anatomicRegions,
    bodyPartExamined: series.bodyPartExamined,
    descriptions: [series.protocolName, study.studyDescription, series.seriesDescription],
  };
}

/** So many damaged frames at the end are looked at before the file is refused. */
const damagedLimit = 8;

async function openShown(bytes: Uint8Array, name: string): Promise<DicomFile> {
  const dicom = await openDicom(bytes, name);
  await dicom.frame(1);
  const leftOut: string[] = [];
  for (let last = dicom.frameCount; last > 1; last -= 1) {
    const fault = await dicom.frame(last).then(
      () => null,
      (error: unknown) => error,
    );
    if (fault === null) return leftOut.length === 0 ? dicom : withFrames(dicom, last, leftOut);
    if (!(fault instanceof AppError) || leftOut.length === damagedLimit) throw fault;
    leftOut.push(`${fault.message} It was left out.`);
  }
  return leftOut.length === 0 ? dicom : withFrames(dicom, 1, leftOut);
}

function withFrames(dicom: DicomFile, frameCount: number, faults: readonly string[]): DicomFile {
  return {
    ...dicom,
    frameCount,
    frameRegions: dicom.frameRegions?.slice(0, frameCount) ?? null,
    instance: {
      ...dicom.instance,
      frameDurationsMs: dicom.instance.frameDurationsMs?.slice(0, frameCount) ?? null,
    },
    warnings: [...dicom.warnings, ...faults],
  };
}
