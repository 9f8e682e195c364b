import { describe, expect, it } from 'vitest';
import type { InstanceSummary, SeriesSummary, StudySummary } from '../../../electron/common/api.ts';
import {
  buildRows,
  type Folding,
  type Identities,
  listModalities,
  neighbourStudy,
  noFilter,
  patientName,
  shownStudies,
  type StudyFilter,
  type TreeRow,
} from '../../../renderer/session/study-tree.ts';

function study(id: string, patientKey: string | null, change: Partial<StudySummary> = {}): StudySummary {
  return {
    id,
    title: `Study ${id}`,
    patientKey,
    position: 'breast',
    objectType: null,
    simulated: false,
    importedAt: '2026-01-01T00:00:00.000Z',
    studyDate: null,
    modalities: ['US'],
    frameCount: 4,
    reviewedFrames: 0,
    editedFrames: 0,
    proposedFrames: 0,
    seriesCount: 1,
    instanceCount: 1,
    cineCount: 1,
    firstFrameId: `${id}-1`,
    ...change,
  };
}

function instance(id: string): InstanceSummary {
  const progress = { frameCount: 4, reviewedFrames: 0, editedFrames: 0, proposedFrames: 0 };
  return {
    id,
    studyId: 'a',
    seriesId: 's',
    fileName: `${id}.dcm`,
    instanceNumber: null,
    width: 8,
    height: 8,
    firstFrameId: `${id}-1`,
    ...progress,
  };
}

const studies = [study('a', 'p'), study('b', 'q', { title: 'Thyroid left' }), study('c', 'p'), study('d', null)];
const series = { id: 's', seriesNumber: null, modality: 'US', description: null };
const closed: Folding = { collapsedPatients: new Set(), expandedStudies: new Set() };

function rowsOf(
  filter: Partial<StudyFilter> = {},
  folding = closed,
  contents = new Map<string, SeriesSummary[]>(),
  identities: Identities = new Map(),
) {
  return buildRows(studies, { ...noFilter, ...filter }, folding, contents, identities);
}

const keys = (rows: readonly TreeRow[]): string[] => rows.map(({ key, level }) => `${level} ${key}`);

describe('the neighbours of a study', () => {
  const from = (studyId: string | null, step: 1 | -1, filter: Partial<StudyFilter> = {}) => {
    const studyFilter = { ...noFilter, ...filter };
    return neighbourStudy({ studies, studyFilter, identities: new Map() }, studyId, step)?.id ?? null;
  };

  it('are those of the tree, patient by patient, and none at its ends', () => {
    const studyFilter = noFilter;
    expect(shownStudies({ studies, studyFilter, identities: new Map() }).map(({ id }) => id)).toEqual([
      'a',
      'c',
      'b',
      'd',
    ]);
    expect([from('a', 1), from('c', 1), from('b', -1), from('d', 1), from('a', -1)]).toEqual([
      'c',
      'b',
      'c',
      null,
      null,
    ]);
    expect(from(null, 1)).toBe('a');
  });

  it('are among those that the search leaves, from a study that it leaves out the nearest', () => {
    const onlyThyroid = { text: 'thyroid' };
    expect([from('a', 1, onlyThyroid), from('d', -1, onlyThyroid), from('b', 1, onlyThyroid)]).toEqual([
      'b',
      'b',
      null,
    ]);
    expect([from('a', -1, onlyThyroid), from('d', 1, onlyThyroid)]).toEqual(['b', 'b']);
    expect(from('a', 1, { text: 'nothing like it' })).toBeNull();
  });
});

