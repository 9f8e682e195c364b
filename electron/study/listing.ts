// Owns the lines of the study browser: studies, and the series and instances of one, with how far their annotation is.
import type { InstanceSummary, PatientIdentity, SeriesSummary, StudySummary } from '../common/api.ts';
import { namesPatient, readableName } from '../common/patient.ts';
import { findStudy, frameOrder, toInstance, toSeries, toStudy } from './records.ts';
import { json, number, text } from './rows.ts';
import type { Row } from './rows.ts';
import type { Workspace } from './workspace.ts';

/** Every study in the order of import, with its progress; with a study's id, that one. Throws AppError('not-found'). */
export function listStudies(workspace: Workspace, studyId: string | null = null): StudySummary[] {
  if (studyId !== null) findStudy(workspace, studyId);
  const progress = progressBy(workspace, 'study_id', studyId);
  // Counted over instances, which are fewer than frames by far.
  const rows = workspace.database.all(
    `SELECT studies.*, counts.*, (
       SELECT json_group_array(DISTINCT modality) FROM series WHERE series.study_id = studies.id AND modality IS NOT NULL
     ) AS modalities, (
       SELECT frames.id FROM series
       JOIN instances ON instances.series_id = series.id
       JOIN frames ON frames.instance_id = instances.id
       WHERE series.study_id = studies.id
       ORDER BY ${frameOrder} LIMIT 1
     ) AS first_frame_id
     FROM studies
     JOIN (
       SELECT series.study_id, count(DISTINCT series.id) AS series_count, count(*) AS instance_count,
         sum(instances.frame_count) AS frame_count, sum(instances.frame_count > 1) AS cine_count
       FROM instances JOIN series ON series.id = instances.series_id
       ${studyId === null ? '' : 'WHERE series.study_id = ?'} GROUP BY series.study_id
     ) AS counts ON counts.study_id = studies.id
     ORDER BY studies.sequence`,
    studyId === null ? [] : [studyId],
  );
  return rows.map((row) => {
    const { id, title, patientKey, position, objectType, simulated, importedAt, studyDate } = toStudy(row);
    return {
      id,
      title,
      patientKey,
      position,
      objectType,
      simulated,
      importedAt,
      studyDate,
      modalities: json<string[]>(row, 'modalities'),
      frameCount: number(row, 'frame_count'),
      ...(progress.get(id) ?? untouched),
      seriesCount: number(row, 'series_count'),
      instanceCount: number(row, 'instance_count'),
      cineCount: number(row, 'cine_count'),
      firstFrameId: text(row, 'first_frame_id'),
    };
  });
}

/** A study's series with their instances, in study order. Throws AppError('not-found'). */
export function listSeries(workspace: Workspace, studyId: string): SeriesSummary[] {
  const { patient } = findStudy(workspace, studyId);
  const bySeries = Map.groupBy(summarizeInstances(workspace, studyId), ({ seriesId }) => seriesId);
  const records = workspace.database.all('SELECT * FROM series WHERE study_id = ?', [studyId]).map(toSeries);
  return [...bySeries].map(([id, instances], index) => {
    const record = records.find((series) => series.id === id);
    const description = record?.seriesDescription ?? null;
    return {
      id,
      place: index + 1,
      seriesNumber: record?.seriesNumber ?? null,
      modality: record?.modality ?? null,
      description: description !== null && namesPatient(description, patient) ? null : description,
      instances,
    };
  });
}

/** Whose studies they are, by pseudonym: each part as the newest study that says it has it. */
export function listPatients(workspace: Workspace): PatientIdentity[] {
  const identities = new Map<string, PatientIdentity>();
  const rows = workspace.database.all('SELECT * FROM studies WHERE patient_key IS NOT NULL ORDER BY sequence');
  for (const { patientKey, patient } of rows.map(toStudy)) {
    if (patientKey === null || !patient) continue;
    const before = identities.get(patientKey);
    identities.set(patientKey, {
      key: patientKey,
      name: patient.name === null ? (before?.name ?? null) : readableName(patient.name),
      id: patient.id ?? before?.id ?? null,
      birthDate: patient.birthDate ?? before?.birthDate ?? null,
    });
  }
  return [...identities.values()];
}

/** A study's instances in study order, with their progress. */
export function summarizeInstances(workspace: Workspace, studyId: string): InstanceSummary[] {
  const progress = progressBy(workspace, 'instance_id', studyId);
  const rows = workspace.database.all(
    `SELECT instances.*, frames.id AS first_frame_id FROM instances
     JOIN series ON series.id = instances.series_id
     JOIN frames ON frames.instance_id = instances.id AND frames.frame_number = 1
     WHERE series.study_id = ? ORDER BY ${frameOrder}`,
    [studyId],
  );
  return rows.map((row) => {
    const { id, seriesId, fileName, instanceNumber, width, height, frameCount } = toInstance(row);
    const firstFrameId = text(row, 'first_frame_id');
    return {
      id,
      studyId,
      seriesId,
      fileName,
      instanceNumber,
      width,
      height,
      frameCount,
      ...(progress.get(id) ?? untouched),
      firstFrameId,
    };
  });
}

interface Progress {
  readonly reviewedFrames: number;
  readonly editedFrames: number;
  readonly proposedFrames: number;
}

const untouched: Progress = { reviewedFrames: 0, editedFrames: 0, proposedFrames: 0 };

/**
 * How many frames are reviewed, corrected or merely proposed for, by study or instance; where nothing was done there is no entry.
 * In SQLite, the plain columns beside a max() are those of the row that has it (sqlite.org/lang_select.html, bare columns).
 */
function progressBy(
  workspace: Workspace,
  column: 'study_id' | 'instance_id',
  studyId: string | null,
): Map<string, Progress> {
  const scope = studyId === null ? 'TRUE' : 'frame_id IN (SELECT id FROM frames WHERE study_id = ?1)';
  const rows: Row[] = workspace.database.all(
    `WITH latest AS (
       SELECT frame_id, review_state, max(sequence) FROM revisions WHERE ${scope} GROUP BY frame_id, label_id
     ), touched AS (
       SELECT frame_id, max(review_state IN ('accepted', 'absent')) AS reviewed, max(review_state = 'edited') AS edited, 0 AS proposed
       FROM latest GROUP BY frame_id
       UNION ALL
       SELECT DISTINCT frame_id, 0, 0, 1 FROM proposals WHERE followed = 0 AND ${scope}
     ), furthest AS (
       SELECT frame_id, max(reviewed) AS reviewed, max(edited) AS edited, max(proposed) AS proposed FROM touched GROUP BY frame_id
     )
     SELECT frames.${column} AS owner, sum(reviewed) AS reviewed, sum(edited AND NOT reviewed) AS edited,
       sum(proposed AND NOT edited AND NOT reviewed) AS proposed
     FROM furthest JOIN frames ON frames.id = furthest.frame_id GROUP BY frames.${column}`,
    studyId === null ? [] : [studyId],
  );
  return new Map(
    rows.map((row) => [
      text(row, 'owner'),
      {
        reviewedFrames: number(row, 'reviewed'),
        editedFrames: number(row, 'edited'),
        proposedFrames: number(row, 'proposed'),
      },
    ]),
  );
}
