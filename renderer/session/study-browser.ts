// Owns what the reader does in the study browser: opening and folding its rows, and keeping its figures up to date.
import type { InstanceSummary } from '../../electron/common/api.ts';
import { t } from '../strings/index.ts';
import { openInstance, openStudy } from './navigation.ts';
import type { Session } from './session.ts';
import { neighbourStudy, type StudyFilter, type TreeRow } from './study-tree.ts';

export function setFilter({ store }: Session, change: Partial<StudyFilter>): void {
  store.setState((state) => ({ studyFilter: { ...state.studyFilter, ...change } }));
}

/** Shows whose studies they are, or hides it again; hidden, the page forgets it. */
export async function toggleIdentities({ api, store }: Session): Promise<void> {
  if (store.getState().identities.size > 0) {
    store.setState({ identities: new Map() });
    return;
  }
  const patients = await api.send('patient:list', {});
  store.setState({ identities: new Map(patients.map((patient) => [patient.key, patient])) });
  if (patients.length === 0) store.setState({ notice: { tone: 'plain', text: t('notices.noIdentities') } });
}

/** Opens what a row stands for; a patient or series is folded instead. */
export async function openRow(session: Session, row: TreeRow): Promise<void> {
  switch (row.kind) {
    case 'study': {
      const { id, cineCount, instanceCount } = row.study;
      // Several strips are in it: all of them are shown, so that none is missed.
      const several = cineCount > 0 && instanceCount > 1;
      await Promise.all([openStudy(session, id), several && !row.expanded ? foldStudy(session, id, true) : null]);
      return;
    }
    case 'instance':
      await openInstance(session, row.instance);
      return;
    case 'patient':
      await foldRow(session, row, !row.expanded);
      return;
    case 'series':
    case 'waiting':
  }
}

/** Expands or collapses a patient or a study; what is inside a study is asked for when it is expanded. */
export async function foldRow(session: Session, row: TreeRow, expanded: boolean): Promise<void> {
  const { store } = session;
  if (row.kind === 'patient') {
    store.setState(({ folding }) => {
      const collapsedPatients = withMember(folding.collapsedPatients, row.key, !expanded);
      return { folding: { ...folding, collapsedPatients } };
    });
  }
  if (row.kind === 'study') await foldStudy(session, row.study.id, expanded);
}

export async function foldStudy(session: Session, studyId: string, expanded: boolean): Promise<void> {
  session.store.setState(({ folding }) => {
    const expandedStudies = withMember(folding.expandedStudies, studyId, expanded);
    return { folding: { ...folding, expandedStudies } };
  });
  if (expanded && !session.store.getState().studyContents.has(studyId)) await loadContents(session, studyId);
}

async function loadContents({ api, store }: Session, studyId: string): Promise<void> {
  const series = await api.send('series:list', { studyId });
  store.setState(({ studyContents }) => ({ studyContents: new Map(studyContents).set(studyId, series) }));
}

/** Asks again for the figures of some studies, or of all of them. */
export async function refreshStudies(session: Session, studyIds: ReadonlySet<string> | 'all'): Promise<void> {
  const { api, store } = session;
  if (studyIds === 'all') {
    store.setState({ studies: await api.send('study:list', {}) });
    const known = [...store.getState().studyContents.keys()];
    store.setState({ studyContents: new Map() });
    const { expandedStudies } = store.getState().folding;
    await Promise.all(known.filter((id) => expandedStudies.has(id)).map((id) => loadContents(session, id)));
    return;
  }
  await Promise.all(
    [...studyIds].map(async (studyId) => {
      const [fresh] = await api.send('study:list', { studyId });
      store.setState(({ studies }) => ({ studies: studies.map((study) => (study.id === studyId ? fresh : study)) }));
      if (store.getState().studyContents.has(studyId)) await loadContents(session, studyId);
    }),
  );
}

/**
 * The cine before or after the open one, in the order of the browser and of what it shows; the single pictures of a study count as one.
 * The open study is gone through to its end even where the search leaves it out, as a study does whose progress has just changed.
 */
export async function stepInstance(session: Session, step: 1 | -1): Promise<void> {
  const state = session.store.getState();
  const { studies, studyId, cine, frames } = state;
  if (studyId === null || !studies.some(({ id }) => id === studyId)) return;
  const here = await stripsOf(session, studyId);
  const isOpen = ({ id, frameCount }: InstanceSummary): boolean =>
    cine ? id === cine.id : frameCount === 1 && frames.some(({ instanceId }) => instanceId === id);
  const next = here[here.findIndex(isOpen) + step];
  if (next) {
    await openInstance(session, next);
    return;
  }
  const neighbour = neighbourStudy(state, studyId, step);
  if (!neighbour) return;
  const there = await stripsOf(session, neighbour.id);
  const entered = step === 1 ? there[0] : there.at(-1);
  if (entered) await openInstance(session, entered);
}

/** One instance for each strip of a study: every cine, and the first of its single pictures. */
async function stripsOf(session: Session, studyId: string): Promise<InstanceSummary[]> {
  const { api, store } = session;
  const series = store.getState().studyContents.get(studyId) ?? (await api.send('series:list', { studyId }));
  const instances = series.flatMap((one) => one.instances);
  const firstPicture = instances.find(({ frameCount }) => frameCount === 1);
  return instances.filter((instance) => instance.frameCount > 1 || instance === firstPicture);
}

function withMember(set: ReadonlySet<string>, member: string, isIn: boolean): ReadonlySet<string> {
  const changed = new Set(set);
  if (isIn) changed.add(member);
  else changed.delete(member);
  return changed;
}
