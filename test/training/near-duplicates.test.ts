import { describe, expect, it } from 'vitest';
import { decodeImage, encodeThumbnail } from '../../electron/files/image.ts';
import { toGray } from '../../electron/inference/preprocess.ts';
import { createRandom } from '../../electron/nn/random.ts';
import type { GrayFrame } from '../../electron/training/gray-frame.ts';
import { findNearDuplicates } from '../../electron/training/near-duplicates.ts';
import { createThumbnail } from '../../electron/training/thumbnail.ts';

/**
 * Tissue that darkens with depth, with a dark disc and its bright wall: the same for all seeds. Its speckle, grains of 5 and clusters of
 * some 15 pixels, is each seed's own.
 */
function phantom(seed: number, width = 240, height = 180): GrayFrame {
  const random = createRandom(seed);
  const noise = Float32Array.from({ length: width * height }, () => random.next() - 0.5);
  const clusters = boxMean(boxMean(noise, width, 5), width, 5);
  const grains = boxMean(noise, width, 2);
  const gray = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const distance = Math.hypot(x - 0.45 * width, y - 0.4 * height) / width;
      const tissue = distance < 0.15 ? 25 : distance < 0.17 ? 200 : 130 - (70 * y) / height;
      const at = y * width + x;
      gray[at] = Math.max(0, Math.min(255, tissue * (1 + 3 * grains[at] + 8 * clusters[at])));
    }
  return { width, height, gray };
}

/** The mean of the square of 2 radius + 1 pixels around each, wrapped at the borders. */
function boxMean(plane: Float32Array, width: number, radius: number): Float32Array {
  const size = plane.length;
  const along = (source: Float32Array, stride: number): Float32Array =>
    source.map((_, at) => {
      let sum = 0;
      for (let i = -radius; i <= radius; i += 1) sum += source[(at + i * stride + size) % size];
      return sum / (2 * radius + 1);
    });
  return along(along(plane, 1), width);
}

function crop({ width, gray }: GrayFrame, left: number, top: number, columns: number, rows: number): GrayFrame {
  const part = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row += 1)
    part.set(gray.subarray((top + row) * width + left).subarray(0, columns), row * columns);
  return { width: columns, height: rows, gray: part };
}

const mapped = (frame: GrayFrame, change: (value: number) => number): GrayFrame => ({
  ...frame,
  gray: frame.gray.map((value) => Math.min(255, change(value))),
});

/** As a JPEG of 160 columns. */
async function reEncoded(frame: GrayFrame): Promise<GrayFrame> {
  const { width, height, gray } = frame;
  const picture = await decodeImage(await encodeThumbnail({ width, height, channels: 1, pixels: gray }), 'again.jpg');
  return { width: picture.width, height: picture.height, gray: toGray(picture) };
}

/** Two dotted lines across the disc, a cross at each end, and a white field of text in the corner. */
function withCalipers(frame: GrayFrame): GrayFrame {
  const gray = frame.gray.slice();
  const mark = (x: number, y: number): void => void (gray[y * frame.width + x] = 255);
  for (let i = 0; i < 70; i += 3) {
    mark(75 + i, 72);
    mark(108, 37 + i);
  }
  for (const [x, y] of [
    [75, 72],
    [144, 72],
    [108, 37],
    [108, 106],
  ])
    for (let i = -4; i <= 4; i += 1) {
      mark(x + i, y);
      mark(x, y + i);
    }
  for (let y = 160; y < 176; y += 1) for (let x = 8; x < 60; x += 1) if ((x + y) % 4 < 2) mark(x, y);
  return { ...frame, gray };
}

const matches = (one: GrayFrame, ...others: GrayFrame[]) =>
  findNearDuplicates([createThumbnail(one)], others.map(createThumbnail));

describe('near-duplicates', () => {
  const frame = phantom(1);

  it('are found after another encoding at another size', async () => {
    const again = await reEncoded(frame);
    expect(again.width).toBe(160);
    expect(matches(frame, again)).toHaveLength(1);
  });

  it('are found cropped by 3 % on one side, by 5 % on all, whichever of the two is the smaller', () => {
    const oneSide = crop(frame, 7, 0, 233, 180);
    const allSides = crop(frame, 6, 5, 228, 171);
    for (const cropped of [oneSide, allSides]) {
      expect(matches(frame, cropped)).toHaveLength(1);
      expect(matches(cropped, frame)).toHaveLength(1);
    }
  });

  it('are found with other gain and gamma', () => {
    const darker = mapped(frame, (value) => value * 0.8);
    expect(matches(frame, darker)[0].similarity).toBeGreaterThan(0.98);
    const clipped = mapped(frame, (value) => value * 1.4);
    expect(matches(frame, clipped)).toHaveLength(1);
    expect(
      matches(
        frame,
        mapped(frame, (value) => 255 * (value / 255) ** 0.7),
      ),
    ).toHaveLength(1);
  });

  it('are found with calipers and text on one of them', () => {
    expect(matches(frame, withCalipers(frame))).toHaveLength(1);
  });

  it('are found with all of it at once', async () => {
    const changed = mapped(crop(withCalipers(frame), 5, 4, 233, 174), (value) => value * 0.8);
    expect(matches(frame, await reEncoded(changed))).toHaveLength(1);
  });

  it('are not the same anatomy in other speckle', () => {
    const strangers = [2, 3, 4, 5, 6].map((seed) => phantom(seed));
    expect(matches(frame, ...strangers)).toEqual([]);
    expect(matches(withCalipers(frame), ...strangers.map(withCalipers))).toEqual([]);
  });

  it('are not pictures without any texture', () => {
    const even = (value: number): GrayFrame => ({ width: 50, height: 40, gray: new Uint8Array(2000).fill(value) });
    expect(matches(even(0), even(0), even(90))).toEqual([]);
  });

  it('name the best match of each picture, by the places in both lists', () => {
    const train = [phantom(7), frame, phantom(8)].map(createThumbnail);
    const others = [phantom(9), withCalipers(frame), frame, phantom(8)].map(createThumbnail);
    expect(findNearDuplicates(train, others).map(({ train, other }) => [train, other])).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });
});
