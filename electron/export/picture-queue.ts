// Owns the pictures of an export: a few frames at a time are decoded, encoded and written, while the format goes on with its annotations.
import type { Picture } from '../common/picture.ts';
import { encodePng } from '../files/image.ts';
import type { ExportFrame } from './annotation-set.ts';
import type { ExportFolder } from './export-folder.ts';

/** As many as keep two cores and the disk busy; memory holds no more frames than these. */
const framesInFlight = 4;

export class PictureQueue {
  readonly #folder: ExportFolder;
  readonly #isWanted: boolean;
  readonly #running = new Set<Promise<void>>();
  readonly #failures: unknown[] = [];

  constructor(folder: ExportFolder, isWanted: boolean) {
    this.#folder = folder;
    this.#isWanted = isWanted;
  }

  /** Takes a frame's picture; returns when there is room for the next. Throws what an earlier one failed with. */
  async add(
    path: string,
    frame: ExportFrame,
    encode: (picture: Picture) => Promise<Uint8Array> = encodePng,
  ): Promise<void> {
    if (!this.#isWanted) return;
    while (this.#running.size >= framesInFlight) await Promise.race(this.#running);
    this.#throwFailure();
    const task = this.#write(path, frame, encode).catch((error: unknown) => void this.#failures.push(error));
    const tracked = task.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  /** Waits for all of them. Throws what one failed with. */
  async finish(): Promise<void> {
    await this.settle();
    this.#throwFailure();
  }

  /** Waits until nothing more is written, whatever came of it. */
  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #write(path: string, frame: ExportFrame, encode: (picture: Picture) => Promise<Uint8Array>): Promise<void> {
    await this.#folder.write(path, await encode(await frame.picture()));
  }

  #throwFailure(): void {
    if (this.#failures.length > 0) throw this.#failures[0];
  }
}
