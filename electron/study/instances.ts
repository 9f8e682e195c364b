// Owns writing Study, Series, Instance and Frame records: one transaction for each imported file, after its original is safe.
import type { Instance, InstanceFacts, SeriesFacts, Study, StudyFacts } from '../common/study.ts';
import type { SqlValue } from './database.ts';
import { naturalSortKey } from './file-groups.ts';
import { contentUID, newRecordId } from './identifiers.ts';
import { toInstance, toStudy } from './records.ts';
import { text } from './rows.ts';
import type { Workspace } from './workspace.ts';

/** Facts that are left out are unknown, as those of plain pictures. */
export type StudyInput = Omit<Study, 'id' | 'importedAt' | 'objectType' | keyof StudyFacts> &
  Partial<Pick<Study, 'objectType'> & StudyFacts>;
export type InstanceInput = Omit<Instance, 'id' | 'seriesId' | 'framesHash' | keyof InstanceFacts> &
  Partial<InstanceFacts> & {
    /** Of a video only. */
    readonly framesHash?: string;
  };

export interface NewInstance {
  readonly study: StudyInput;
  readonly seriesInstanceUID: string;
  readonly series?: SeriesFacts;
  readonly instance: InstanceInput;
}

export interface SavedInstance {
  readonly studyId: string;
  readonly instanceId: string;
  /** False where the workspace had the file before. */
  readonly added: boolean;
  /** Those of the instance, and what was found on adding it. */
  readonly warnings: readonly string[];
}

/**
 * Adds an instance with its frames, and the study and series where they are new. The same file again changes nothing. Another file with
 * the SOPInstanceUID of one that is there, as careless copies have it, is kept too: under a UID made from its content, with a warning.
 */
export function saveInstance(workspace: Workspace, input: NewInstance): SavedInstance {
  return workspace.database.transaction(() => {
    const { instance } = input;
    const known = findInstanceByHash(workspace, instance.objectHash);
    if (known) return { studyId: known.study.id, instanceId: known.instance.id, added: false, warnings: [] };
    const named = findInstanceByUID(workspace, instance.sopInstanceUID);
    const added = named ? withOwnUID(instance, named) : instance;
    const studyId = ensureStudy(workspace, input.study);
    const seriesId = ensureSeries(workspace, studyId, input);
    const instanceId = insertInstance(workspace, studyId, seriesId, added);
    return { studyId, instanceId, added: true, warnings: added.warnings };
  });
}

function withOwnUID(instance: InstanceInput, named: Instance): InstanceInput {
  const sopInstanceUID = contentUID(instance.objectHash);
  const warning = `${named.fileName}, which has other content, has the same SOPInstanceUID; this file is kept under ${sopInstanceUID}.`;
  return { ...instance, sopInstanceUID, warnings: [...instance.warnings, warning] };
}

/** The study and instance that were made from a file with this SHA-256, or null. */
export function findInstanceByHash(
  workspace: Workspace,
  hash: string,
): { study: Study; seriesInstanceUID: string; instance: Instance } | null {
  const row = workspace.database.get(
    `SELECT instances.*, series.study_id, series.series_instance_uid FROM instances
     JOIN series ON series.id = instances.series_id WHERE object_hash = ? LIMIT 1`,
    [hash],
  );
  if (!row) return null;
  const study = toStudy(workspace.database.get('SELECT * FROM studies WHERE id = ?', [text(row, 'study_id')]) ?? {});
  return { study, seriesInstanceUID: text(row, 'series_instance_uid'), instance: toInstance(row) };
}

/** Whether an instance has this object as its original, or as the frames of its video. */
export function isObjectNamed(workspace: Workspace, hash: string): boolean {
  const sql = 'SELECT 1 AS found FROM instances WHERE object_hash = ? OR frames_hash = ? LIMIT 1';
  return workspace.database.get(sql, [hash, hash]) !== null;
}

/** The instance of this SOPInstanceUID, or null. */
export function findInstanceByUID(workspace: Workspace, uid: string): Instance | null {
  const row = workspace.database.get('SELECT * FROM instances WHERE sop_instance_uid = ?', [uid]);
  return row && toInstance(row);
}

