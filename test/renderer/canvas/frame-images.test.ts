import { describe, expect, it } from 'vitest';
import { FrameImages, toRgba } from '../../../renderer/canvas/frame-images.ts';

/** Pictures of 10×10 pixels (400 bytes) that arrive when the test says so, and remember whether they were let go. */
class Pictures {
  readonly asked: string[] = [];
  readonly closed: string[] = [];
  private readonly waiting = new Map<
    string,
    { resolve: (image: ImageBitmap) => void; reject: (error: Error) => void }
  >();

  readonly fetch = (id: string): Promise<ImageBitmap> => {
    this.asked.push(id);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  };

  async arrive(id: string): Promise<void> {
    this.waiting.get(id)?.resolve({ width: 10, height: 10, close: () => void this.closed.push(id) });
    await settle();
  }

  async fail(id: string): Promise<void> {
    this.waiting.get(id)?.reject(new Error('lost'));
    await settle();
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('pictures of frames', () => {
  it('are fetched ahead three at a time, in the order of the wish; all wait for the one to be shown', async () => {
    const pictures = new Pictures();
    const images = new FrameImages(pictures.fetch);
    images.prepare(['a', 'b', 'c', 'd', 'e']);
    expect(pictures.asked).toEqual(['a', 'b', 'c']);
    const shown = images.show('z');
    expect(pictures.asked).toEqual(['a', 'b', 'c', 'z']);
    await pictures.arrive('b');
    expect(pictures.asked).toEqual(['a', 'b', 'c', 'z']);
    await pictures.arrive('z');
    expect((await shown).width).toBe(10);
    expect(pictures.asked).toEqual(['a', 'b', 'c', 'z', 'd']);
    expect([images.has('b'), images.has('z'), images.has('a')]).toEqual([true, true, false]);
  });

  it('give up wishes that were not begun when the reader goes elsewhere', async () => {
    const pictures = new Pictures();
    const images = new FrameImages(pictures.fetch);
    images.prepare(['a', 'b', 'c', 'd', 'e']);
    images.prepare(['x', 'y']);
    for (const id of ['a', 'b', 'c']) await pictures.arrive(id);
    expect(pictures.asked).toEqual(['a', 'b', 'c', 'x', 'y']);
  });

  it('are asked for once, also where one that is on its way is to be shown', async () => {
    const pictures = new Pictures();
    const images = new FrameImages(pictures.fetch);
    images.prepare(['a']);
    const shown = images.show('a');
    await pictures.arrive('a');
    expect(images.peek('a')).toBe(await shown);
    expect(pictures.asked).toEqual(['a']);
  });

  it('stay within their bytes: what was used longest ago is let go, what is on the screen never', async () => {
    const pictures = new Pictures();
    const images = new FrameImages(pictures.fetch, 1200);
    expect(images.capacityFor({ width: 10, height: 10 })).toBe(2);
    const first = images.show('a');
    await pictures.arrive('a');
    await first;
    images.prepare(['b', 'c', 'd']);
    for (const id of ['b', 'c', 'd']) await pictures.arrive(id);
    expect(pictures.closed).toEqual(['b']);
    const next = images.show('e');
    expect(images.lastShown).toBe(images.peek('a'));
    await pictures.arrive('e');
    expect(images.lastShown).toBe(await next);
    expect(pictures.closed).toEqual(['b', 'c']);
    expect(images.has('a')).toBe(true);
    images.clear();
    expect(pictures.closed).toEqual(['b', 'c', 'a', 'd', 'e']);
  });

  it('that fail ahead are not asked for again until they are to be shown, and then say why', async () => {
    const pictures = new Pictures();
    const images = new FrameImages(pictures.fetch);
    images.prepare(['a', 'b']);
    await pictures.fail('a');
    expect(pictures.asked).toEqual(['a', 'b']);
    const shown = images.show('a');
    expect(pictures.asked).toEqual(['a', 'b', 'a']);
    const refused = expect(shown).rejects.toThrow('lost');
    await pictures.fail('a');
    await refused;
  });

  it('become what the browser draws', () => {
    expect([...toRgba(Uint8Array.of(0, 7, 255), 1)]).toEqual([0, 0, 0, 255, 7, 7, 7, 255, 255, 255, 255, 255]);
    expect([...toRgba(Uint8Array.of(1, 2, 3, 250, 251, 252), 3)]).toEqual([1, 2, 3, 255, 250, 251, 252, 255]);
  });
});
