// Owns the outline of a mask: closed polygons along the edges between its pixels and the others, one for each part and each hole.
import type { BinaryMask } from './mask.ts';

/**
 * x, y, x, y ... of the corners in image pixels, closed without repeating the first. The mask lies to the right of the direction of travel:
 * parts run clockwise on the screen (y down), holes the other way. Pixels that touch only at a corner are separate parts.
 */
export type Contour = readonly number[];

// Directions of travel: right, down, left, up.
const stepX = [1, 0, -1, 0];
const stepY = [0, 1, 0, -1];
// Seen from a corner (x, y), the pixel ahead on the right and on the left of each direction of travel.
const rightX = [0, -1, -1, 0];
const rightY = [0, 0, -1, -1];
const leftX = [0, 0, -1, -1];
const leftY = [-1, 0, 0, -1];

/** All contours, in the order of their uppermost edge. */
export function traceContours(mask: BinaryMask): Contour[] {
  const { width, data } = mask;
  const contours: Contour[] = [];
  // The rows that have any of the mask; a frame is mostly others.
  const firstRow = Math.floor(Math.max(0, data.indexOf(1)) / width) * width;
  const visited = new Uint8Array(Math.max(0, Math.ceil((data.lastIndexOf(1) + 1 - firstRow) / width) * width));
  const markTop: EdgeVisitor = (x, y, direction) => {
    if (direction === 0) visited[y * width + x - firstRow] = 1;
  };
  // Every contour has an edge with the mask right below it, travelled to the right; each is taken up once.
  for (let index = data.indexOf(1); index >= 0; index = data.indexOf(1, index)) {
    const y = Math.floor(index / width);
    const rowEnd = (y + 1) * width;
    for (; index < rowEnd; index += 1) {
      if (data[index] === 0 || visited[index - firstRow] === 1 || (y > 0 && data[index - width] === 1)) continue;
      contours.push(traceContourFrom(mask, index - y * width, y, 0, markTop));
    }
  }
  return contours;
}

/** Twice-signed area by the shoelace formula, halved: positive for a part, negative for a hole. */
export function contourArea(contour: Contour): number {
  let sum = 0;
  for (let i = 0; i < contour.length; i += 2) {
    const j = (i + 2) % contour.length;
    sum += contour[i] * contour[j + 1] - contour[j] * contour[i + 1];
  }
  return sum / 2;
}

/** Right, down, left, up. */
export type TravelDirection = 0 | 1 | 2 | 3;

/** Told of each edge of a contour: the pixel of the mask that it borders, and the direction of travel along it. */
type EdgeVisitor = (x: number, y: number, direction: TravelDirection) => void;

/** The corner of a pixel where the edge on that side of it begins: its upper side is travelled to the right, its right one down, and so on. */
export function edgeStart(
  x: number,
  y: number,
  direction: TravelDirection,
): { readonly x: number; readonly y: number } {
  return { x: x - rightX[direction], y: y - rightY[direction] };
}

/** The contour with the edge that leaves the corner (startX, startY) in a direction, beginning with its first corner from there on. */
export function traceContourFrom(
  mask: BinaryMask,
  startX: number,
  startY: number,
  startDirection: TravelDirection,
  visit: EdgeVisitor,
): Contour {
  const { width, height, data } = mask;
  const isSet = (x: number, y: number): boolean =>
    x >= 0 && x < width && y >= 0 && y < height && data[y * width + x] === 1;
  const points = [startX, startY];
  let x = startX;
  let y = startY;
  let direction = startDirection;
  for (;;) {
    visit(x + rightX[direction], y + rightY[direction], direction);
    x += stepX[direction];
    y += stepY[direction];
    let turned = direction;
    if (!isSet(x + rightX[direction], y + rightY[direction])) turned = turn(direction, 1);
    else if (isSet(x + leftX[direction], y + leftY[direction])) turned = turn(direction, 3);
    if (x === startX && y === startY && turned === startDirection) break;
    if (turned !== direction) points.push(x, y);
    direction = turned;
  }
  // It began in the middle of a straight piece.
  return direction === startDirection ? points.slice(2) : points;
}

function turn(direction: TravelDirection, quarters: number): TravelDirection {
  // Of four directions the remainder is one again.
  return ((direction + quarters) % 4) as TravelDirection;
}