function ensureStudy(workspace: Workspace, study: StudyInput): string {
  const { database } = workspace;
  const known = database.get('SELECT id FROM studies WHERE study_instance_uid = ?', [study.studyInstanceUID]);
  if (known) {
    database.fill('studies', text(known, 'id'), studyFactColumns(study));
    return text(known, 'id');
  }
  const id = newRecordId();
  database.insert('studies', {
    id,
    study_instance_uid: study.studyInstanceUID,
    title: study.title,
    patient_key: study.patientKey,
    position: study.position,
    object_type: study.objectType ?? null,
    simulated: study.simulated ? 1 : 0,
    imported_at: workspace.timestamp(),
    ...studyFactColumns(study),
  });
  return id;
}

function studyFactColumns(study: StudyInput): Record<string, SqlValue> {
  return {
    patient_name: study.patient?.name ?? null,
    patient_id: study.patient?.id ?? null,
    patient_birth_date: study.patient?.birthDate ?? null,
    patient_sex: study.patient?.sex ?? null,
    study_date: study.studyDate ?? null,
    study_time: study.studyTime ?? null,
    study_identifier: study.studyID ?? null,
    accession_number: study.accessionNumber ?? null,
    study_description: study.studyDescription ?? null,
  };
}

function ensureSeries(workspace: Workspace, studyId: string, { seriesInstanceUID, series }: NewInstance): string {
  const { database } = workspace;
  const facts = {
    modality: series?.modality ?? null,
    series_number: series?.seriesNumber ?? null,
    series_description: series?.seriesDescription ?? null,
    protocol_name: series?.protocolName ?? null,
    body_part_examined: series?.bodyPartExamined ?? null,
    laterality: series?.laterality ?? null,
    manufacturer: series?.manufacturer ?? null,
    manufacturer_model_name: series?.manufacturerModelName ?? null,
  };
  const known = database.get('SELECT id FROM series WHERE study_id = ? AND series_instance_uid = ?', [
    studyId,
    seriesInstanceUID,
  ]);
  if (known) {
    database.fill('series', text(known, 'id'), facts);
    return text(known, 'id');
  }
  const id = newRecordId();
  database.insert('series', { id, study_id: studyId, series_instance_uid: seriesInstanceUID, ...facts });
  return id;
}

function insertInstance(workspace: Workspace, studyId: string, seriesId: string, instance: InstanceInput): string {
  const id = newRecordId();
  workspace.database.insert('instances', {
    id,
    series_id: seriesId,
    sop_instance_uid: instance.sopInstanceUID,
    file_name: instance.fileName,
    sort_key: sortKey(instance),
    object_hash: instance.objectHash,
    frames_hash: instance.framesHash ?? null,
    media_type: instance.mediaType,
    width: instance.width,
    height: instance.height,
    frame_count: instance.frameCount,
    pixel_aspect_ratio: instance.pixelAspectRatio,
    regions: JSON.stringify(instance.regions),
    warnings: JSON.stringify(instance.warnings),
    ...factColumns(instance),
  });
  for (let frameNumber = 1; frameNumber <= instance.frameCount; frameNumber += 1) {
    workspace.database.run(
      'INSERT INTO frames (id, instance_id, study_id, frame_number, width, height) VALUES (?, ?, ?, ?, ?, ?)',
      [newRecordId(), id, studyId, frameNumber, instance.width, instance.height],
    );
  }
  return id;
}

/** By instance number where there is one, then by file name: scanners name files by their UIDs. */
function sortKey({ instanceNumber, fileName }: InstanceInput): string {
  const named = naturalSortKey(fileName);
  return typeof instanceNumber === 'number' && instanceNumber >= 0
    ? `!${String(instanceNumber).padStart(16, '0')} ${named}`
    : named;
}

function factColumns(facts: Partial<InstanceFacts>): Record<string, SqlValue> {
  const lossy = facts.lossyImageCompression ?? null;
  return {
    sop_class_uid: facts.sopClassUID ?? null,
    transfer_syntax_uid: facts.transferSyntaxUID ?? null,
    photometric_interpretation: facts.photometricInterpretation ?? null,
    lossy_image_compression: lossy === null ? null : Number(lossy),
    instance_number: facts.instanceNumber ?? null,
    acquisition_date: facts.acquisitionDate ?? null,
    acquisition_time: facts.acquisitionTime ?? null,
    image_laterality: facts.imageLaterality ?? null,
    anatomic_regions: JSON.stringify(facts.anatomicRegions ?? []),
    frame_regions: facts.frameRegions ? JSON.stringify(facts.frameRegions) : null,
    frame_durations_ms: facts.frameDurationsMs ? JSON.stringify(facts.frameDurationsMs) : null,
  };
}
