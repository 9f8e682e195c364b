// Owns writing Study, Series, Instance and Frame records: one transaction for each imported file, after its original is safe.
import type { Instance, Study } from '../common/study.ts';
import { naturalSortKey } from './file-groups.ts';
import { contentUID, newRecordId } from './identifiers.ts';
import { toInstance, toStudy } from './records.ts';
import { text } from './rows.ts';
import type { Workspace } from './workspace.ts';

export type StudyInput = Omit<Study, 'id' | 'importedAt'>;
export type InstanceInput = Omit<Instance, 'id' | 'seriesId'>;

export interface NewInstance {
  readonly study: StudyInput;
  readonly seriesInstanceUID: string;
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
    const seriesId = ensureSeries(workspace, studyId, input.seriesInstanceUID);
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

function findInstanceByUID(workspace: Workspace, uid: string): Instance | null {
  const row = workspace.database.get('SELECT * FROM instances WHERE sop_instance_uid = ?', [uid]);
  return row && toInstance(row);
}

function ensureStudy(workspace: Workspace, study: StudyInput): string {
  const known = workspace.database.get('SELECT id FROM studies WHERE study_instance_uid = ?', [study.studyInstanceUID]);
  if (known) return text(known, 'id');
  const id = newRecordId();
  workspace.database.run(
    `INSERT INTO studies (id, study_instance_uid, title, patient_key, position, simulated, imported_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      study.studyInstanceUID,
      study.title,
      study.patientKey,
      study.position,
      study.simulated ? 1 : 0,
      workspace.timestamp(),
    ],
  );
  return id;
}

function ensureSeries(workspace: Workspace, studyId: string, uid: string): string {
  const known = workspace.database.get('SELECT id FROM series WHERE study_id = ? AND series_instance_uid = ?', [
    studyId,
    uid,
  ]);
  if (known) return text(known, 'id');
  const id = newRecordId();
  workspace.database.run('INSERT INTO series (id, study_id, series_instance_uid) VALUES (?, ?, ?)', [id, studyId, uid]);
  return id;
}

function insertInstance(workspace: Workspace, studyId: string, seriesId: string, instance: InstanceInput): string {
  const id = newRecordId();
  workspace.database.run(
    `INSERT INTO instances (id, series_id, sop_instance_uid, file_name, sort_key, object_hash, media_type, width, height, frame_count, pixel_aspect_ratio, regions, warnings)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      seriesId,
      instance.sopInstanceUID,
      instance.fileName,
      naturalSortKey(instance.fileName),
      instance.objectHash,
      instance.mediaType,
      instance.width,
      instance.height,
      instance.frameCount,
      instance.pixelAspectRatio,
      JSON.stringify(instance.regions),
      JSON.stringify(instance.warnings),
    ],
  );
  for (let frameNumber = 1; frameNumber <= instance.frameCount; frameNumber += 1) {
    workspace.database.run(
      'INSERT INTO frames (id, instance_id, study_id, frame_number, width, height) VALUES (?, ?, ?, ?, ?, ?)',
      [newRecordId(), id, studyId, frameNumber, instance.width, instance.height],
    );
  }
  return id;
}
