import { describe, expect, it } from 'vitest';
import { createMask, decodeMask, encodeMask, maskBox, maskDice, masksEqual } from '../../electron/common/mask.ts';

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
