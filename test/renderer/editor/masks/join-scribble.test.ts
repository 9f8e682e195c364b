import { describe, expect, it } from 'vitest';
import { findParts } from '../../../../electron/common/mask-parts.ts';
import {
  type BinaryMask,
  countDifferentPixels,
  countMaskPixels,
  createMask,
} from '../../../../electron/common/mask.ts';
import { createRandom } from '../../../../electron/nn/random.ts';
import { paintSegment } from '../../../../renderer/editor/brush.ts';
import { dropShreds, scribbleMask } from '../../../../renderer/editor/masks/blend.ts';
import { joinScribble } from '../../../../renderer/editor/masks/join-scribble.ts';
import { growMask, shrinkMask } from '../../../../renderer/editor/masks/morphology.ts';
import { measureMask } from '../../../../renderer/editor/measure.ts';
import type { Scribble } from '../../../../renderer/tools/scribble/scribble.ts';
import { randomMask } from '../../support/random-masks.ts';

const reach = 40;

/** Around (140, 150), to 210 on the right. */
function oval(): BinaryMask {
  const mask = createMask(300, 300);
  paintSegment(mask, { x: 130, y: 150 }, { x: 150, y: 150 }, 60, 1);
  return mask;
}

function scribble(value: 0 | 1, ...points: readonly (readonly [number, number])[]): Scribble {
  return { value, radius: 2, points: points.map(([x, y]) => ({ x, y })) };
}

const inverse = (mask: BinaryMask): BinaryMask => ({ ...mask, data: mask.data.map((value) => 1 - value) });
const without = (mask: BinaryMask, other: BinaryMask): BinaryMask => ({
  ...mask,
  data: mask.data.map((value, index) => (other.data[index] === 1 ? 0 : value)),
});

/** The share of `part` of the mask in which a disc of a radius has room inside the mask: a hair has room for none. */
function roomy(mask: BinaryMask, part: BinaryMask, radius: number): number {
  const opened = growMask(shrinkMask(mask, radius), radius);
  const lost = countMaskPixels(without(part, opened));
  return 1 - lost / countMaskPixels(part);
}

function join(mask: BinaryMask, ...scribbles: readonly Scribble[]): BinaryMask {
  const joined = { ...mask, data: mask.data.slice() };
  for (const one of scribbles) joinScribble(joined, one, reach, 1);
  return joined;
}

describe('what the network adds around a scribble', () => {
  it('is taken over without nubs and shreds, and the reader’s own stay', () => {
    const before = oval();
    // A hair of the reader's own.
    paintSegment(before, { x: 140, y: 80 }, { x: 140, y: 92 }, 1, 1);
    const answer = { ...before, data: before.data.slice() };
    paintSegment(answer, { x: 205, y: 150 }, { x: 222, y: 150 }, 14, 1);
    const plain = answer.data.slice();
    paintSegment(answer, { x: 236, y: 150 }, { x: 246, y: 150 }, 1.5, 1);
    paintSegment(answer, { x: 260, y: 200 }, { x: 263, y: 200 }, 2, 1);
    dropShreds(answer, before.data, 1, 4);
    expect(countDifferentPixels(answer, { ...answer, data: plain })).toBeLessThan(6);
    expect(answer.data[82 * 300 + 140]).toBe(1);
    const cut = { ...before, data: before.data.slice() };
    paintSegment(cut, { x: 205, y: 150 }, { x: 222, y: 150 }, 14, 0);
    const clean = cut.data.slice();
    paintSegment(cut, { x: 176, y: 150 }, { x: 190, y: 150 }, 1.5, 0);
    dropShreds(cut, before.data, 0, 4);
    expect(countDifferentPixels(cut, { ...cut, data: clean })).toBeLessThan(6);
  });
});

