// Owns which frames the engine was given already, so that pixels cross the process boundary once and a change of prompt is fast.
import type { EngineImage } from '../common/engine-protocol.ts';
import { AppError } from '../common/errors.ts';
import type { Frame } from '../common/study.ts';
import type { Store } from '../study/store.ts';
import type { EngineClient } from './engine-client.ts';

export class EngineImages {
  readonly #store: Store;
  /** What the engine has, by frame id, as it is named again: without pixels. */
  readonly #given = new Map<string, EngineImage>();
  readonly #unsubscribe: () => void;

  constructor(store: Store, engine: EngineClient) {
    this.#store = store;
    // A new process knows nothing of what the last one was given.
    this.#unsubscribe = engine.onStateChange(({ state }) => {
      if (state !== 'ready') this.#given.clear();
    });
  }

  /**
   * Runs `action` with the frame as the engine needs it: without pixels where it was given them before, and once more with them where
   * it has forgotten ('not-found').
   */
  async with<T>(frame: Frame, action: (image: EngineImage) => Promise<T>): Promise<T> {
    const known = this.#given.get(frame.id);
    if (known) {
      try {
        return await action(known);
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'not-found')) throw error;
        this.#given.delete(frame.id);
      }
    }
    const image = await this.withPixels(frame);
    const result = await action(image);
    this.#given.set(frame.id, { ...image, pixels: null });
    return result;
  }

  /** The frame with its pixels, for a job that takes many at once. */
  async withPixels(frame: Frame): Promise<EngineImage> {
    const { width, height, channels, pixels } = await this.#store.framePicture(frame.id);
    return { key: frame.id, width, height, channels, pixels };
  }

  close(): void {
    this.#unsubscribe();
  }
}
