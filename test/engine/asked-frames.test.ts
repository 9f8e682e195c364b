import { describe, expect, it } from 'vitest';
import type { EngineImage } from '../../electron/common/engine-protocol.ts';
import { AskedFrames } from '../../electron/engine/asked-frames.ts';

/** Frames of any size, and how often each was asked for. */
function host(width: number, height: number, channels: 1 | 3 = 1) {
  const asked: string[] = [];
  const frames = new AskedFrames(async (key): Promise<EngineImage> => {
    asked.push(key);
    return { key, width, height, channels, pixels: new Uint8Array(width * height * channels).fill(Number(key)) };
  });
  return { frames, asked };
}

describe('frames that are asked for', () => {
  it('come in grey, and once only', async () => {
    const { frames, asked } = host(4, 2, 3);
    const frame = await frames.read('9');
    expect(frame).toEqual({ width: 4, height: 2, gray: new Uint8Array(8).fill(9) });
    expect(await frames.read('9')).toBe(frame);
    expect(asked).toEqual(['9']);
  });

  it('are kept up to 64 MiB of grey, the first ones; the others are asked for again', async () => {
    const { frames, asked } = host(8192, 2048); // 16 MiB each
    const keys = ['1', '2', '3', '4', '5', '6'];
    for (const key of [...keys, ...keys]) expect((await frames.read(key)).gray[0]).toBe(Number(key));
    expect(asked).toEqual([...keys, '5', '6']);
  });

  it.each([
    ['none', null],
    ['7 samples', new Uint8Array(7)],
  ])('are refused with %s of their pixels', async (found, pixels) => {
    const frames = new AskedFrames(async (key) => ({ key, width: 4, height: 2, channels: 1, pixels }));
    await expect(frames.read('1')).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining(found),
    });
  });
});
