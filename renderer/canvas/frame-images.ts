// Owns the decoded pictures of frames near the one shown, so that stepping back and forth does not wait.
import type { Api } from '../../electron/common/api.ts';

const capacity = 32;

export class FrameImages {
  private readonly api: Pick<Api, 'send'>;
  private readonly images = new Map<string, Promise<ImageBitmap>>();
  private readonly ready = new Map<string, ImageBitmap>();

  constructor(api: Pick<Api, 'send'>) {
    this.api = api;
  }

  /** The picture if it is decoded already. */
  peek(frameId: string): ImageBitmap | null {
    return this.ready.get(frameId) ?? null;
  }

  /** The picture of a frame. A failure is not kept: the next call asks again. */
  load(frameId: string): Promise<ImageBitmap> {
    const known = this.images.get(frameId);
    // Taken out and put in again, the oldest use comes first in the map.
    this.images.delete(frameId);
    const image = known ?? this.fetch(frameId);
    this.images.set(frameId, image);
    for (const oldest of this.images.keys()) {
      if (this.images.size <= capacity) break;
      this.images.delete(oldest);
      this.ready.delete(oldest);
    }
    return image;
  }

  private async fetch(frameId: string): Promise<ImageBitmap> {
    try {
      const { png } = await this.api.send('frame:pixels', { frameId });
      const image = await createImageBitmap(new Blob([new Uint8Array(png)], { type: 'image/png' }));
      if (this.images.has(frameId)) this.ready.set(frameId, image);
      return image;
    } catch (error) {
      this.images.delete(frameId);
      throw error;
    }
  }
}
