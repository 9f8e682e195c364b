// Owns the brightness of frames for the tools that follow the image: each frame is fetched and decoded once, and kept while it is near.
import type { Api } from '../../electron/common/api.ts';
import { GreyPicture } from '../editor/grey/grey-picture.ts';

/** How a PNG becomes brightness; the page and the tests each have a decoder of their own. */
export type GreyDecoder = (png: Uint8Array) => Promise<GreyPicture>;

const capacity = 8;

export class FrameGrey {
  private readonly api: Pick<Api, 'send'>;
  private readonly decode: GreyDecoder;
  private readonly loading = new Map<string, Promise<GreyPicture>>();
  private readonly ready = new Map<string, GreyPicture>();

  constructor(api: Pick<Api, 'send'>, decode: GreyDecoder) {
    this.api = api;
    this.decode = decode;
  }

  /** The frame's brightness if it is decoded already. */
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
      const { png } = await this.api.send('frame:pixels', { frameId });
      const picture = await this.decode(png);
      if (this.loading.has(frameId)) this.ready.set(frameId, picture);
      return picture;
    } catch (error) {
      this.loading.delete(frameId);
      throw error;
    }
  }
}

/** The browser's own decoder. */
export async function decodeGrey(png: Uint8Array): Promise<GreyPicture> {
  const image = await createImageBitmap(new Blob([new Uint8Array(png)], { type: 'image/png' }));
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser gives no canvas to read the picture with.');
  context.drawImage(image, 0, 0);
  image.close();
  return GreyPicture.fromRgba(width, height, context.getImageData(0, 0, width, height).data);
}
