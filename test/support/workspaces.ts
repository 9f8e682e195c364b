// Owns what tests of the store share: temporary folders, small real images and masks.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createMask, encodeMask } from '../../electron/common/mask.ts';
import { encodePng } from '../../electron/files/image.ts';
import type { NamedBytes } from '../../electron/study/store.ts';
import { Store } from '../../electron/study/store.ts';

export const frameWidth = 12;
export const frameHeight = 8;

/** A folder that goes when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sonosync-study-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A store that is closed when the test is over. */
export function openStore(folder: string = temporaryFolder()): Store {
  const store = Store.open(folder, { reader: 'A. Reader' });
  onTestFinished(() => store.close());
  return store;
}

/** A grey PNG; another `shade` is another file. */
export async function pngFile(
  name: string,
  shade: number,
  width = frameWidth,
  height = frameHeight,
): Promise<NamedBytes> {
  const pixels = new Uint8Array(width * height).map((_, index) => (index + shade) % 256);
  return { name, bytes: await encodePng({ width, height, channels: 1, pixels }) };
}

/** Mask bytes with the first `pixels` pixels set. */
export function maskOf(pixels: number, width = frameWidth, height = frameHeight): Uint8Array {
  const mask = createMask(width, height);
  mask.data.fill(1, 0, pixels);
  return encodeMask(mask);
}

/** What a call throws; fails when it throws nothing. */
export async function thrownBy(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}
