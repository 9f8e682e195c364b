// Owns what comes in as files: by their paths where the host has them, else by their bytes, handed over in parts; progress, cancel, report.
import type { EventValue, ImportReport } from '../../electron/common/api.ts';
import { t } from '../strings/index.ts';
import { openStudy } from './navigation.ts';
import type { Session } from './session.ts';
import { describeFailure } from './state.ts';

/** A file as the browser gives it. */
export interface ChosenFile {
  readonly name: string;
  /** Path inside a dropped or chosen folder; empty for a single file. */
  readonly webkitRelativePath?: string;
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** What is handed over at a time: small beside what a page may hold. */
const portionBytes = 4 * 2 ** 20;

/** Imports files by their bytes and opens the first study that came of them. What cannot be read is listed with the reason. */
export async function importFiles(session: Session, files: readonly ChosenFile[]): Promise<void> {
  if (files.length === 0) return;
  await runImport(session, async (jobId) => {
    const unreadable = await handOver(session, jobId, files);
    // A cancel meant the files that were handed over, which are gone.
    if (session.store.getState().importRun?.cancelling) return emptyReport;
    const report = await session.api.send('study:import', { jobId });
    return { ...report, skipped: [...unreadable, ...report.skipped] };
  });
}

/** Imports files and folders by their paths on this machine. */
export async function importPaths(session: Session, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  await runImport(session, (jobId) => session.api.send('study:import', { jobId, paths: [...paths] }));
}

/** What is finished stays; the rest is not begun. */
export async function cancelImport({ api, store }: Session): Promise<void> {
  const { importRun } = store.getState();
  if (!importRun || importRun.cancelling) return;
  store.setState({ importRun: { ...importRun, cancelling: true } });
  await api.send('import:cancel', { jobId: importRun.jobId });
}

/** Shows how far the import of this page is; others have pages of their own. */
export function recordImport({ store }: Session, progress: EventValue<'import:progressed'>): void {
  const { jobId, ...change } = progress;
  store.setState(({ importRun }) =>
    importRun?.jobId === jobId ? { importRun: { ...importRun, phase: 'importing', ...change } } : {},
  );
}

/** Takes the report of the last import away. */
export function clearImport({ store }: Session): void {
  if (store.getState().importing.kind === 'busy') return;
  store.setState({ importReport: null, importing: { kind: 'idle' } });
}

const emptyReport: ImportReport = {
  studyIds: [],
  imported: 0,
  unchanged: 0,
  skipped: [],
  warnings: [],
  cancelled: true,
};

/** Imports of a session, one after another. */
const queues = new WeakMap<Session, Promise<void>>();

function runImport(session: Session, work: (jobId: string) => Promise<ImportReport>): Promise<void> {
  const { store } = session;
  const before = queues.get(session) ?? null;
  const runAfter = async (): Promise<void> => {
    if (before) {
      store.setState((state) => ({ importsWaiting: state.importsWaiting + 1 }));
      await before;
      store.setState((state) => ({ importsWaiting: state.importsWaiting - 1 }));
    }
    await runNext(session, work);
    if (queues.get(session) === own) queues.delete(session);
  };
  const own = runAfter();
  queues.set(session, own);
  return own;
}

/** Never throws: what went wrong is in the state. */
async function runNext(session: Session, work: (jobId: string) => Promise<ImportReport>): Promise<void> {
  const { api, store } = session;
  const jobId = crypto.randomUUID();
  store.setState({
    importing: { kind: 'busy' },
    importReport: null,
    importRun: { jobId, phase: 'reading', done: 0, total: 0, file: null, frames: null, cancelling: false },
  });
  try {
    const importReport = await work(jobId);
    const studies = await api.send('study:list', {});
    store.setState({ studies, importing: { kind: 'idle' }, importReport, importRun: null });
    if (importReport.studyIds.length > 0) await openStudy(session, importReport.studyIds[0]);
  } catch (error) {
    store.setState({ importing: describeFailure(error), importRun: null });
  }
}

/**
 * Files go over in portions, small ones together and large ones cut, and are put together on the other side, so that neither holds more than
 * one portion at a time. Returns the files that the browser could not read.
 */
async function handOver(
  { api, store }: Session,
  jobId: string,
  files: readonly ChosenFile[],
): Promise<ImportReport['skipped']> {
  const unreadable = new Set<string>();
  const isCancelling = (): boolean => store.getState().importRun?.cancelling ?? false;
  for (const portion of portionFiles(files)) {
    if (isCancelling()) break;
    const { index, name } = portion[0];
    store.setState(({ importRun }) =>
      importRun ? { importRun: { ...importRun, done: index, total: files.length, file: name } } : {},
    );
    const read = await Promise.all(portion.filter((slice) => !unreadable.has(slice.name)).map(readSlice));
    for (const part of read) if (part.bytes === null) unreadable.add(part.name);
    const parts = read.flatMap(({ bytes, ...part }) => (bytes === null ? [] : [{ ...part, bytes }]));
    await api.send('import:stage', { jobId, parts });
  }
  // A portion may have followed the cancel that threw the others away.
  if (isCancelling()) await api.send('import:cancel', { jobId });
  return [...unreadable].map((name) => ({
    path: name,
    reason: t('imports.unreadable', { name }),
    expected: false,
  }));
}

interface FileSlice {
  readonly file: ChosenFile;
  readonly index: number;
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The files in slices, as many together as fit a portion. An empty file has one too: what is wrong with it is said with the others. */
export function portionFiles(files: readonly ChosenFile[]): FileSlice[][] {
  const portions: FileSlice[][] = [];
  let left = 0;
  for (const [index, file] of files.entries()) {
    const name = file.webkitRelativePath || file.name;
    for (let start = 0; start === 0 || start < file.size; start += portionBytes) {
      const end = Math.min(start + portionBytes, file.size);
      const slice = { file, index, name, start, end };
      if (portions.length > 0 && end - start <= left) portions.at(-1)?.push(slice);
      else {
        portions.push([slice]);
        left = portionBytes;
      }
      left -= end - start;
    }
  }
  return portions;
}

export async function readSlice({ file, name, start, end }: FileSlice) {
  const bytes = await file
    .slice(start, end)
    .arrayBuffer()
    .then(
      (buffer) => new Uint8Array(buffer),
      () => null,
    );
  return { name, start, bytes };
}
