import { describe, expect, it } from 'vitest';
import {
  type BinaryMask,
  countDifferentPixels,
  countMaskPixels,
  createMask,
  decodeMask,
  encodedDice,
  encodeMask,
  maskBox,
  maskDice,
  masksEqual,
} from '../../electron/common/mask.ts';
import { createRandom } from '../../electron/nn/random.ts';

function ring(width: number, height: number) {
  const mask = createMask(width, height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const distance = Math.hypot(x - width / 2, y - height / 2);
      if (distance < height / 3 && distance > height / 6) mask.data[y * width + x] = 1;
    }
  }
  return mask;
}

describe('binary masks', () => {
  it('survive run-length bytes with holes, an empty mask and a full one', () => {
    const full = { ...createMask(300, 200), data: new Uint8Array(60_000).fill(1) };
    for (const mask of [ring(301, 211), createMask(7, 5), full]) {
      expect(masksEqual(decodeMask(encodeMask(mask), mask.width, mask.height), mask)).toBe(true);
    }
  });

  it('refuse bytes of another size or cut in a run', () => {
    const bytes = encodeMask(ring(301, 211));
    expect(() => decodeMask(bytes, 300, 211)).toThrow(/needs 63300/);
    expect(() => decodeMask(Uint8Array.of(200), 2, 2)).toThrow(/middle of a run/);
  });

  it('give 1 for two empty masks, 0 for empty against non-empty, and the box of what is set', () => {
    const mask = ring(100, 60);
    expect(maskDice(createMask(4, 4), createMask(4, 4))).toBe(1);
    expect(maskDice(mask, createMask(100, 60))).toBe(0);
    expect(maskDice(mask, mask)).toBe(1);
    expect(maskBox(mask)).toEqual({ x: 31, y: 11, width: 39, height: 39 });
    expect(maskBox(createMask(4, 4))).toBeNull();
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'are counted, compared and boxed as pixel by pixel, at any place in memory (seed %d)',
    (seed) => {
      const random = createRandom(seed);
      const [width, height] = [1 + random.integer(90), 1 + random.integer(70)];
      const place = (): BinaryMask => {
        const buffer = new ArrayBuffer(width * height + 8);
        const data = new Uint8Array(buffer, random.integer(8), width * height);
        const share = random.next() ** 3;
        for (let i = 0; i < data.length; i += 1) data[i] = random.next() < share ? 1 : 0;
        return { width, height, data };
      };
      const [a, b] = [place(), place()];
      const pixels = [...a.data].map((value, index) => ({ x: index % width, y: Math.floor(index / width), value }));
      const set = pixels.filter(({ value }) => value === 1);
      expect(countMaskPixels(a)).toBe(set.length);
      expect(countDifferentPixels(a, b)).toBe(pixels.filter(({ value }, index) => value !== b.data[index]).length);
      const both = set.filter(({ x, y }) => b.data[y * width + x] === 1).length;
      const sum = set.length + countMaskPixels(b);
      expect(maskDice(a, b)).toBeCloseTo(sum === 0 ? 1 : (2 * both) / sum, 12);
      expect(masksEqual(a, { ...a, data: a.data.slice() })).toBe(true);
      expect(masksEqual(a, b)).toBe(pixels.every(({ value }, index) => value === b.data[index]));
      const [xs, ys] = [set.map(({ x }) => x), set.map(({ y }) => y)];
      const [x, y] = [Math.min(...xs), Math.min(...ys)];
      const box = { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
      expect(maskBox(a)).toEqual(set.length === 0 ? null : box);
    },
  );

  it('of a full frame are counted without running over', () => {
    const full = { width: 1024, height: 768, data: new Uint8Array(1024 * 768).fill(1) };
    expect(countMaskPixels(full)).toBe(1024 * 768);
    expect(countDifferentPixels(full, createMask(1024, 768))).toBe(1024 * 768);
  });
});

describe('the overlap of packed masks', () => {
  it('is that of the masks themselves', () => {
    const random = createRandom(3);
    for (let round = 0; round < 30; round += 1) {
      const noise = (): BinaryMask => {
        const mask = createMask(37, 23);
        for (let i = 0; i < mask.data.length; i += 1) mask.data[i] = random.next() < 0.2 + 0.5 * ((i >> 5) % 2) ? 1 : 0;
        return mask;
      };
      const [a, b] = [noise(), noise()];
      expect(encodedDice(encodeMask(a), encodeMask(b))).toBeCloseTo(maskDice(a, b), 12);
    }
  });

  it('is 1 for two empty masks, 0 for one, and 1 for a full mask and itself', () => {
    const [empty, full] = [createMask(9, 4), createMask(9, 4)];
    full.data.fill(1);
    expect(encodedDice(encodeMask(empty), encodeMask(empty))).toBe(1);
    expect(encodedDice(encodeMask(empty), encodeMask(full))).toBe(0);
    expect(encodedDice(encodeMask(full), encodeMask(full))).toBe(1);
    expect(encodedDice(encodeMask(ring(50, 40)), encodeMask(ring(50, 40)))).toBe(1);
  });
});
