// Owns reading Study, Series, Instance and Frame records, and the order in which a reader meets them.
import { AppError } from '../common/errors.ts';
import { positions, types } from '../common/prompts.ts';
import { mediaTypes } from '../common/study.ts';
import type { Frame, Instance, Patient, Series, Study } from '../common/study.ts';
import { json, number, optionalFlag, optionalJson, optionalNumber, optionalText, text } from './rows.ts';
import type { Row } from './rows.ts';
import type { Workspace } from './workspace.ts';

/** An instance with what it belongs to. */
export interface InstanceContext {
  readonly study: Study;
  readonly series: Series;
  readonly instance: Instance;
}

/** A frame with all that it belongs to. */
export interface FrameContext extends InstanceContext {
  readonly frame: Frame;
}

/** The columns of `ORDER BY` that put the joined frames of one study in order: by series number, series, place in it, and frame number. */
export const frameOrder =
  'series.series_number NULLS LAST, series.sequence, instances.sort_key, instances.id, frames.frame_number';

/** The same over studies, in the order of their import. */
export const studyOrder = `studies.sequence, ${frameOrder}`;

/** Throws AppError('not-found'). */
export function findStudy(workspace: Workspace, studyId: string): Study {
  return toStudy(required(workspace, 'SELECT * FROM studies WHERE id = ?', studyId, 'study'));
}

/** Throws AppError('not-found'). */
export function findFrame(workspace: Workspace, frameId: string): Frame {
  return toFrame(required(workspace, 'SELECT * FROM frames WHERE id = ?', frameId, 'frame'));
}

/** Throws AppError('not-found'). */
export function findInstance(workspace: Workspace, instanceId: string): Instance {
  return toInstance(required(workspace, 'SELECT * FROM instances WHERE id = ?', instanceId, 'instance'));
}

/** Throws AppError('not-found'). */
export function findFrameContext(workspace: Workspace, frameId: string): FrameContext {
  const frame = findFrame(workspace, frameId);
  return { ...findInstanceContext(workspace, frame.instanceId), frame };
}

/** Throws AppError('not-found'). */
export function findInstanceContext(workspace: Workspace, instanceId: string): InstanceContext {
  const instance = findInstance(workspace, instanceId);
  const series = toSeries(required(workspace, 'SELECT * FROM series WHERE id = ?', instance.seriesId, 'series'));
  return { study: findStudy(workspace, series.studyId), series, instance };
}

/**
 * The frame that a command names by the instance's SOPInstanceUID, id or file name, and its frame number from 1.
 * Throws AppError('not-found'), and AppError('bad-input') where a file name is that of several instances.
 */
export function findFrameOf(workspace: Workspace, instanceName: string, frameNumber: number): Frame {
  const instances = workspace.database
    .all('SELECT * FROM instances WHERE sop_instance_uid = ?1 OR id = ?1 OR file_name = ?1', [instanceName])
    .map(toInstance);
  const instance = instances.find((candidate) => candidate.fileName !== instanceName) ?? instances[0];
  if (!instance) {
    throw new AppError('not-found', `There is no instance with the SOPInstanceUID, id or file name "${instanceName}".`);
  }
  if (instances.length > 1 && instance.fileName === instanceName) {
    throw new AppError(
      'bad-input',
      `${instances.length} instances come from files named "${instanceName}"; name one by its SOPInstanceUID: ${instances.map((each) => each.sopInstanceUID).join(', ')}.`,
    );
  }
  const row = workspace.database.get('SELECT * FROM frames WHERE instance_id = ? AND frame_number = ?', [
    instance.id,
    frameNumber,
  ]);
  if (!row) {
    throw new AppError(
      'not-found',
      `${instance.fileName} has no frame ${frameNumber}; its frames are 1 to ${instance.frameCount}.`,
    );
  }
  return toFrame(row);
}

/** The frame of an instance by its number from 1, or null. */
export function findFrameId(workspace: Workspace, instanceId: string, frameNumber: number): string | null {
  const row = workspace.database.get('SELECT id FROM frames WHERE instance_id = ? AND frame_number = ?', [
    instanceId,
    frameNumber,
  ]);
  return row && text(row, 'id');
}

/** Every frame in study order; with a study's id, that study's. */
export function listFrameRecords(workspace: Workspace, studyId: string | null = null): Frame[] {
  return workspace.database
    .all(
      `SELECT frames.* FROM frames
       JOIN instances ON instances.id = frames.instance_id
       JOIN series ON series.id = instances.series_id
       JOIN studies ON studies.id = frames.study_id
       ${studyId === null ? '' : 'WHERE frames.study_id = ?'}
       ORDER BY ${studyOrder}`,
      studyId === null ? [] : [studyId],
    )
    .map(toFrame);
}

