// Owns what comes in and goes out as files.
import type { CommandInput } from '../../electron/common/api.ts';
import { openStudy } from './navigation.ts';
import type { Session } from './session.ts';
import { describeFailure } from './state.ts';

/** A file as the browser gives it. */
export interface ChosenFile {
  readonly name: string;
  /** Path inside a dropped or chosen folder; empty for a single file. */
  readonly webkitRelativePath?: string;
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Files travel together, so that those of one folder become one study, up to this many bytes at a time. */
const batchBytes = 256 * 2 ** 20;

/** Imports files and opens the first study that came of them. Files that cannot be read are listed with the reason. */
export async function importFiles(session: Session, files: readonly ChosenFile[]): Promise<void> {
  const { api, store } = session;
  if (files.length === 0 || store.getState().importing.kind === 'busy') return;
  store.setState({ importing: { kind: 'busy' }, importReport: null });
  try {
    const studyIds: string[] = [];
    const failures: { file: string; message: string }[] = [];
    const warnings: string[] = [];
    for (const batch of splitIntoBatches(files)) {
      const contents = await Promise.all(
        batch.map(async (file) => ({
          name: file.webkitRelativePath || file.name,
          bytes: new Uint8Array(await file.arrayBuffer()),
        })),
      );
      const result = await api.send('study:import', { files: contents });
      studyIds.push(...result.studyIds);
      failures.push(...result.failures);
      warnings.push(...result.warnings);
    }
    const studies = await api.send('study:list', {});
    store.setState({
      studies,
      importing: { kind: 'idle' },
      importReport: { imported: files.length - failures.length, failures, warnings },
    });
    if (studyIds.length > 0) await openStudy(session, studyIds[0]);
  } catch (error) {
    store.setState({ importing: describeFailure(error) });
  }
}

export async function runExport(session: Session, input: CommandInput<'export:run'>): Promise<void> {
  const { api, store, editor } = session;
  store.setState({ exporting: { kind: 'busy' }, exportResult: null });
  try {
    await editor.saves.whenSettled();
    const exportResult = await api.send('export:run', input);
    store.setState({ exporting: { kind: 'idle' }, exportResult });
  } catch (error) {
    store.setState({ exporting: describeFailure(error) });
  }
}

function splitIntoBatches(files: readonly ChosenFile[]): ChosenFile[][] {
  const batches: ChosenFile[][] = [[]];
  let size = 0;
  for (const file of files) {
    if (size > 0 && size + file.size > batchBytes) {
      batches.push([]);
      size = 0;
    }
    batches.at(-1)!.push(file);
    size += file.size;
  }
  return batches;
}
