// Owns the guess at which frames are asked for next: while somebody plays or steps through a cine, those ahead of the asked one are loaded
// before they are wanted, one at a time. Whatever is asked meanwhile begins a new guess.

/** A frame by its instance and number. */
export interface FramePlace {
  readonly instanceId: string;
  readonly frameNumber: number;
  readonly frameCount: number;
}

/** Steps of more are jumps: nobody is under way there yet. */
const furthestStep = 3;

export class LookAhead {
  readonly #depth: number;
  readonly #load: (place: FramePlace) => Promise<unknown>;
  #last: FramePlace | null = null;
  #run = 0;

  /** `load` keeps what it loads; that it fails is told when the frame itself is asked for. */
  constructor(depth: number, load: (place: FramePlace) => Promise<unknown>) {
    this.#depth = depth;
    this.#load = load;
  }

  /** Takes note that a frame is asked for, and once it is here loads those that follow on the way from the one before. */
  asked(place: FramePlace, loaded: Promise<unknown>): void {
    const step = this.#stepTo(place);
    this.#last = place;
    this.#run += 1;
    if (step !== 0) void this.#follow(place, step, loaded, this.#run);
  }

  /** A first frame is the beginning of a way forward; anything else has to follow from the frame before. */
  #stepTo({ instanceId, frameNumber }: FramePlace): number {
    if (this.#last?.instanceId !== instanceId) return frameNumber === 1 ? 1 : 0;
    const step = frameNumber - this.#last.frameNumber;
    return Math.abs(step) <= furthestStep ? step : 0;
  }

  async #follow(place: FramePlace, step: number, loaded: Promise<unknown>, run: number): Promise<void> {
    await loaded.catch(() => undefined);
    for (let ahead = 1; ahead <= this.#depth && run === this.#run; ahead += 1) {
      const frameNumber = place.frameNumber + ahead * step;
      if (frameNumber < 1 || frameNumber > place.frameCount) return;
      await this.#load({ ...place, frameNumber }).catch(() => undefined);
    }
  }
}
