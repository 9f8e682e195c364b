// Owns what goes out as files: what would be lost, the export with its progress and cancel, and what came of it.
import type { CommandInput, EventValue, ExportPreview } from '../../electron/common/api.ts';
import { t } from '../strings/index.ts';
import { whenSaved } from './saves.ts';
import type { Session } from './session.ts';
import { describeFailure, type SessionState } from './state.ts';

export type ExportChoiceInput = Omit<CommandInput<'export:preview'>, 'format'>;

/** What an export would hold and lose; nothing is written. Throws what the app throws, for the form that asked. */
export async function previewExport(
  session: Session,
  format: string,
  choice: ExportChoiceInput,
): Promise<ExportPreview> {
  await whenSaved(session);
  return session.api.send('export:preview', { format, ...choice });
}

/** One at a time. What came of it is in the dialog; where that was closed meanwhile, a notice says so, too. */
export async function runExport(session: Session, input: CommandInput<'export:run'>): Promise<void> {
  const { api, store } = session;
  if (store.getState().exporting.kind === 'busy') return;
  store.setState({ exporting: { kind: 'busy' }, exportRun: null, exportResult: null });
  try {
    await whenSaved(session);
    const exportResult = await api.send('export:run', input);
    store.setState({ exporting: { kind: 'idle' }, exportResult });
    tellBehind(session, { tone: 'plain', text: t('exports.ended', { folder: exportResult.folder }) });
  } catch (error) {
    const cancelled = error instanceof Error && error.name === 'AbortError';
    const exporting = cancelled ? { kind: 'failed' as const, message: t('exports.cancelled') } : describeFailure(error);
    store.setState({ exporting });
    if (cancelled) tellBehind(session, { tone: 'plain', text: exporting.message });
    else tellBehind(session, { tone: 'trouble', text: t('exports.failed', { reason: exporting.message }) });
  } finally {
    store.setState({ exportRun: null });
  }
}

/** Says it where the dialog does not. */
function tellBehind({ store }: Session, notice: SessionState['notice']): void {
  if (store.getState().dialog !== 'export') store.setState({ notice });
}

/** Puts the dialog away, and what it showed of an export that has ended; one that runs goes on, and is found there again. */
export function closeExport({ store }: Session): void {
  const isBusy = store.getState().exporting.kind === 'busy';
  store.setState({ dialog: null, ...(isBusy ? {} : { exportResult: null, exporting: { kind: 'idle' } }) });
}

/** What was written is taken back. */
export async function cancelExport({ api, store }: Session): Promise<void> {
  store.setState(({ exportRun }) => (exportRun ? { exportRun: { ...exportRun, cancelling: true } } : {}));
  await api.send('export:cancel', {});
}

/** Shows the folder of an export in the system's file manager. Throws what the app throws, for the outcome that asked. */
export async function openExport({ api }: Session, folder: string): Promise<void> {
  await api.send('export:open', { folder });
}

/** Shows how far the export of this page is; others have pages of their own. */
export function recordExport({ store }: Session, { phase, done, total }: EventValue<'export:progressed'>): void {
  store.setState(({ exporting, exportRun }) =>
    exporting.kind === 'busy' ? { exportRun: { phase, done, total, cancelling: exportRun?.cancelling ?? false } } : {},
  );
}
