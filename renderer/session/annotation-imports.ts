// Owns annotations that come in from elsewhere: by a folder's path where the host has it, else by its files; and the conflicts that wait for a decision.
import type { AnnotationImport, CommandInput, EventValue } from '../../electron/common/api.ts';
import { t } from '../strings/index.ts';
import { type ChosenFile, portionFiles, readSlice } from './imports.ts';
import { openFrame, refreshQueue } from './navigation.ts';
import { whenSaved } from './saves.ts';
import type { Session } from './session.ts';
import { type AnnotationRun, describeFailure } from './state.ts';
import { refreshTraining } from './synchronization.ts';

/** Takes annotations from folders of this machine, one after another, until one cannot be read or the reader cancels. */
export async function importAnnotationFolders(session: Session, folders: readonly string[]): Promise<void> {
  const { store } = session;
  let before: AnnotationImport | null = null;
  for (const folder of folders) {
    await run(session, async () => ({ folder }));
    const { annotationReport } = store.getState();
    const all: AnnotationImport | null =
      before && annotationReport ? addReports(before, annotationReport) : (annotationReport ?? before);
    store.setState({ annotationReport: all });
    if (!annotationReport || annotationReport.cancelled || annotationReport.trouble !== null) return;
    before = all;
  }
}

function addReports(one: AnnotationImport, two: AnnotationImport): AnnotationImport {
  return {
    format: one.format === two.format ? one.format : `${one.format}, ${two.format}`,
    added: one.added + two.added,
    updated: one.updated + two.updated,
    unchanged: one.unchanged + two.unchanged,
    conflicts: one.conflicts + two.conflicts,
    labels: [...new Set([...one.labels, ...two.labels])],
    unmatched: [...one.unmatched, ...two.unmatched],
    remarks: [...one.remarks, ...two.remarks],
    cancelled: two.cancelled,
    trouble: two.trouble,
  };
}

/** The same from files as the browser gives them, handed over in portions. */
export async function importAnnotationFiles(session: Session, chosen: readonly ChosenFile[]): Promise<void> {
  if (chosen.length === 0) return;
  await run(session, async (jobId) => {
    for (const portion of portionFiles(chosen)) {
      changeRun(session, () => ({ done: portion[0].index, total: chosen.length }));
      const parts = await Promise.all(portion.map(readSlice));
      const unreadable = parts.find(({ bytes }) => bytes === null);
      if (unreadable) throw new Error(t('annotationImport.unreadable', { name: unreadable.name }));
      await session.api.send('import:stage', {
        jobId,
        parts: parts.flatMap(({ bytes, ...part }) => (bytes === null ? [] : [{ ...part, bytes }])),
      });
      if (session.store.getState().annotationRun?.cancelling) return null;
    }
    return {};
  });
}

/** What was taken by then stays and is said; the rest is as it was. */
export async function cancelAnnotationImport(session: Session): Promise<void> {
  const { annotationRun } = session.store.getState();
  if (!annotationRun || annotationRun.cancelling) return;
  changeRun(session, () => ({ cancelling: true }));
  await session.api.send('import:cancel', { jobId: annotationRun.jobId });
}

/** Puts the dialog away; an import goes on, and is found there again. */
export function closeAnnotationImport({ store }: Session): void {
  const isBusy = store.getState().annotationImporting.kind === 'busy';
  store.setState({
    dialog: null,
    ...(isBusy ? {} : { annotationReport: null, annotationImporting: { kind: 'idle' } }),
  });
}

/** Shows how far the import of this page is; others have pages of their own. */
export function recordAnnotationImport(
  session: Session,
  { jobId, done, total }: EventValue<'annotation:progressed'>,
): void {
  changeRun(session, (known) => (known.jobId === jobId ? { phase: 'merging', done, total } : {}));
}

function changeRun({ store }: Session, change: (run: AnnotationRun) => Partial<AnnotationRun>): void {
  store.setState(({ annotationRun }) =>
    annotationRun ? { annotationRun: { ...annotationRun, ...change(annotationRun) } } : {},
  );
}

/** `input` hands over what is to be read; null where the reader cancelled meanwhile. */
async function run(
  session: Session,
  input: (jobId: string) => Promise<Omit<CommandInput<'annotation:import'>, 'jobId'> | null>,
): Promise<void> {
  const { api, store } = session;
  if (store.getState().annotationImporting.kind === 'busy') return;
  const jobId = crypto.randomUUID();
  store.setState({
    annotationImporting: { kind: 'busy' },
    annotationReport: null,
    annotationRun: { jobId, phase: 'reading', done: 0, total: null, cancelling: false },
  });
  try {
    await whenSaved(session);
    const given = await input(jobId);
    const annotationReport = given && (await api.send('annotation:import', { ...given, jobId }));
    // The last portion may have followed the cancel that threw the others away.
    if (!given) await api.send('import:cancel', { jobId });
    store.setState({
      annotationImporting: given
        ? { kind: 'idle' }
        : { kind: 'failed', message: t('annotationImport.cancelledBefore') },
      annotationReport,
    });
    await refreshConflicts(session);
  } catch (error) {
    // What was handed over would wait for an import that never comes.
    await api.send('import:cancel', { jobId }).catch(() => undefined);
    store.setState({ annotationImporting: describeFailure(error) });
  } finally {
    store.setState({ annotationRun: null });
  }
}

export async function refreshConflicts({ api, store }: Session): Promise<void> {
  store.setState({ conflicts: await api.send('conflict:list', {}) });
}

/**
 * Settles a conflict. The host's event brings what waits after it; the one that was decided goes at once, heard or not. A failure is shown
 * where the import's would be.
 */
export async function decideConflict(session: Session, conflictId: string, take: 'ours' | 'theirs'): Promise<void> {
  try {
    await session.api.send('conflict:decide', { conflictId, take });
    session.store.setState(({ conflicts }) => ({ conflicts: conflicts.filter(({ id }) => id !== conflictId) }));
  } catch (error) {
    session.store.setState({ annotationImporting: describeFailure(error) });
    // It may have been decided elsewhere.
    await refreshConflicts(session);
  }
}

/** Opens the frame of a conflict, to look at it in full. */
export async function showConflict(session: Session, studyId: string, frameId: string, labelId: string): Promise<void> {
  session.store.setState({ dialog: null, trainingTrouble: null });
  await openFrame(session, studyId, frameId, labelId);
  // Its label may be another than the one before.
  await Promise.all([refreshQueue(session), refreshTraining(session)]);
}
