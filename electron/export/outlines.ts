// Owns masks as polygons for formats that know no other shape: corners on the edges between pixels, so that filling by pixel centres gives the
// mask back exactly. A hole is joined to the outline around it by a bridge of no width, gone over there and back, and so is, where one
// polygon has to hold everything, each further part: such a polygon fills right by the even-odd and by the non-zero rule.
import { contourArea, traceContours } from '../common/contour.ts';
import type { Contour } from '../common/contour.ts';
import { createMask } from '../common/mask.ts';
import type { BinaryMask } from '../common/mask.ts';
import { fillPolygon } from '../common/polygon.ts';

/** x, y, x, y … in image pixels, (0, 0) the outer corner of the first pixel; closed without repeating the first corner. */
export type Polygon = readonly number[];

/** One polygon for each part of a mask, its holes bridged, in the order of their uppermost edges. Parts that touch at a corner are two. */
export function partPolygons(mask: BinaryMask): Polygon[] {
  const contours = traceContours(mask);
  const partAt = numberParts(mask);
  const parts = new Map<number, Contour[]>();
  for (const contour of contours) if (contourArea(contour) > 0) parts.set(partAt(contour), [contour]);
  for (const contour of contours) if (contourArea(contour) < 0) parts.get(partAt(contour))?.push(contour);
  return [...parts.values()].map(join);
}

/** All parts of a mask as one polygon; null for an empty mask. */
export function wholePolygon(mask: BinaryMask): Polygon | null {
  const polygons = partPolygons(mask);
  return polygons.length === 0 ? null : join(polygons);
}

/** The union of polygons, each filled by the even-odd rule: a pixel is inside where its centre is. */
export function fillPolygons(polygons: readonly Polygon[], width: number, height: number): BinaryMask {
  const mask = createMask(width, height);
  for (const polygon of polygons) fillPolygon(mask, toPoints(polygon), 1);
  return mask;
}

export function toPoints(polygon: Polygon): { readonly x: number; readonly y: number }[] {
  return Array.from({ length: polygon.length / 2 }, (_, i) => ({ x: polygon[2 * i], y: polygon[2 * i + 1] }));
}

/** With more polygons than this the nearest corner of all is not looked for any more: it would take minutes. */
const fewPolygons = 500;

/** One polygon of all, each joined to the first by a bridge. */
function join(polygons: readonly Polygon[]): Polygon {
  return polygons.length <= fewPolygons ? polygons.reduce(bridge) : chain(polygons);
}

/** Goes from the first corner of each polygon to the first of the next, and back behind the last. */
function chain(polygons: readonly Polygon[]): Polygon {
  const chained: number[] = [];
  for (const polygon of polygons) {
    for (const value of polygon) chained.push(value);
    chained.push(polygon[0], polygon[1]);
  }
  for (const [x, y] of polygons.slice(0, -1).toReversed()) chained.push(x, y);
  return chained;
}

/** Goes from the corner of `outline` that is nearest to the first of `other` around that one and back. */
function bridge(outline: Polygon, other: Polygon): Polygon {
  const [x, y] = other;
  let nearest = 0;
  let least = Infinity;
  for (let i = 0; i < outline.length; i += 2) {
    const distance = (outline[i] - x) ** 2 + (outline[i + 1] - y) ** 2;
    if (distance < least) [nearest, least] = [i, distance];
  }
  const there = outline.slice(0, nearest + 2);
  return [...there, ...other, x, y, ...outline.slice(nearest)];
}

/** Tells the part that a contour, outer or of a hole, is of: every contour begins at a pixel of its part. */
function numberParts({ width, height, data }: BinaryMask): (contour: Contour) => number {
  const part = new Int32Array(data.length);
  let parts = 0;
  const stack: number[] = [];
  for (let start = data.indexOf(1); start >= 0; start = data.indexOf(1, start + 1)) {
    if (part[start] !== 0) continue;
    parts += 1;
    part[start] = parts;
    stack.push(start);
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      const column = index % width;
      const visit = (neighbour: number, inside: boolean) => {
        if (!inside || data[neighbour] === 0 || part[neighbour] !== 0) return;
        part[neighbour] = parts;
        stack.push(neighbour);
      };
      visit(index - 1, column > 0);
      visit(index + 1, column < width - 1);
      visit(index - width, index >= width);
      visit(index + width, index < width * (height - 1));
    }
  }
  return ([x, y]) => part[y * width + x];
}
