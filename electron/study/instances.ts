// Owns writing Study, Series, Instance and Frame records: one transaction for each imported file, after its original is safe.
import { AppError } from '../common/errors.ts';
import type { Instance, Study } from '../common/study.ts';
import { naturalSortKey } from './file-groups.ts';
import { newRecordId } from './identifiers.ts';
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
}

/**
 * Adds an instance with its frames, and the study and series where they are new. The same file again changes nothing.
 * Throws AppError('conflict') for another file with the same SOPInstanceUID.
 */
export function saveInstance(workspace: Workspace, input: NewInstance): SavedInstance {
  return workspace.database.transaction(() => {
    const known = findInstanceByUID(workspace, input.instance.sopInstanceUID);
    if (known) {
      if (known.instance.objectHash === input.instance.objectHash) {
        return { studyId: known.studyId, instanceId: known.instance.id, added: false };
      }
      throw new AppError(
        'conflict',
        `${input.instance.fileName} has the SOPInstanceUID of ${known.instance.fileName}, which is in the workspace with other content. The first one was kept.`,
      );
    }
    const studyId = ensureStudy(workspace, input.study);
    const seriesId = ensureSeries(workspace, studyId, input.seriesInstanceUID);
    return { studyId, instanceId: insertInstance(workspace, studyId, seriesId, input.instance), added: true };
  });
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

function findInstanceByUID(workspace: Workspace, uid: string): { studyId: string; instance: Instance } | null {
  const row = workspace.database.get(
    `SELECT instances.*, series.study_id FROM instances
     JOIN series ON series.id = instances.series_id WHERE sop_instance_uid = ?`,
    [uid],
  );
  return row && { studyId: text(row, 'study_id'), instance: toInstance(row) };
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
  const known = workspace.database.get('SELECT id, study_id FROM series WHERE series_instance_uid = ?', [uid]);
  if (known) {
    if (text(known, 'study_id') === studyId) return text(known, 'id');
    throw new AppError('corrupt', `The series ${uid} is in the workspace under another study.`);
  }
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
