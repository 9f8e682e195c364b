// Owns annotations that come in from elsewhere: by a folder's path where the host has it, else by its files; and the conflicts that wait for a decision.
import type { CommandInput } from '../../electron/common/api.ts';
import { type ChosenFile, portionFiles, readSlice } from './imports.ts';
import { openFrame } from './navigation.ts';
import type { Session } from './session.ts';
import { describeFailure } from './state.ts';

/** Takes annotations from a folder of this machine. */
export async function importAnnotationFolder(session: Session, folder: string): Promise<void> {
  await run(session, async () => ({ folder }));
}

/** The same from files as the browser gives them, handed over in portions. */
export async function importAnnotationFiles(session: Session, chosen: readonly ChosenFile[]): Promise<void> {
  if (chosen.length === 0) return;
  await run(session, async () => {
    const jobId = crypto.randomUUID();
    for (const portion of portionFiles(chosen)) {
      const parts = await Promise.all(portion.map(readSlice));
      const unreadable = parts.find(({ bytes }) => bytes === null);
      if (unreadable) throw new Error(`${unreadable.name} cannot be read: it was moved or is in use.`);
      await session.api.send('import:stage', {
        jobId,
        parts: parts.flatMap(({ bytes, ...part }) => (bytes === null ? [] : [{ ...part, bytes }])),
      });
    }
    return { jobId };
  });
}

async function run(session: Session, input: () => Promise<CommandInput<'annotation:import'>>): Promise<void> {
  const { api, store, editor } = session;
  if (store.getState().annotationImporting.kind === 'busy') return;
  store.setState({ annotationImporting: { kind: 'busy' }, annotationReport: null });
  try {
    await editor.saves.whenSettled();
    const annotationReport = await api.send('annotation:import', await input());
    store.setState({ annotationImporting: { kind: 'idle' }, annotationReport });
    await refreshConflicts(session);
  } catch (error) {
    store.setState({ annotationImporting: describeFailure(error) });
  }
}

export async function refreshConflicts({ api, store }: Session): Promise<void> {
  store.setState({ conflicts: await api.send('conflict:list', {}) });
}

/** Settles a conflict. A failure is shown where the import's would be. */
export async function decideConflict(session: Session, conflictId: string, take: 'ours' | 'theirs'): Promise<void> {
  try {
    await session.api.send('conflict:decide', { conflictId, take });
  } catch (error) {
    session.store.setState({ annotationImporting: describeFailure(error) });
  }
  await refreshConflicts(session);
}

/** Opens the frame of a conflict, to look at it in full. */
export async function showConflict(session: Session, studyId: string, frameId: string, labelId: string): Promise<void> {
  session.store.setState({ dialog: null, labelId });
  await openFrame(session, studyId, frameId);
}
