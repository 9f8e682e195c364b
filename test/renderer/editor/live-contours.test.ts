import { describe, expect, it } from 'vitest';
import { type Contour, traceContours } from '../../../electron/common/contour.ts';
import { createMask } from '../../../electron/common/mask.ts';
import { createRandom } from '../../../electron/nn/random.ts';
import { paintSegment } from '../../../renderer/editor/brush.ts';
import { LiveContours } from '../../../renderer/editor/live-contours.ts';
import { randomMask } from '../support/random-masks.ts';

/** The same contours from whichever corner they begin, in an order of their own. */
function canonical(contours: Iterable<Contour>): string[] {
  return [...contours]
    .map((contour) => {
      const corners = Array.from({ length: contour.length / 2 }, (_, i) => `${contour[2 * i]},${contour[2 * i + 1]}`);
      const first = corners.indexOf(corners.toSorted()[0]);
      return [...corners.slice(first), ...corners.slice(0, first)].join(' ');
    })
    .toSorted();
}

describe('contours that follow a mask', () => {
  it.each([1, 2, 3, 4, 5, 6])('are after every stroke those of the whole mask traced anew (seed %d)', (seed) => {
    const random = createRandom(seed);
    const mask = randomMask(random, 80, 60, 10);
    const live = new LiveContours();
    live.reset(mask);
    for (let stroke = 0; stroke < 120; stroke += 1) {
      const from = { x: random.next() * 90 - 5, y: random.next() * 70 - 5 };
      const to = { x: from.x + random.normal() * 8, y: from.y + random.normal() * 8 };
      const box = paintSegment(mask, from, to, random.next() * 4, random.next() < 0.5 ? 1 : 0);
      if (box) live.update(box);
      expect(canonical(live.all), `stroke ${stroke}`).toEqual(canonical(traceContours(mask)));
    }
  });

  it('are those of single pixels that are set and taken anywhere', () => {
    const random = createRandom(9);
    const mask = createMask(9, 7);
    const live = new LiveContours();
    live.reset(mask);
    for (let step = 0; step < 800; step += 1) {
      const [x, y] = [random.integer(9), random.integer(7)];
      mask.data[y * 9 + x] ^= 1;
      live.update({ x, y, width: 1, height: 1 });
      expect(canonical(live.all), `step ${step}`).toEqual(canonical(traceContours(mask)));
    }
  });

  it('are found by the box that they pass through, and gone with the mask', () => {
    const mask = createMask(40, 30);
    paintSegment(mask, { x: 8, y: 8 }, { x: 8, y: 8 }, 4, 1);
    paintSegment(mask, { x: 30, y: 20 }, { x: 30, y: 20 }, 4, 1);
    const live = new LiveContours();
    live.reset(mask);
    expect([...live.all]).toHaveLength(2);
    expect([...live.inside({ x: 0, y: 0, width: 10, height: 10 })]).toHaveLength(1);
    live.reset(null);
    expect([...live.all]).toHaveLength(0);
  });
});
