// Owns what the study browser shows: patients, their studies, series and instances as the rows of a tree, and which of them a search leaves.
// Pure figures: the panel draws them, nothing here asks the app.
import type { InstanceSummary, PatientIdentity, SeriesSummary, StudySummary } from '../../electron/common/api.ts';
import { t } from '../strings/index.ts';

export const progressFilters = ['any', 'untouched', 'started', 'proposed', 'reviewed'] as const;
export type ProgressFilter = (typeof progressFilters)[number];

export interface StudyFilter {
  /** Beginnings of words that all have to be found, in any order. */
  readonly text: string;
  readonly progress: ProgressFilter;
  /** As in DICOM; null for all. */
  readonly modality: string | null;
  /** First and last day of the study, YYYY-MM-DD; null for no limit. Studies without a date count by the day of their import. */
  readonly from: string | null;
  readonly to: string | null;
}

export const noFilter: StudyFilter = { text: '', progress: 'any', modality: null, from: null, to: null };

/** Whether more than the words of the search keeps studies out. */
export function isFiltered({ progress, modality, from, to }: StudyFilter): boolean {
  return progress !== 'any' || modality !== null || from !== null || to !== null;
}

/** The modalities there are, in alphabetical order. */
export function listModalities(studies: readonly StudySummary[]): string[] {
  return [...new Set(studies.flatMap(({ modalities }) => modalities))].toSorted();
}

/** The day that a study is known by, YYYY-MM-DD. */
export function studyDay({ studyDate, importedAt }: StudySummary): string {
  return studyDate ?? importedAt.slice(0, 10);
}

/** What the reader wants to see instead of 'Patient 1', by pseudonym; empty while identities are hidden. */
export type Identities = ReadonlyMap<string, PatientIdentity>;

/** Patients in the order in which their first study was imported; studies of nobody named are a group of their own. */
export interface Patient {
  /** Its pseudonym; null for studies that do not say whose they are. */
  readonly key: string | null;
  /** From 1, among those with a pseudonym; it stays through every search. */
  readonly number: number;
  readonly studies: readonly StudySummary[];
}

export function groupByPatient(studies: readonly StudySummary[]): Patient[] {
  const groups = Map.groupBy(studies, ({ patientKey }) => patientKey);
  let number = 0;
  return [...groups].map(([key, ofPatient]) => ({ key, number: key === null ? 0 : (number += 1), studies: ofPatient }));
}

export function patientName({ key, number }: Pick<Patient, 'key' | 'number'>, identities: Identities): string {
  if (key === null) return t('studies.unnamedPatient');
  const identity = identities.get(key);
  return identity?.name ?? identity?.id ?? t('studies.patient', { number });
}

/** What was expanded or collapsed by the reader; patients begin expanded, studies collapsed. */
export interface Folding {
  readonly collapsedPatients: ReadonlySet<string>;
  readonly expandedStudies: ReadonlySet<string>;
}

interface Place {
  /** Unlike that of any other row. */
  readonly key: string;
  readonly level: number;
  /** Its place among its siblings, from 1, and how many there are. */
  readonly position: number;
  readonly setSize: number;
  /** Null where there is nothing inside. */
  readonly expanded: boolean | null;
}

export type TreeRow = Place &
  (
    | { readonly kind: 'patient'; readonly patient: Patient }
    | { readonly kind: 'study'; readonly study: StudySummary }
    | { readonly kind: 'series'; readonly series: SeriesSummary }
    | { readonly kind: 'instance'; readonly instance: InstanceSummary }
    | { readonly kind: 'waiting' }
  );

/**
 * The rows from top to bottom. `contents` holds what is known of the inside of studies; an expanded study without it has a waiting row.
 * A level with one member is not shown for itself: the instances of a study of one series lie under the study.
 */
export function buildRows(
  studies: readonly StudySummary[],
  filter: StudyFilter,
  folding: Folding,
  contents: ReadonlyMap<string, readonly SeriesSummary[]>,
  identities: Identities,
): TreeRow[] {
  const patients = findPatients(studies, filter, identities);
  const rows: TreeRow[] = [];
  patients.forEach(({ patient, found }, index) => {
    const expanded = !folding.collapsedPatients.has(patientRowKey(patient));
    const place = { position: index + 1, setSize: patients.length };
    rows.push({ kind: 'patient', key: patientRowKey(patient), level: 1, expanded, patient, ...place });
    if (!expanded) return;
    found.forEach((study, index) => {
      const isOpen = folding.expandedStudies.has(study.id);
      const key = studyRowKey(study.id);
      rows.push({ kind: 'study', key, level: 2, expanded: isOpen, study, position: index + 1, setSize: found.length });
      if (isOpen) rows.push(...insideStudy(study, contents.get(study.id)));
    });
  });
  return rows;
}

