// Owns the decoded pictures of frames: those near the one shown are fetched ahead, so that playing and stepping do not wait. What is kept
// is bounded in bytes; what was used longest ago goes first.
import type { Api } from '../../electron/common/api.ts';

type Fetch = (frameId: string) => Promise<ImageBitmap>;

/** About 80 colour frames of 1024×768 as the browser holds them, 4 bytes a pixel. */
const standardBudget = 256 * 2 ** 20;

/** So many frames are fetched ahead at a time; the one to be shown never waits for them. */
const fetchedAtOnce = 3;

interface Kept {
  readonly image: ImageBitmap;
  readonly bytes: number;
}

export class FrameImages {
  private readonly fetch: Fetch;
  private readonly budget: number;
  /** In the order of use, the latest last. */
  private readonly kept = new Map<string, Kept>();
  private readonly coming = new Map<string, Promise<ImageBitmap>>();
  private keptBytes = 0;
  private wishes: readonly string[] = [];
  private shown: string | null = null;
  /** Shown before that one, and still on the screen until it is here. */
  private shownBefore: string | null = null;
  private fetchingAhead = 0;
  /** How many pictures are to be shown as soon as they are here; nothing is begun ahead meanwhile, which would take their time. */
  private awaited = 0;

  constructor(fetch: Fetch, budget = standardBudget) {
    this.fetch = fetch;
    this.budget = budget;
  }

  /** The picture if it is here already. */
  peek(frameId: string): ImageBitmap | null {
    return this.kept.get(frameId)?.image ?? null;
  }

  /** The picture that was shown last, for as long as the next is not here. */
  get lastShown(): ImageBitmap | null {
    return this.peek(this.shown ?? '') ?? this.peek(this.shownBefore ?? '');
  }

  has(frameId: string): boolean {
    return this.kept.has(frameId);
  }

  /** The picture of a frame that is to be shown now; it stays while it is. A failure is not kept: the next call asks again. */
  async show(frameId: string): Promise<ImageBitmap> {
    if (this.shown !== null && this.shown !== frameId && this.kept.has(this.shown)) this.shownBefore = this.shown;
    this.shown = frameId;
    const kept = this.kept.get(frameId);
    if (kept) {
      // Taken out and put in again, the oldest use comes first in the map.
      this.kept.delete(frameId);
      this.kept.set(frameId, kept);
      return kept.image;
    }
    this.awaited += 1;
    try {
      return await this.bring(frameId);
    } finally {
      this.awaited -= 1;
      this.goOn();
    }
  }

  /** Fetches these ahead, the first first, as far as there is room. Earlier wishes that were not begun are given up. */
  prepare(frameIds: readonly string[]): void {
    this.wishes = frameIds;
    this.goOn();
  }

  /** How many frames of a size fit, with some room for those of another cine. */
  capacityFor({ width, height }: { readonly width: number; readonly height: number }): number {
    return Math.max(2, Math.floor((0.9 * this.budget) / (4 * width * height)));
  }

  /** Lets all pictures go. */
  clear(): void {
    this.wishes = [];
    for (const { image } of this.kept.values()) image.close();
    this.kept.clear();
    this.keptBytes = 0;
  }

  private goOn(): void {
    while (this.awaited === 0 && this.fetchingAhead < fetchedAtOnce) {
      const next = this.wishes.find((id) => !this.kept.has(id) && !this.coming.has(id));
      if (next === undefined) return;
      this.fetchingAhead += 1;
      const end = (): void => {
        this.fetchingAhead -= 1;
        this.goOn();
      };
      this.bring(next).then(end, () => {
        // It says what is wrong when it is shown; until then nobody asks again.
        this.wishes = this.wishes.filter((id) => id !== next);
        end();
      });
    }
  }

  private bring(frameId: string): Promise<ImageBitmap> {
    const known = this.coming.get(frameId);
    if (known) return known;
    const coming = this.fetch(frameId).then(
      (image) => {
        this.coming.delete(frameId);
        this.keep(frameId, image);
        return image;
      },
      (error: unknown) => {
        this.coming.delete(frameId);
        throw error;
      },
    );
    this.coming.set(frameId, coming);
    return coming;
  }

  private keep(frameId: string, image: ImageBitmap): void {
    const bytes = 4 * image.width * image.height;
    this.kept.set(frameId, { image, bytes });
    this.keptBytes += bytes;
    for (const [oldest, { image: old, bytes: freed }] of this.kept) {
      if (this.keptBytes <= this.budget) break;
      if (oldest === this.shown || oldest === this.shownBefore || oldest === frameId) continue;
      this.kept.delete(oldest);
      this.keptBytes -= freed;
      old.close();
    }
  }
}

/** A frame's pixels from the app as the browser draws them. */
export async function fetchFrameImage(api: Pick<Api, 'send'>, frameId: string): Promise<ImageBitmap> {
  const { width, height, channels, pixels } = await api.send('frame:picture', { frameId });
  return createImageBitmap(new ImageData(toRgba(pixels, channels), width, height));
}

/** Grey or RGB samples as red, green, blue, alpha. */
export function toRgba(pixels: Uint8Array, channels: 1 | 3): Uint8ClampedArray<ArrayBuffer> {
  const count = pixels.length / channels;
  const words = new Uint32Array(count);
  // One 32-bit word a pixel, in the machine's order of bytes: that of every machine that browsers run on.
  if (channels === 1) for (let i = 0; i < count; i += 1) words[i] = 0xff000000 | (pixels[i] * 0x010101);
  else {
    for (let i = 0, j = 0; i < count; i += 1, j += 3) {
      words[i] = 0xff000000 | (pixels[j + 2] << 16) | (pixels[j + 1] << 8) | pixels[j];
    }
  }
  return new Uint8ClampedArray(words.buffer);
}
