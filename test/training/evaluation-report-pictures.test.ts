import { describe, expect, it } from 'vitest';
import { createMask, type BinaryMask } from '../../electron/common/mask.ts';
import { createRandom } from '../../electron/nn/random.ts';
import {
  enlargedFrame,
  outlineColors,
  outlinedFrame,
  traceOutlines,
} from '../../electron/training/evaluation-report-pictures.ts';

function maskOf(rows: readonly string[]): BinaryMask {
  const mask = createMask(rows[0].length, rows.length);
  mask.data.set(Array.from(rows.join(''), (character) => Number(character === '#')));
  return mask;
}

/** Twice the area within a loop, above 0 where it turns right (mask inside). */
function signedArea(loop: readonly (readonly [number, number])[]): number {
  return loop.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = loop[(index + 1) % loop.length];
    return sum + x * nextY - nextX * y;
  }, 0);
}

describe('the loops around a mask', () => {
  it('go around one pixel, to the right', () => {
    expect(traceOutlines(maskOf(['...', '.#.', '...']))).toEqual([
      [
        [1, 1],
        [2, 1],
        [2, 2],
        [1, 2],
      ],
    ]);
    expect(traceOutlines(createMask(4, 3))).toEqual([]);
  });

  it('part pixels that touch at a corner, and give a hole a loop of its own', () => {
    expect(traceOutlines(maskOf(['#.', '.#'])).map((loop) => loop.length)).toEqual([4, 4]);
    expect(traceOutlines(maskOf(['.#', '#.'])).map((loop) => loop.length)).toEqual([4, 4]);
    const ring = traceOutlines(maskOf(['###', '#.#', '###']));
    expect(ring.map((loop) => signedArea(loop) / 2)).toEqual([9, -1]);
    // A loop that meets its own first corner again on the way.
    const pinched = traceOutlines(maskOf(['.###', '##.#', '#..#', '####']));
    expect(pinched.map((loop) => signedArea(loop) / 2).reduce((sum, part) => sum + part, 0)).toBe(12);
  });

  it('walk every edge once, step by step, and enclose as many pixels as the mask has', () => {
    const random = createRandom(2);
    for (let trial = 0; trial < 50; trial += 1) {
      const [width, height] = [1 + random.integer(12), 1 + random.integer(12)];
      const mask = createMask(width, height);
      mask.data.forEach((_, index) => (mask.data[index] = Number(random.next() < 0.5)));
      const at = (x: number, y: number): number =>
        x < 0 || y < 0 || x >= width || y >= height ? 0 : mask.data[y * width + x];
      let edges = 0;
      for (let y = 0; y <= height; y += 1) {
        for (let x = 0; x <= width; x += 1) {
          edges += Number(at(x, y) !== at(x - 1, y)) + Number(at(x, y) !== at(x, y - 1));
        }
      }
      const loops = traceOutlines(mask);
      expect(loops.reduce((sum, loop) => sum + loop.length, 0)).toBe(edges);
      for (const loop of loops) {
        loop.forEach(([x, y], index) => {
          const [nextX, nextY] = loop[(index + 1) % loop.length];
          expect(Math.abs(nextX - x) + Math.abs(nextY - y)).toBe(1);
        });
      }
      const pixels = mask.data.reduce((sum, pixel) => sum + pixel, 0);
      expect(loops.reduce((sum, loop) => sum + signedArea(loop) / 2, 0)).toBe(pixels);
    }
  });
});

describe('the picture of a case', () => {
  const frame = { width: 80, height: 60, gray: new Uint8Array(80 * 60).fill(90) };
  const truth = createMask(80, 60);
  for (let y = 20; y < 40; y += 1) truth.data.fill(1, y * 80 + 20, y * 80 + 40);
  const isColor = (
    picture: { width: number; pixels: Uint8Array },
    x: number,
    y: number,
    color: readonly number[],
  ): boolean => color.every((value, channel) => picture.pixels[(y * picture.width + x) * 3 + channel] === value);

  it('is enlarged by a whole factor and keeps grey levels', () => {
    const picture = enlargedFrame(frame);
    expect([picture.width, picture.height, picture.channels]).toEqual([640, 480, 1]);
    expect(new Set(picture.pixels)).toEqual(new Set([90]));
    const ramp = { width: 320, height: 1, gray: Uint8Array.from({ length: 320 }, (_, x) => x % 256) };
    const enlarged = enlargedFrame(ramp).pixels;
    // Pixel centres 0.25 and 0.75 of the second source pixel: a quarter of the way to its neighbours.
    expect([enlarged[200], enlarged[201]]).toEqual([Math.round(99.75), Math.round(100.25)]);
    const large = { width: 700, height: 2, gray: new Uint8Array(1400).fill(3) };
    expect(enlargedFrame(large).width).toBe(700);
  });

  it('has the true outline solid along the edge, and the proposed one dashed', () => {
    const empty = createMask(80, 60);
    const solid = outlinedFrame(frame, truth, empty);
    const dashed = outlinedFrame(frame, empty, truth);
    let drawn = 0;
    for (let x = 160; x < 320; x += 1) {
      expect(isColor(solid, x, 160, outlineColors.truth)).toBe(true);
      drawn += Number(isColor(dashed, x, 160, outlineColors.proposal));
    }
    expect(drawn / 160).toBeGreaterThan(0.5);
    expect(drawn / 160).toBeLessThan(0.8);
    expect(isColor(solid, 240, 240, [90, 90, 90])).toBe(true);
    expect(isColor(solid, 158, 240, [90, 90, 90])).toBe(true);
  });

  it('shows both where they coincide', () => {
    const picture = outlinedFrame(frame, truth, truth);
    const row = Array.from({ length: 160 }, (_, index) => 160 + index);
    expect(row.some((x) => isColor(picture, x, 160, outlineColors.truth))).toBe(true);
    expect(row.some((x) => isColor(picture, x, 160, outlineColors.proposal))).toBe(true);
  });
});
