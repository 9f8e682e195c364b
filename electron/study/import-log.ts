// Owns what an import reports: studies, new instances, what was skipped and why, and remarks.
import { AppError, isAbortError, toErrorMessage } from '../common/errors.ts';
import type { ErrorCode } from '../common/errors.ts';
import { describeForeign } from '../files/media-type.ts';
import type { ImportSource } from './import-sources.ts';

export interface SkippedFile {
  readonly path: string;
  /** A sentence for the reader. */
  readonly reason: string;
  readonly code: ErrorCode;
  /** One of the files that folders hold beside images: nothing is wrong with it. */
  readonly expected: boolean;
}

export interface ImportResult {
  /** Studies that hold the files, new ones and those that had them before. */
  readonly studyIds: readonly string[];
  /** Instances that hold the files, in the order of the import; `addedInstanceIds` are the new ones among them. */
  readonly instanceIds: readonly string[];
  readonly addedInstanceIds: readonly string[];
  /** Frames that were added. */
  readonly frameCount: number;
  /** Files that the workspace had already. */
  readonly unchanged: readonly string[];
  readonly skipped: readonly SkippedFile[];
  readonly warnings: readonly string[];
  /** It was cancelled: what is listed is complete, the rest was not begun. */
  readonly cancelled: boolean;
}

export interface ImportedFile {
  readonly studyId: string;
  readonly instanceId: string;
  readonly added: boolean;
  readonly frameCount: number;
  readonly warnings: readonly string[];
}

const imageExtension = /\.(dcm|dicom|ima|png|jpe?g|webp|tiff?|bmp|gif|mp4|m4v|mov|avi)$/i;
const namedAtMost = 5;

export class ImportLog {
  readonly #studyIds = new Set<string>();
  readonly #instanceIds = new Set<string>();
  readonly #addedInstanceIds: string[] = [];
  readonly #unchanged: string[] = [];
  readonly #skipped: SkippedFile[] = [];
  readonly #warnings: string[] = [];
  #frameCount = 0;

  add(file: string, imported: ImportedFile): void {
    this.#studyIds.add(imported.studyId);
    this.#instanceIds.add(imported.instanceId);
    if (imported.added) {
      this.#addedInstanceIds.push(imported.instanceId);
      this.#frameCount += imported.frameCount;
      this.#warnings.push(...imported.warnings.map((warning) => `${file}: ${warning}`));
    } else {
      this.#unchanged.push(file);
    }
  }

  /** Notes why a file failed; a cancelled import goes on cancelling. */
  fail(file: string, error: unknown): void {
    if (isAbortError(error)) throw error;
    const { code, message } = toErrorMessage(error);
    this.#skipped.push({
      path: file,
      reason: message,
      code: code === 'aborted' ? 'fault' : code,
      expected: error instanceof UnwantedFileError,
    });
  }

  /** Notes a file that is no image: expected in a folder, unless it was chosen or calls itself one. */
  refuse(source: ImportSource, start: Uint8Array): void {
    this.#skipped.push({
      path: source.name,
      reason: `${source.name} ${describeForeign(start)}.`,
      code: 'bad-input',
      expected: !source.chosen && !imageExtension.test(source.fileName),
    });
  }

  warn(warning: string): void {
    this.#warnings.push(warning);
  }

  result(cancelled: boolean): ImportResult {
    return {
      studyIds: [...this.#studyIds],
      instanceIds: [...this.#instanceIds],
      addedInstanceIds: this.#addedInstanceIds,
      frameCount: this.#frameCount,
      unchanged: this.#unchanged,
      skipped: this.#skipped,
      warnings: [...this.#warnings, ...this.#describeUnchanged()],
      cancelled,
    };
  }

  #describeUnchanged(): string[] {
    const count = this.#unchanged.length;
    if (count === 0) return [];
    return [`${countFiles(count)} already in the workspace, nothing was added: ${nameSome(this.#unchanged)}.`];
  }
}

/** A file that belongs to what is imported and is no image itself, such as a report in a DICOM folder. */
export class UnwantedFileError extends AppError {
  constructor(message: string) {
    super('unsupported', message);
  }
}

function countFiles(count: number): string {
  return count === 1 ? '1 file is' : `${count} files are`;
}

function nameSome(names: readonly string[]): string {
  const rest = names.length - namedAtMost;
  const shown = names.slice(0, namedAtMost).join(', ');
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
