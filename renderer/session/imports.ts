// Owns what comes in as files: by their paths where the host has them, else by their bytes, handed over in parts; progress, cancel, report.
import type { EventValue, ImportReport } from '../../electron/common/api.ts';
import { shownList, t } from '../strings/index.ts';
import { openStudy } from './navigation.ts';
import type { Session } from './session.ts';
import { describeFailure, type SessionState } from './state.ts';

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

/**
 * Imports files by their bytes and opens the first study that came of them, unless the reader has gone on with a frame meanwhile. What
 * cannot be read is listed with the reason.
 */
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

/** The dialog goes by itself where it has nothing to tell: the first imported frame is on the canvas already. Another dialog stays. */
export function closeQuietImport(session: Session): void {
  const { importReport, importing, dialog } = session.store.getState();
  const { skipped, warnings, cancelled } = importReport ?? { skipped: [], warnings: [], cancelled: true };
  if (dialog !== 'import' || importing.kind !== 'idle' || cancelled || skipped.length + warnings.length > 0) return;
  session.store.setState({ dialog: null });
  clearImport(session);
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
    if (isInBackground(session)) store.setState({ notice: noticeOf(importReport) });
    else if (importReport.studyIds.length > 0) await openStudy(session, importReport.studyIds[0]);
  } catch (error) {
    const importing = describeFailure(error);
    store.setState({ importing, importRun: null });
    // What was handed over takes room that may be what is missing. A host that cannot be reached throws it away by itself, later.
    await api.send('import:cancel', { jobId }).catch(() => undefined);
    const text = t('imports.endedFailed', { reason: importing.message });
    if (isInBackground(session)) store.setState({ notice: { tone: 'trouble', text } });
  }
}

/** The reader has gone on with a frame: nothing takes them away from it. The report is in the dialog when they look there. */
function isInBackground({ store }: Session): boolean {
  const { dialog, frameId } = store.getState();
  return dialog !== 'import' && frameId !== null;
}

function noticeOf(report: ImportReport): SessionState['notice'] {
  if (report.cancelled) return { tone: 'plain', text: t('imports.cancelled') };
  const what = summarizeImport(report);
  const count = report.skipped.filter(({ expected }) => !expected).length;
  if (count > 0) return { tone: 'trouble', text: t('imports.endedWithout', { what, count }) };
  return { tone: 'plain', text: t('imports.ended', { what }) };
}

/** What came in, in a sentence. */
export function summarizeImport({ imported, unchanged, skipped }: ImportReport): string {
  const parts: string[] = [];
  if (imported > 0) parts.push(t('imports.imported', { count: imported }));
  if (unchanged > 0) parts.push(t('imports.unchanged', { count: unchanged }));
  if (parts.length === 0) return skipped.length > 0 ? t('imports.nothingImported') : t('imports.nothingThere');
  return t('imports.summary', { what: shownList(parts, 'unit') });
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
  const names = uniqueNames(files);
  let left = 0;
  for (const [index, file] of files.entries()) {
    const name = names[index];
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

/** Files from several folders may have one name; a number behind it tells them apart. */
function uniqueNames(files: readonly ChosenFile[]): string[] {
  const taken = new Set<string>();
  return files.map((file) => {
    const path = file.webkitRelativePath || file.name;
    const [, stem, ending] = /^(.*?)(\.[^./]*)?$/s.exec(path) ?? [path, path, ''];
    let name = path;
    for (let number = 2; taken.has(name); number += 1) name = `${stem} (${number})${ending ?? ''}`;
    taken.add(name);
    return name;
  });
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
