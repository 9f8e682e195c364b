// Owns the affine way from the network's square back into a frame, and what is read along it: bilinear, of a frame that was shrunk first
// where the square has far fewer pixels than what it shows, so that nothing aliases.
import { sampleGrid, type ModelFrame, type SampleAxis } from '../inference/preprocess.ts';

/** An affine map from model pixels to frame pixels: x = ax u + bx v + cx, y = ay u + by v + cy. */
export interface Warp {
  readonly ax: number;
  readonly bx: number;
  readonly cx: number;
  readonly ay: number;
  readonly by: number;
  readonly cy: number;
}

/** Values on a grid, row-major, and the rectangle of the grid's coordinates that the frame covers: what lies outside is padding. */
export interface Levels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Float32Array;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export function warpOf(
  { originX, originY, step, side }: ModelFrame,
  {
    angle,
    zoom,
    aspect,
    shiftX,
    shiftY,
    mirror,
  }: { angle: number; zoom: number; aspect: number; shiftX: number; shiftY: number; mirror: boolean },
): Warp {
  const scale = step * zoom;
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  const high = Math.sqrt(aspect);
  const wide = (mirror ? -1 : 1) / high;
  const [ax, bx, ay, by] = [cos * wide, -sin * high, sin * wide, cos * high];
  const middle = side / 2;
  const centerX = originX + (middle + shiftX * side) * step;
  const centerY = originY + (middle + shiftY * side) * step;
  return { ax, bx, cx: centerX - (ax + bx) * middle, ay, by, cy: centerY - (ay + by) * middle };
}

/** A frame's values at their own size. */
export function ownLevels({ width, height }: Size, data: Uint8Array): Levels {
  return { width, height, data, left: 0, top: 0, right: width, bottom: height };
}

/**
 * The part of a frame that the warp shows, shrunk by the filter of the network's input, and the same warp into it.
 * @param fineness samples for each pixel of the square, along each axis
 */
export function shrunkLevels(
  frame: Size & { readonly gray: Uint8Array },
  warp: Warp,
  side: number,
  fineness: number,
): { levels: Levels; warp: Warp } {
  const { ax, bx, cx, ay, by, cy } = warp;
  const step = Math.sqrt(Math.abs(ax * by - bx * ay)) / fineness;
  const columns = axisOver(cx, [ax * side, bx * side], frame.width, step);
  const rows = axisOver(cy, [ay * side, by * side], frame.height, step);
  const levels = {
    width: columns.count,
    height: rows.count,
    data: sampleGrid(frame.gray, frame, columns, rows, 0),
    left: -columns.origin / step,
    top: -rows.origin / step,
    right: (frame.width - columns.origin) / step,
    bottom: (frame.height - rows.origin) / step,
  };
  return {
    levels,
    warp: {
      ax: ax / step,
      bx: bx / step,
      cx: (cx - columns.origin) / step,
      ay: ay / step,
      by: by / step,
      cy: (cy - rows.origin) / step,
    },
  };
}

/** Samples, counted from the square's first corner, whose centres lie in the frame and not more than one beyond what is shown. */
function axisOver(corner: number, edges: readonly [number, number], length: number, step: number): SampleAxis {
  const [one, other] = edges;
  const from = Math.max(0, corner + Math.min(0, one, other, one + other) - step);
  const to = Math.min(length, corner + Math.max(0, one, other, one + other) + step);
  const first = Math.ceil((from - corner) / step - 0.5);
  const count = Math.floor((to - corner) / step - 0.5) - first + 1;
  // A frame narrower than a sample is one sample; of a frame that is not shown at all, none is read.
  if (count < 1) return { origin: (from + to - step) / 2, step, count: 1 };
  return { origin: corner + first * step, step, count };
}

/** Bilinear samples along a warp, (side, side), in the values' own scale; outside the frame is padding. */
export function sampleWarped(levels: Levels, warp: Warp, side: number, padding: number): Float64Array {
  const { width, height, data, left: firstX, top: firstY, right: endX, bottom: endY } = levels;
  const { ax, bx, cx, ay, by, cy } = warp;
  const samples = new Float64Array(side * side);
  for (let v = 0; v < side; v += 1) {
    for (let u = 0; u < side; u += 1) {
      const x = ax * (u + 0.5) + bx * (v + 0.5) + cx;
      const y = ay * (u + 0.5) + by * (v + 0.5) + cy;
      const index = v * side + u;
      if (x < firstX || y < firstY || x >= endX || y >= endY) {
        samples[index] = padding;
        continue;
      }
      const left = Math.max(0, x - 0.5);
      const top = Math.max(0, y - 0.5);
      const column = Math.min(width - 1, Math.floor(left));
      const row = Math.min(height - 1, Math.floor(top));
      const right = column + 1 < width ? 1 : 0;
      const below = row + 1 < height ? width : 0;
      const across = left - column;
      const down = top - row;
      const start = row * width + column;
      const w00 = (1 - across) * (1 - down);
      const w01 = across * (1 - down);
      const w10 = (1 - across) * down;
      const w11 = across * down;
      const next = start + below;
      samples[index] = data[start] * w00 + data[start + right] * w01 + data[next] * w10 + data[next + right] * w11;
    }
  }
  return samples;
}
