import { describe, expect, it } from 'vitest';
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import { type BinaryMask, countMaskPixels, createMask } from '../../../electron/common/mask.ts';
import { fillPolygon } from '../../../electron/common/polygon.ts';
import { createRandom } from '../../../electron/nn/random.ts';
import { paintSegment, unionBoxes } from '../../../renderer/editor/brush.ts';
import { OutlineVertices } from '../../../renderer/editor/vertices/outline-vertices.ts';
import { Reshape } from '../../../renderer/editor/vertices/reshape.ts';
import { furthestFrom, simplifyLine } from '../../../renderer/editor/vertices/simplify.ts';
import { diffMasks, togglesBox } from '../../../renderer/editor/toggles.ts';
import { drawMask, randomMask, showMask } from '../support/random-masks.ts';

const usual = { tolerance: 2, pixelAspectRatio: 1 };

function verticesOf(mask: BinaryMask, choice = usual): OutlineVertices {
  const vertices = new OutlineVertices();
  vertices.follow('a', mask, choice);
  return vertices;
}

const pointsOf = (vertices: OutlineVertices): ImagePoint[] =>
  vertices.places.map(({ contour, edge }) => contour.middles[edge]);

/** Whether a ray upwards from a point crosses a closed line an odd number of times. */
function isEnclosed(line: readonly ImagePoint[], { x, y }: ImagePoint): boolean {
  return (
    line.filter((a, index) => {
      const b = line[(index + 1) % line.length];
      if (a.x <= x === b.x <= x) return false;
      return a.y + ((x - a.x) / (b.x - a.x)) * (b.y - a.y) < y;
    }).length %
      2 ===
    1
  );
}

describe('the vertices of an outline', () => {
  it('are few, and the outline is nowhere further from the lines between them than the tolerance', () => {
    for (const seed of [1, 2, 3, 4]) {
      const mask = randomMask(createRandom(seed), 90, 70, 10);
      let before = Infinity;
      for (const tolerance of [1.5, 3, 6]) {
        const vertices = verticesOf(mask, { tolerance, pixelAspectRatio: 1 });
        expect(vertices.places.length).toBeLessThan(before);
        before = vertices.places.length;
        for (const contour of new Set(vertices.places.map((place) => place.contour))) {
          expect(contour.vertices.length).toBeGreaterThanOrEqual(3);
          contour.vertices.forEach((from, index) => {
            const to = contour.vertices[(index + 1) % contour.vertices.length];
            const middles =
              to > from
                ? contour.middles.slice(from, to + 1)
                : [...contour.middles.slice(from), ...contour.middles.slice(0, to + 1)];
            expect(furthestFrom(middles, 0, middles.length - 1, 1).distance).toBeLessThanOrEqual(tolerance);
          });
        }
      }
    }
  });

  it.each([0, 0.1, 0.7, 1.1])('of a polygon are its corners, whichever way its sides run (turned by %d)', (turn) => {
    const corners = [0, 1.3, 2.2, 3.5, 5].map((angle) => ({
      x: 80 + 60 * Math.cos(angle + turn),
      y: 70 + 50 * Math.sin(angle + turn),
    }));
    const mask = createMask(160, 140);
    fillPolygon(mask, corners, 1);
    const found = pointsOf(verticesOf(mask));
    expect(found).toHaveLength(corners.length);
    for (const corner of corners) {
      expect(Math.min(...found.map(({ x, y }) => Math.hypot(x - corner.x, y - corner.y)))).toBeLessThan(2.5);
    }
  });

  it('stay where the outline stays, whatever is done elsewhere', () => {
    const mask = createMask(120, 90);
    paintSegment(mask, { x: 40, y: 45 }, { x: 70, y: 40 }, 22, 1);
    const vertices = verticesOf(mask);
    const before = pointsOf(vertices);
    paintSegment(mask, { x: 98, y: 40 }, { x: 98, y: 40 }, 9, 1);
    vertices.follow('a', mask, usual);
    const after = pointsOf(vertices);
    const left = (points: ImagePoint[]) => points.filter(({ x }) => x < 80);
    expect(left(before).length).toBeGreaterThan(5);
    expect(left(after)).toEqual(left(before));
    expect(after.length).toBeGreaterThan(before.length);
    // Another document has vertices of its own.
    vertices.follow('b', mask, usual);
    expect(pointsOf(vertices)).toEqual(pointsOf(verticesOf(mask)));
  });

  it('are set where they are wanted, as far as the outline passes by there', () => {
    const mask = createMask(60, 60);
    fillPolygon(
      mask,
      [
        { x: 10, y: 10 },
        { x: 50, y: 10 },
        { x: 50, y: 50 },
        { x: 10, y: 50 },
      ],
      1,
    );
    const vertices = new OutlineVertices();
    vertices.follow('a', mask, usual, [
      { x: 30.2, y: 9.4 },
      { x: 30, y: 30 },
    ]);
    expect(pointsOf(vertices)).toContainEqual({ x: 30.5, y: 10 });
    expect(vertices.places).toHaveLength(5);
  });

  it('count rows by the height of their pixels', () => {
    const arc = Array.from({ length: 21 }, (_, i) => ({ x: i, y: 2 * Math.sin((i / 20) * Math.PI) }));
    expect(simplifyLine(arc, 2.5)).toEqual([0, 20]);
    expect(simplifyLine(arc, 2.5, 2)).toHaveLength(3);
  });
});

