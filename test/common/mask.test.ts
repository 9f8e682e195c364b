import { describe, expect, it } from 'vitest';
import type { BinaryMask } from '../../electron/common/mask.ts';
import {
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
