// Owns import as the hosts ask for it: dropped bytes, staged files or paths go to the store; the interface hears of progress and of studies as
// they come in.
import { randomUUID } from 'node:crypto';
import type { ImportReport } from '../../common/api.ts';
import { AppError } from '../../common/errors.ts';
import type { ImportOptions, ImportProgress } from '../../study/import.ts';
import type { ImportResult } from '../../study/import-log.ts';
import type { ImportInput } from '../../study/import-run.ts';
import type { AppContext } from '../context.ts';
import { loadSuggestions } from '../prompt-suggestions.ts';
import { loadSettings } from '../settings.ts';

/** Progress is told this often at most, and new studies. */
const progressIntervalMs = 100;
const studyIntervalMs = 500;

export interface ImportJobOptions extends Omit<ImportOptions, 'onStudy' | 'ffmpeg' | 'suggestions'> {
  readonly jobId?: string | undefined;
}

/** Files that cannot be read are listed in the result; the others are imported. */
export async function importStudies(
  context: AppContext,
  input: ImportInput,
  { jobId = randomUUID(), signal, onProgress, ...options }: ImportJobOptions = {},
): Promise<ImportResult> {
  if (context.imports.has(jobId)) throw new AppError('conflict', `The import ${jobId} is running already.`);
  const controller = new AbortController();
  const signals = signal ? [controller.signal, signal] : [controller.signal];
  context.imports.set(jobId, controller);
  const announcer = new Announcer(context, jobId);
  try {
    const { ffmpeg } = await loadSettings(context.home, () => undefined);
    const warnings: string[] = [];
    const suggestions = await loadSuggestions(context, (warning) => warnings.push(warning));
    const result = await context.store.importStaged(jobId, input, {
      ...options,
      suggestions,
      ...(ffmpeg ? { ffmpeg } : {}),
      signal: AbortSignal.any(signals),
      onStudy: (studyId) => announcer.study(studyId),
      onProgress: (progress) => {
        announcer.progress(progress);
        onProgress?.(progress);
      },
    });
    return { ...result, warnings: [...warnings, ...result.warnings] };
  } finally {
    context.imports.delete(jobId);
    announcer.end();
  }
}

/** Paths of this machine. As importStudies. */
export function importPaths(
  context: AppContext,
  paths: readonly string[],
  options?: ImportJobOptions,
): Promise<ImportResult> {
  return importStudies(context, { paths }, options);
}

/** Cancels an import that runs or waits, and throws away what was staged for one that has not begun. */
export async function cancelImport(context: AppContext, jobId: string): Promise<void> {
  const running = context.imports.get(jobId);
  if (running) running.abort();
  else await context.store.discardStaged(jobId);
}

/** The result as the contract has it. */
export function viewImport(result: ImportResult): ImportReport {
  return {
    studyIds: [...result.studyIds],
    imported: result.addedInstanceIds.length,
    unchanged: result.unchanged.length,
    skipped: result.skipped.map(({ path, reason, expected }) => ({ path, reason, expected })),
    warnings: [...result.warnings],
    cancelled: result.cancelled,
  };
}

/** Tells of an import, not more often than anybody could look. */
class Announcer {
  readonly #context: AppContext;
  readonly #jobId: string;
  readonly #studyIds = new Set<string>();
  #toldProgressAt = 0;
  #toldStudiesAt = performance.now();

  constructor(context: AppContext, jobId: string) {
    this.#context = context;
    this.#jobId = jobId;
  }

  progress(progress: ImportProgress): void {
    const now = performance.now();
    if (progress.file !== null && now - this.#toldProgressAt < progressIntervalMs) return;
    this.#toldProgressAt = now;
    this.#context.events.emit('import:progressed', { jobId: this.#jobId, ...progress });
  }

  study(studyId: string): void {
    this.#studyIds.add(studyId);
    if (performance.now() - this.#toldStudiesAt >= studyIntervalMs) this.end();
  }

  /** Tells of the studies that were not told of yet. */
  end(): void {
    if (this.#studyIds.size === 0) return;
    this.#toldStudiesAt = performance.now();
    this.#context.events.emit('study:imported', { studyIds: [...this.#studyIds] });
    this.#studyIds.clear();
  }
}