describe('the rows of the study tree', () => {
  it('put studies under their patient, in the order of import', () => {
    const rows = rowsOf();
    expect(keys(rows)).toEqual([
      '1 patient/p',
      '2 study/a',
      '2 study/c',
      '1 patient/q',
      '2 study/b',
      '1 patient/',
      '2 study/d',
    ]);
    expect(rows[2]).toMatchObject({ position: 2, setSize: 2, expanded: false });
    expect(rows[3]).toMatchObject({ position: 2, setSize: 3, expanded: true });
  });

  it('hide what is inside a collapsed patient', () => {
    expect(keys(rowsOf({}, { ...closed, collapsedPatients: new Set(['patient/p']) })).slice(0, 2)).toEqual([
      '1 patient/p',
      '1 patient/q',
    ]);
  });

  it('show series only where a study has several, and a waiting row until its contents are known', () => {
    const folding: Folding = { ...closed, expandedStudies: new Set(['a']) };
    expect(keys(rowsOf({}, folding)).slice(0, 3)).toEqual(['1 patient/p', '2 study/a', '3 waiting/a']);
    const one: SeriesSummary = { ...series, place: 1, instances: [instance('i'), instance('j')] };
    expect(keys(rowsOf({}, folding, new Map([['a', [one]]]))).slice(1, 4)).toEqual([
      '2 study/a',
      '3 instance/i',
      '3 instance/j',
    ]);
    const two = new Map([['a', [one, { ...series, id: 't', place: 2, instances: [instance('k')] }]]]);
    expect(keys(rowsOf({}, folding, two)).slice(2, 7)).toEqual([
      '3 series/s',
      '4 instance/i',
      '4 instance/j',
      '3 series/t',
      '4 instance/k',
    ]);
  });

  it('leave what a search finds, with the patients’ numbers as they were', () => {
    const rows = rowsOf({ text: ' left THYROID' });
    expect(keys(rows)).toEqual(['1 patient/q', '2 study/b']);
    expect(rows[0]).toMatchObject({ patient: { number: 2 }, setSize: 1 });
    expect(keys(rowsOf({ text: 'patient 1' }))).toEqual(['1 patient/p', '2 study/a', '2 study/c']);
    expect(rowsOf({ text: 'nothing' })).toEqual([]);
    expect(rowsOf({ text: 'yroid' })).toEqual([]);
  });

  it('leave studies by how far their annotation is', () => {
    const some = [
      study('none', 'p'),
      study('proposed', 'p', { proposedFrames: 2 }),
      study('started', 'p', { reviewedFrames: 1 }),
      study('edited', 'p', { editedFrames: 1, proposedFrames: 3 }),
      study('done', 'p', { reviewedFrames: 4 }),
    ];
    const found = (progress: StudyFilter['progress']): string[] =>
      buildRows(some, { ...noFilter, progress }, closed, new Map(), new Map()).flatMap((row) =>
        row.kind === 'study' ? [row.study.id] : [],
      );
    expect(found('any')).toHaveLength(5);
    expect(found('untouched')).toEqual(['none', 'proposed']);
    expect(found('started')).toEqual(['started', 'edited']);
    expect(found('proposed')).toEqual(['proposed', 'edited']);
    expect(found('reviewed')).toEqual(['done']);
  });

  it('leave studies by modality and day; a study without a date counts by its import', () => {
    const some = [
      study('old', 'p', { studyDate: '2020-05-01' }),
      study('mr', 'p', { studyDate: '2021-06-30', modalities: ['MR', 'US'] }),
      study('undated', 'p'),
    ];
    const found = (change: Partial<StudyFilter>): string[] =>
      buildRows(some, { ...noFilter, ...change }, closed, new Map(), new Map()).flatMap((row) =>
        row.kind === 'study' ? [row.study.id] : [],
      );
    expect(listModalities(some)).toEqual(['MR', 'US']);
    expect(found({ modality: 'MR' })).toEqual(['mr']);
    expect(found({ from: '2021-06-30' })).toEqual(['mr', 'undated']);
    expect(found({ from: '2020-05-01', to: '2021-06-29' })).toEqual(['old']);
    expect(found({ text: '2021-06' })).toEqual(['mr']);
  });

  it('say who a patient is, and find them by it, only while identities are shown', () => {
    const anna = { key: 'q', name: 'Doe, Anna', id: 'PID-7', birthDate: null };
    expect(rowsOf({ text: 'anna' })).toEqual([]);
    const shown = rowsOf({ text: 'anna pid-7' }, closed, new Map(), new Map([['q', anna]]));
    expect(keys(shown)).toEqual(['1 patient/q', '2 study/b']);
    expect(patientName({ key: 'q', number: 2 }, new Map())).toBe('Patient 2');
    expect(patientName({ key: 'q', number: 2 }, new Map([['q', anna]]))).toBe('Doe, Anna');
  });
});
