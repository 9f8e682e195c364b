// Owns the pictures of an evaluation: a frame enlarged for the eye, with the outline of the true mask drawn through and that of the proposed
// mask dashed, each along the edges between pixels. Told apart by colour and by shape; the colours stay apart for the colour-blind.
import type { BinaryMask } from '../common/mask.ts';
import type { Picture } from '../common/picture.ts';
import type { GrayFrame } from './gray-frame.ts';

export const outlineColors = { truth: [255, 176, 0], proposal: [100, 170, 255] } as const;

type Color = readonly [number, number, number];

/** Pictures are enlarged to at least this many pixels on their longer side. */
const smallestSide = 640;
const strokeWidth = 2;
const dashLength = 7;
const gapLength = 5;

/** The frame alone, grey, enlarged by a whole factor (bilinear). */
export function enlargedFrame(frame: GrayFrame): Picture {
  const factor = enlargement(frame);
  const width = frame.width * factor;
  const height = frame.height * factor;
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const [upper, lower, down] = neighbours(y, factor, frame.height);
    for (let x = 0; x < width; x += 1) {
      const [left, right, across] = neighbours(x, factor, frame.width);
      const at = (row: number, column: number): number => frame.gray[row * frame.width + column];
      const above = at(upper, left) * (1 - across) + at(upper, right) * across;
      const below = at(lower, left) * (1 - across) + at(lower, right) * across;
      pixels[y * width + x] = Math.round(above * (1 - down) + below * down);
    }
  }
  return { width, height, channels: 1, pixels };
}

/** The same in colour with both outlines on it; the proposal lies on top, and its gaps show the truth where they coincide. */
export function outlinedFrame(frame: GrayFrame, truth: BinaryMask, proposal: BinaryMask): Picture {
  const { width, height, pixels: gray } = enlargedFrame(frame);
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < gray.length; i += 1) pixels.fill(gray[i], i * 3, i * 3 + 3);
  const picture: Picture = { width, height, channels: 3, pixels };
  const factor = enlargement(frame);
  for (const loop of traceOutlines(truth)) strokeLoop(picture, loop, factor, outlineColors.truth, false);
  for (const loop of traceOutlines(proposal)) strokeLoop(picture, loop, factor, outlineColors.proposal, true);
  return picture;
}

function enlargement({ width, height }: GrayFrame): number {
  return Math.max(1, Math.ceil(smallestSide / Math.max(width, height)));
}

/** The two source pixels around an enlarged one, and how far it is from the first to the second. */
function neighbours(index: number, factor: number, length: number): [first: number, second: number, share: number] {
  const position = Math.min(length - 1, Math.max(0, (index + 0.5) / factor - 0.5));
  const first = Math.floor(position);
  return [first, Math.min(length - 1, first + 1), position - first];
}

// East, south, west, north: the next one is a turn to the right.
const steps = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/**
 * The edges between mask and background as closed loops of pixel corners, one step apart, the mask on the right hand. Pixels that touch at a
 * corner only are parted; holes have loops of their own. The first corner is not repeated at the end.
 */
export function traceOutlines(mask: BinaryMask): (readonly [x: number, y: number])[][] {
  const { width, height, data } = mask;
  const inside = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;
  const columns = width + 1;
  /** By corner, one bit for each direction in which an edge leaves it. */
  const leaving = new Uint8Array(columns * (height + 1));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!inside(x, y)) continue;
      if (!inside(x, y - 1)) leaving[y * columns + x] |= 1;
      if (!inside(x + 1, y)) leaving[y * columns + x + 1] |= 2;
      if (!inside(x, y + 1)) leaving[(y + 1) * columns + x + 1] |= 4;
      if (!inside(x - 1, y)) leaving[(y + 1) * columns + x] |= 8;
    }
  }
  const loops: (readonly [number, number])[][] = [];
  for (let start = 0; start < leaving.length; start += 1) {
    while (leaving[start] & 1) loops.push(followLoop(leaving, columns, start));
  }
  return loops;
}

/** Walks east from `start` and around, taking each edge off the map, until the next step would be the first again. */
function followLoop(leaving: Uint8Array, columns: number, start: number): (readonly [number, number])[] {
  const loop: (readonly [number, number])[] = [];
  let corner = start;
  let direction = 0;
  do {
    loop.push([corner % columns, Math.floor(corner / columns)]);
    // The first edge stays until the end: a loop may touch its first corner on the way, and must find the way out it is to close with.
    if (corner !== start || direction !== 0) leaving[corner] &= ~(1 << direction);
    const [dx, dy] = steps[direction];
    corner += dy * columns + dx;
    const arrived = direction;
    // Right first, so that a loop stays with its own pixel where two touch at a corner.
    direction = [1, 0, 3].map((turn) => (arrived + turn) % 4).find((turn) => leaving[corner] & (1 << turn)) ?? 0;
  } while (corner !== start || direction !== 0);
  leaving[start] &= ~1;
  return loop;
}

function strokeLoop(
  { width, height, pixels }: Picture,
  loop: readonly (readonly [number, number])[],
  factor: number,
  color: Color,
  dashed: boolean,
): void {
  let walked = 0;
  loop.forEach(([x, y], index) => {
    const [nextX, nextY] = loop[(index + 1) % loop.length];
    for (let step = 0; step < factor; step += 1, walked += 1) {
      if (dashed && walked % (dashLength + gapLength) >= dashLength) continue;
      paintSquare(x * factor + (nextX - x) * step, y * factor + (nextY - y) * step);
    }
  });

  /** A square of the stroke's width around a corner, clipped. */
  function paintSquare(cornerX: number, cornerY: number): void {
    const half = strokeWidth / 2;
    for (let y = Math.max(0, cornerY - half); y < Math.min(height, cornerY + half); y += 1) {
      for (let x = Math.max(0, cornerX - half); x < Math.min(width, cornerX + half); x += 1) {
        pixels.set(color, (y * width + x) * 3);
      }
    }
  }
}