/** What the order of the tree and the search are of. */
interface Browsed {
  readonly studies: readonly StudySummary[];
  readonly studyFilter: StudyFilter;
  readonly identities: Identities;
}

/** The studies that the search leaves, in the order of the tree, those of collapsed patients too. */
export function shownStudies({ studies, studyFilter, identities }: Browsed): StudySummary[] {
  return findPatients(studies, studyFilter, identities).flatMap(({ found }) => found);
}

/**
 * The shown study before or after another one in the order of the tree; null where there is none. From a study that the search leaves out
 * it is the nearest on that side, else on the other side.
 */
export function neighbourStudy(state: Browsed, studyId: string | null, step: 1 | -1): StudySummary | null {
  const shown = new Set(shownStudies(state));
  const all = groupByPatient(state.studies).flatMap(({ studies }) => studies);
  const at = all.findIndex(({ id }) => id === studyId);
  const before = all.findLast((study, place) => place < at && shown.has(study));
  const after = all.find((study, place) => place > at && shown.has(study));
  if (at < 0) return after ?? null;
  const [wanted, other] = step === 1 ? [after, before] : [before, after];
  return wanted ?? (shown.has(all[at]) ? null : (other ?? null));
}

function findPatients(
  studies: readonly StudySummary[],
  filter: StudyFilter,
  identities: Identities,
): { readonly patient: Patient; readonly found: readonly StudySummary[] }[] {
  const matches = studyMatcher(filter, identities);
  return groupByPatient(studies)
    .map((patient) => ({ patient, found: patient.studies.filter((study) => matches(study, patient)) }))
    .filter(({ found }) => found.length > 0);
}

export function patientRowKey({ key }: Pick<Patient, 'key'>): string {
  return `patient/${key ?? ''}`;
}

export function studyRowKey(studyId: string): string {
  return `study/${studyId}`;
}

function insideStudy(study: StudySummary, series: readonly SeriesSummary[] | undefined): TreeRow[] {
  const only = { position: 1, setSize: 1, expanded: null };
  if (!series) return [{ kind: 'waiting', key: `waiting/${study.id}`, level: 3, ...only }];
  const showSeries = series.length > 1;
  return series.flatMap((one, index) => {
    const instances = one.instances.map((instance, place): TreeRow => {
      const level = showSeries ? 4 : 3;
      const position = { position: place + 1, setSize: one.instances.length };
      return { kind: 'instance', key: `instance/${instance.id}`, level, expanded: null, instance, ...position };
    });
    if (!showSeries) return instances;
    const place = { position: index + 1, setSize: series.length };
    return [{ kind: 'series', key: `series/${one.id}`, level: 3, expanded: null, series: one, ...place }, ...instances];
  });
}

function studyMatcher(filter: StudyFilter, identities: Identities): (study: StudySummary, patient: Patient) => boolean {
  const { progress, modality, from, to } = filter;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return (study, patient) => {
    const day = studyDay(study);
    if (!hasProgress(study, progress)) return false;
    if (modality !== null && !study.modalities.includes(modality)) return false;
    if ((from !== null && day < from) || (to !== null && day > to)) return false;
    if (words.length === 0) return true;
    const all = searchedWords(study, patient, identities).join(' ').toLowerCase();
    return words.every((word) => hasWordFrom(all, word));
  };
}

/** Whether one of the text's words begins so: '1' finds 'Patient 1' and not the day 2021-01-01. */
function hasWordFrom(text: string, start: string): boolean {
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1])) return true;
  }
  return false;
}

/** What a search looks at. Whose study it is can only be searched for while it is shown. */
function searchedWords(study: StudySummary, patient: Patient, identities: Identities): string[] {
  const identity = identities.get(patient.key ?? '');
  return [
    study.title,
    study.position ? t(`prompts.values.${study.position}`) : '',
    study.position ?? '',
    study.simulated ? t('studies.simulated') : '',
    ...study.modalities,
    studyDay(study),
    patientName(patient, identities),
    patient.key ?? '',
    identity?.id ?? '',
    identity?.birthDate ?? '',
  ];
}

function hasProgress(study: StudySummary, progress: ProgressFilter): boolean {
  const { frameCount, reviewedFrames, editedFrames, proposedFrames } = study;
  const touched = reviewedFrames + editedFrames > 0;
  switch (progress) {
    case 'any':
      return true;
    case 'untouched':
      return !touched;
    case 'started':
      return touched && reviewedFrames < frameCount;
    case 'proposed':
      return proposedFrames > 0;
    case 'reviewed':
      return reviewedFrames === frameCount;
  }
}