describe('an outline of which a piece is replaced', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'changes the mask between the old line and the new one, and nowhere else (seed %d)',
    (seed) => {
      const random = createRandom(seed);
      const mask = randomMask(random, 72, 56, 9);
      const original = mask.data.slice();
      const vertices = verticesOf(mask, { tolerance: 1 + 4 * random.next(), pixelAspectRatio: 1 });
      for (const { contour, edge } of vertices.places.filter((_, index) => index % 3 === 0)) {
        const reshape = new Reshape(contour, mask);
        const { before, behind } = contour.neighbours(edge);
        const old = contour.stretch(before, behind);
        for (let move = 0; move < 2; move += 1) {
          const target = { x: random.next() * 90 - 9, y: random.next() * 74 - 9 };
          const line = contour.bent(before, edge, behind, target);
          expect(line).toContainEqual(target);
          const box = reshape.replace(mask, original, before, behind, line);
          const loop = [...old, ...line.toReversed()];
          const whole = contour.stretch(0, 0);
          const expected = original.map((value, index) => {
            const centre = { x: (index % 72) + 0.5, y: Math.floor(index / 72) + 0.5 };
            if (!isEnclosed(loop, centre)) return value;
            // What was outside of the outline is inside now.
            return isEnclosed(whole, centre) === contour.isPart ? 0 : 1;
          });
          expect(mask.data).toEqual(expected);
          const changed = togglesBox(diffMasks(original, mask.data, 72), 72);
          expect(unionBoxes(box, changed)).toEqual(box);
        }
        reshape.replace(mask, original, before, behind, old);
        expect(mask.data).toEqual(original);
      }
    },
  );

  it('keeps what it comes to surround, and empties what it leaves, holes and other parts included', () => {
    const mask = drawMask(
      '..............',
      '.######.......',
      '.######.......',
      '.##.###..##...',
      '.######..##...',
      '.######.......',
      '..............',
    );
    const vertices = new OutlineVertices();
    vertices.follow('a', mask, usual, [
      { x: 1, y: 3.5 },
      { x: 7, y: 3.5 },
    ]);
    const { contour } = vertices.places.find((place) => place.contour.isPart)!;
    const edgeAt = (x: number, y: number) => contour.middles.findIndex((middle) => middle.x === x && middle.y === y);
    const [upper, lower] = [edgeAt(6.5, 1), edgeAt(6.5, 6)];
    const original = mask.data.slice();
    // From the right side out over the other part.
    new Reshape(contour, mask).replace(mask, original, upper, lower, [
      contour.middles[upper],
      { x: 12.2, y: 1.2 },
      { x: 12.2, y: 5.8 },
      contour.middles[lower],
    ]);
    expect(showMask(mask)).toEqual([
      '..............',
      '.###########..',
      '.###########..',
      '.##.########..',
      '.###########..',
      '.###########..',
      '..............',
    ]);
    mask.data.set(original);
    // From the left side in over the hole.
    const [under, over] = [edgeAt(1.5, 6), edgeAt(1.5, 1)];
    new Reshape(contour, mask).replace(mask, original, under, over, [
      contour.middles[under],
      { x: 5.2, y: 5.8 },
      { x: 5.2, y: 1.2 },
      contour.middles[over],
    ]);
    expect(showMask(mask).slice(2, 5)).toEqual(['.....##.......', '.....##..##...', '.....##..##...']);
  });

  it('bends a curve without making it straight, and leaves a straight line straight', () => {
    const mask = createMask(200, 200);
    paintSegment(mask, { x: 100, y: 100 }, { x: 100, y: 100 }, 70, 1);
    const vertices = verticesOf(mask, { tolerance: 10, pixelAspectRatio: 1 });
    const { contour, edge } = vertices.places[0];
    const { before, behind } = contour.neighbours(edge);
    const at = contour.middles[edge];
    const original = mask.data.slice();
    new Reshape(contour, mask).replace(
      mask,
      original,
      before,
      behind,
      contour.bent(before, edge, behind, { x: at.x, y: at.y - 2 }),
    );
    // Two pixels higher at the vertex, none at its neighbours: about half of that on average, and no flat cheek.
    const length = contour.bent(before, edge, behind, at).length;
    expect(length).toBeGreaterThan(6);
    expect(countMaskPixels(mask)).toBeGreaterThan(original.reduce((sum, value) => sum + value, 0));
    const square = createMask(60, 60);
    fillPolygon(
      square,
      [
        { x: 10, y: 12 },
        { x: 48, y: 8 },
        { x: 50, y: 50 },
        { x: 12, y: 44 },
      ],
      1,
    );
    const corner = verticesOf(square).places.find((place) => place.contour.middles[place.edge].x < 20)!;
    const ends = corner.contour.neighbours(corner.edge);
    expect(corner.contour.bent(ends.before, corner.edge, ends.behind, { x: 5, y: 5 })).toHaveLength(3);
  });
});
