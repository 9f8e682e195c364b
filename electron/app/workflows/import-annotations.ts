// Owns the way back: annotations from a folder, ours or another program's, become revisions one by one, until the reader cancels. What was merged by
// then stays and is said, like what was merged before a damaged file.
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { AnnotationImport, ParsedCommandInput } from '../../common/api.ts';
import { AppError } from '../../common/errors.ts';
import type { ReadAnnotation } from '../../export/export-format.ts';
import { findAnnotations } from '../../export/read-folder.ts';
import type { FoundAnnotations } from '../../export/read-folder.ts';
import { findExportFormat } from '../../export/registry.ts';
import type { AppContext } from '../context.ts';
import { ExportRecord } from './export-record.ts';
import { importMeasurements } from './import-measurements.ts';
import { FrameMatcher } from './match-frames.ts';
import { describeIncoming, findLabel, merge } from './merge-annotation.ts';
import { withFolderOf } from './temporary-folder.ts';

/** Progress is told this often at most. */
const progressIntervalMs = 100;

/**
 * Throws what findAnnotations throws, AppError('conflict') for a job that runs already, and AppError naming a damaged file where nothing was merged
 * before it.
 */
export async function importAnnotations(
  context: AppContext,
  { folder, jobId, files, reader }: ParsedCommandInput<'annotation:import'>,
  signal?: AbortSignal,
): Promise<AnnotationImport> {
  const job = jobId ?? randomUUID();
  if (context.imports.has(job)) throw new AppError('conflict', `The import ${job} is running already.`);
  const controller = new AbortController();
  context.imports.set(job, controller);
  const options: FolderOptions = {
    reader,
    signal: signal ? AbortSignal.any([signal, controller.signal]) : controller.signal,
    onProgress: progressReporter(context, job),
  };
  try {
    if (folder !== null) return await importFolder(context, folder, options);
    const given = [...(await context.store.stagedFiles(job)), ...(files ?? [])];
    if (given.length === 0) throw new AppError('bad-input', 'There is no folder to take annotations from.');
    return await withFolderOf(given, (temporary) => importFolder(context, temporary, options));
  } finally {
    context.imports.delete(job);
    await context.store.discardStaged(job);
  }
}

function progressReporter({ events }: AppContext, jobId: string): FolderOptions['onProgress'] {
  let last = 0;
  return (done, total) => {
    const now = performance.now();
    if (done > 1 && done !== total && now - last < progressIntervalMs) return;
    last = now;
    events.emit('annotation:progressed', { jobId, done, total });
  };
}

interface FolderOptions {
  readonly reader: string | null;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number | null) => void;
}

async function importFolder(
  context: AppContext,
  folder: string,
  { reader, signal, onProgress }: FolderOptions,
): Promise<AnnotationImport> {
  const found = await findAnnotations(folder);
  const source = found.format.title;
  const foreignReader = reader ?? `${source} import`;
  const run = new MergeRun(
    context,
    found,
    await FrameMatcher.create(context.store, folder, found.manifest),
    foreignReader,
  );
  try {
    for await (const read of found.read(run.remark)) {
      // Lets a request to cancel in.
      await setImmediate();
      if (signal.aborted) return run.report({ cancelled: true });
      await run.take(read);
      onProgress(run.taken, found.manifest?.annotations.length ?? null);
    }
  } catch (error) {
    if (!(error instanceof AppError) || run.merged === 0) throw error;
    return run.report({ trouble: error.message });
  }
  const measurements = await importMeasurements(
    context,
    { format: findExportFormat(found.format.id), folder, foreignReader, record: run.record, labels: run.labels },
    signal,
  );
  measurements.remarks.forEach(run.remark);
  return run.report({ cancelled: measurements.cancelled });
}

/** What has come of an import so far. */
class MergeRun {
  taken = 0;
  readonly record: ExportRecord;
  /** The names of those that were added. */
  readonly labels = new Set<string>();
  readonly #context: AppContext;
  readonly #source: string;
  readonly #matcher: FrameMatcher;
  readonly #foreignReader: string;
  readonly #counts = { added: 0, updated: 0, unchanged: 0, conflicts: 0 };
  readonly #unmatched: AnnotationImport['unmatched'] = [];
  readonly #remarks: string[] = [];

  constructor(
    context: AppContext,
    { format, manifest }: FoundAnnotations,
    matcher: FrameMatcher,
    foreignReader: string,
  ) {
    this.#context = context;
    this.#source = format.title;
    this.record = new ExportRecord(manifest);
    this.#matcher = matcher;
    this.#foreignReader = foreignReader;
  }

  readonly remark = (text: string): void => void this.#remarks.push(text);

  /** Annotations that changed something here. */
  get merged(): number {
    const { added, updated, conflicts } = this.#counts;
    return added + updated + conflicts;
  }

  async take(read: ReadAnnotation): Promise<void> {
    this.taken += 1;
    const match = await this.#matcher.find(read);
    if ('reason' in match) {
      this.#unmatched.push({ frame: read.frame, label: read.label, reason: match.reason });
      return;
    }
    const incoming = describeIncoming(read, this.record, this.#foreignReader);
    const label = findLabel(this.#context, match.frame, incoming, this.labels);
    this.#counts[merge(this.#context, match.frame, label, incoming, this.#source)] += 1;
  }

  report({ cancelled = false, trouble = null }: { cancelled?: boolean; trouble?: string | null }): AnnotationImport {
    const { events, store } = this.#context;
    events.emit('conflict:changed', { waiting: store.conflicts.countWaiting() });
    return {
      format: this.#source,
      ...this.#counts,
      labels: [...this.labels],
      unmatched: this.#unmatched,
      remarks: this.#remarks,
      cancelled,
      trouble,
    };
  }
}
