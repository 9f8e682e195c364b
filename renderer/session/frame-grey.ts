// Owns the brightness of frames for the tools that follow the image: each frame is fetched once, and kept while it is near.
import type { Api } from '../../electron/common/api.ts';
import { GreyPicture } from '../editor/grey/grey-picture.ts';

const capacity = 8;

export class FrameGrey {
  private readonly api: Pick<Api, 'send'>;
  private readonly loading = new Map<string, Promise<GreyPicture>>();
  private readonly ready = new Map<string, GreyPicture>();

  constructor(api: Pick<Api, 'send'>) {
    this.api = api;
  }

  /** The frame's brightness if it is here already. */
  peek(frameId: string): GreyPicture | null {
    return this.ready.get(frameId) ?? null;
  }

  /** A failure is not kept: the next call asks again. */
  load(frameId: string): Promise<GreyPicture> {
    const known = this.loading.get(frameId);
    // Taken out and put in again, the oldest use comes first in the map.
    this.loading.delete(frameId);
    const picture = known ?? this.fetch(frameId);
    this.loading.set(frameId, picture);
    for (const oldest of this.loading.keys()) {
      if (this.loading.size <= capacity) break;
      this.loading.delete(oldest);
      this.ready.delete(oldest);
    }
    return picture;
  }

  private async fetch(frameId: string): Promise<GreyPicture> {
    try {
      const picture = GreyPicture.fromPicture(await this.api.send('frame:picture', { frameId }));
      if (this.loading.has(frameId)) this.ready.set(frameId, picture);
      return picture;
    } catch (error) {
      this.loading.delete(frameId);
      throw error;
    }
  }
}
