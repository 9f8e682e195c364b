// Owns what an import reports: studies, new instances, failures with reasons, and remarks.
import { dirname } from 'node:path';
import { isAbortError, toErrorMessage } from '../common/errors.ts';
import type { ErrorCode } from '../common/errors.ts';
import type { ImportSource } from './import-sources.ts';

export interface ImportFailure {
  readonly file: string;
  readonly code: ErrorCode;
  readonly message: string;
}

export interface ImportResult {
  /** Studies that hold the files, new ones and those that had them before. */
  readonly studyIds: readonly string[];
  /** Instances that were added. */
  readonly instanceIds: readonly string[];
  /** Frames that were added. */
  readonly frameCount: number;
  /** Files that the workspace had already. */
  readonly unchanged: readonly string[];
  readonly failures: readonly ImportFailure[];
  readonly warnings: readonly string[];
}

export interface ImportedFile {
  readonly studyId: string;
  readonly instanceId: string;
  readonly added: boolean;
  readonly frameCount: number;
  readonly warnings: readonly string[];
}

const imageExtension = /\.(dcm|dicom|ima|png|jpe?g|webp|tiff?|bmp)$/i;
const namedAtMost = 5;

export class ImportLog {
  readonly #studyIds = new Set<string>();
  readonly #instanceIds: string[] = [];
  readonly #unchanged: string[] = [];
  readonly #failures: ImportFailure[] = [];
  readonly #warnings: string[] = [];
  readonly #ignored = new Map<string, string[]>();
  #frameCount = 0;

  add(file: string, imported: ImportedFile): void {
    this.#studyIds.add(imported.studyId);
    if (imported.added) {
      this.#instanceIds.push(imported.instanceId);
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
    this.#failures.push({ file, code: code === 'aborted' ? 'fault' : code, message });
  }

  /** Notes a file that is no image: a failure where it was chosen or calls itself one, else one of those that a folder may hold. */
  refuse(source: ImportSource): void {
    if (source.chosen || imageExtension.test(source.fileName)) {
      const message = `${source.name} is not a DICOM, PNG, JPEG, WebP, TIFF or BMP file: its content is none of these.`;
      this.#failures.push({ file: source.name, code: 'bad-input', message });
      return;
    }
    const folder = dirname(source.name);
    this.#ignored.set(folder, [...(this.#ignored.get(folder) ?? []), source.fileName]);
  }

  warn(warning: string): void {
    this.#warnings.push(warning);
  }

  result(): ImportResult {
    return {
      studyIds: [...this.#studyIds],
      instanceIds: this.#instanceIds,
      frameCount: this.#frameCount,
      unchanged: this.#unchanged,
      failures: this.#failures,
      warnings: [...this.#warnings, ...this.#describeUnchanged(), ...this.#describeIgnored()],
    };
  }

  #describeUnchanged(): string[] {
    const count = this.#unchanged.length;
    if (count === 0) return [];
    return [`${countFiles(count)} already in the workspace, nothing was added: ${nameSome(this.#unchanged)}.`];
  }

  #describeIgnored(): string[] {
    return [...this.#ignored].map(
      ([folder, names]) => `${countFiles(names.length)} not an image, left out of ${folder}: ${nameSome(names)}.`,
    );
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
