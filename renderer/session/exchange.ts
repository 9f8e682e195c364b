// Owns what goes out as files: what would be lost, the export with its progress and cancel, and what came of it.
import type { CommandInput, EventValue, ExportPreview } from '../../electron/common/api.ts';
import { t } from '../strings/index.ts';
import { whenSaved } from './saves.ts';
import type { Session } from './session.ts';
import { describeFailure } from './state.ts';

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

export async function runExport(session: Session, input: CommandInput<'export:run'>): Promise<void> {
  const { api, store } = session;
  store.setState({ exporting: { kind: 'busy' }, exportRun: null, exportResult: null });
  try {
    await whenSaved(session);
    const exportResult = await api.send('export:run', input);
    store.setState({ exporting: { kind: 'idle' }, exportResult });
  } catch (error) {
    const cancelled = error instanceof Error && error.name === 'AbortError';
    store.setState({
      exporting: cancelled ? { kind: 'failed', message: t('exports.cancelled') } : describeFailure(error),
    });
  } finally {
    store.setState({ exportRun: null });
  }
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