export function toStudy(row: Row): Study {
  const position = optionalText(row, 'position');
  return {
    id: text(row, 'id'),
    studyInstanceUID: text(row, 'study_instance_uid'),
    title: text(row, 'title'),
    patientKey: optionalText(row, 'patient_key'),
    position: positions.find((known) => known === position) ?? null,
    objectType: types.find((known) => known === row.object_type) ?? null,
    simulated: number(row, 'simulated') === 1,
    importedAt: text(row, 'imported_at'),
    patient: toPatient(row),
    studyDate: optionalText(row, 'study_date'),
    studyTime: optionalText(row, 'study_time'),
    studyID: optionalText(row, 'study_identifier'),
    accessionNumber: optionalText(row, 'accession_number'),
    studyDescription: optionalText(row, 'study_description'),
  };
}

function toPatient(row: Row): Patient | null {
  const patient: Patient = {
    name: optionalText(row, 'patient_name'),
    id: optionalText(row, 'patient_id'),
    birthDate: optionalText(row, 'patient_birth_date'),
    sex: optionalText(row, 'patient_sex'),
  };
  return Object.values(patient).some((value) => value !== null) ? patient : null;
}

export function toSeries(row: Row): Series {
  return {
    id: text(row, 'id'),
    studyId: text(row, 'study_id'),
    seriesInstanceUID: text(row, 'series_instance_uid'),
    modality: optionalText(row, 'modality'),
    seriesNumber: optionalNumber(row, 'series_number'),
    seriesDescription: optionalText(row, 'series_description'),
    protocolName: optionalText(row, 'protocol_name'),
    bodyPartExamined: optionalText(row, 'body_part_examined'),
    laterality: optionalText(row, 'laterality'),
    manufacturer: optionalText(row, 'manufacturer'),
    manufacturerModelName: optionalText(row, 'manufacturer_model_name'),
  };
}

export function toInstance(row: Row): Instance {
  const mediaType = text(row, 'media_type');
  const known = mediaTypes.find((candidate) => candidate === mediaType);
  if (!known) {
    throw new AppError('corrupt', `Instance ${text(row, 'id')} is of the unknown media type "${mediaType}".`);
  }
  return {
    id: text(row, 'id'),
    seriesId: text(row, 'series_id'),
    sopInstanceUID: text(row, 'sop_instance_uid'),
    fileName: text(row, 'file_name'),
    objectHash: text(row, 'object_hash'),
    framesHash: optionalText(row, 'frames_hash'),
    mediaType: known,
    width: number(row, 'width'),
    height: number(row, 'height'),
    frameCount: number(row, 'frame_count'),
    pixelAspectRatio: number(row, 'pixel_aspect_ratio'),
    regions: readRegions(row),
    warnings: json<Instance['warnings']>(row, 'warnings'),
    sopClassUID: optionalText(row, 'sop_class_uid'),
    transferSyntaxUID: optionalText(row, 'transfer_syntax_uid'),
    photometricInterpretation: optionalText(row, 'photometric_interpretation'),
    lossyImageCompression: optionalFlag(row, 'lossy_image_compression'),
    instanceNumber: optionalNumber(row, 'instance_number'),
    acquisitionDate: optionalText(row, 'acquisition_date'),
    acquisitionTime: optionalText(row, 'acquisition_time'),
    imageLaterality: optionalText(row, 'image_laterality'),
    anatomicRegions: json<Instance['anatomicRegions']>(row, 'anatomic_regions'),
    frameRegions: optionalJson<NonNullable<Instance['frameRegions']>>(row, 'frame_regions'),
    frameDurationsMs: optionalJson<NonNullable<Instance['frameDurationsMs']>>(row, 'frame_durations_ms'),
  };
}

/** Rows of earlier versions say less of a region. */
function readRegions(row: Row): Instance['regions'] {
  const unsaid = { spatialFormat: null, dataType: null, unitsX: null, unitsY: null };
  return json<Instance['regions']>(row, 'regions').map((region, index) =>
    Object.assign({ number: index + 1 }, unsaid, region),
  );
}

export function toFrame(row: Row): Frame {
  return {
    id: text(row, 'id'),
    instanceId: text(row, 'instance_id'),
    studyId: text(row, 'study_id'),
    frameNumber: number(row, 'frame_number'),
    width: number(row, 'width'),
    height: number(row, 'height'),
  };
}

function required(workspace: Workspace, sql: string, id: string, what: string): Row {
  const row = workspace.database.get(sql, [id]);
  if (!row) throw new AppError('not-found', `There is no ${what} with the id "${id}".`);
  return row;
}