describe('a scribble that is joined to a mask', () => {
  it('out of it makes a swelling with a broad foot, not a hair', () => {
    const mask = oval();
    const line = scribble(1, [200, 150], [232, 146]);
    const hair = { ...mask, data: mask.data.slice() };
    const own = scribbleMask([line], mask, 1);
    own.data.forEach((value, index) => (hair.data[index] |= value));
    expect(roomy(hair, without(hair, mask), 6)).toBeLessThan(0.1);
    const joined = join(mask, line);
    const added = without(joined, mask);
    expect(countMaskPixels(without(own, joined))).toBe(0);
    expect(roomy(joined, added, 6)).toBeGreaterThan(0.85);
    expect(roomy(joined, added, 2)).toBeGreaterThan(0.99);
    expect(measureMask(joined, null)).toMatchObject({ parts: 1, holes: 0 });
    // It ends where the scribble ends.
    expect(joined.data[146 * 300 + 236]).toBe(0);
  });

  it('far out of it makes a finger that is nowhere as thin as a pixel', () => {
    const mask = oval();
    const joined = join(mask, scribble(1, [205, 150], [280, 140]));
    expect(roomy(joined, without(joined, mask), 1.5)).toBeGreaterThan(0.99);
    expect(findParts(joined)).toHaveLength(1);
  });

  it('along it takes what lies between, without a slit', () => {
    const joined = join(oval(), scribble(1, [214, 120], [222, 150], [214, 185]));
    expect(measureMask(joined, null)).toMatchObject({ parts: 1, holes: 0 });
    const background = inverse(joined);
    const opened = growMask(shrinkMask(background, 2), 2);
    expect(countMaskPixels(without(background, opened))).toBeLessThan(12);
  });

  it('away from it stays a part by itself, exactly as it was drawn', () => {
    const mask = oval();
    const line = scribble(1, [268, 150], [282, 180]);
    const joined = join(mask, line);
    expect(without(joined, mask).data).toEqual(scribbleMask([line], mask, 1).data);
  });

  it('in it, "does not belong", caves the outline in and leaves no shred', () => {
    const mask = oval();
    for (const line of [scribble(0, [192, 120], [198, 150], [190, 180]), scribble(0, [212, 150], [185, 152])]) {
      const joined = join(mask, line);
      const background = inverse(joined);
      const taken = without(mask, joined);
      expect(countMaskPixels(without(scribbleMask([line], mask, 1), background))).toBe(0);
      expect(roomy(background, taken, 4)).toBeGreaterThan(0.9);
      expect(findParts(joined)).toHaveLength(1);
    }
    // Deep inside it is a hole of its own size.
    const deep = scribble(0, [140, 150], [150, 156]);
    expect(without(mask, join(mask, deep)).data).toEqual(scribbleMask([deep], mask, 1).data);
  });

  it('is the later one where two cross', () => {
    const [yes, no] = [scribble(1, [205, 150], [225, 150]), scribble(0, [215, 140], [215, 160])];
    expect(join(oval(), yes, no).data[150 * 300 + 214]).toBe(0);
    expect(join(oval(), no, yes).data[150 * 300 + 214]).toBe(1);
  });

  it.each([1, 2, 3, 4, 5, 6])('only sets pixels to its value, near itself (seed %d)', (seed) => {
    const random = createRandom(seed);
    const mask = randomMask(random, 120, 90, 10);
    const value = seed % 2 === 0 ? 1 : 0;
    const points = Array.from({ length: 4 }, () => ({ x: random.next() * 120, y: random.next() * 90 }));
    const line: Scribble = { value, radius: 1.5, points };
    const joined = { ...mask, data: mask.data.slice() };
    const box = joinScribble(joined, line, 16, 1.3)!;
    const own = scribbleMask([line], mask, 1.3);
    const near = growMask(own, 18, { x: 1, y: 1.3 });
    joined.data.forEach((pixel, index) => {
      if (own.data[index] === 1) expect(pixel).toBe(value);
      else if (pixel !== mask.data[index]) {
        expect(pixel).toBe(value);
        expect(near.data[index]).toBe(1);
        expect(index % 120).toBeGreaterThanOrEqual(box.x);
        expect(Math.floor(index / 120)).toBeGreaterThanOrEqual(box.y);
      }
    });
  });

  it('outside the frame changes nothing', () => {
    const mask = oval();
    expect(joinScribble(mask, scribble(1, [-20, 10], [-30, 20]), reach, 1)).toBeNull();
    expect(mask.data).toEqual(oval().data);
  });
});
