// Owns the handles around a mask: which there are, which is under the pointer, and what box a drag of it makes.
import type { ImageBox, ImagePoint } from '../../../electron/common/geometry.ts';
import { boxCorners, handleAt } from '../preview.ts';
import type { ToolHost } from '../tool.ts';

/** Where on the box a handle lies, 0 at its left or upper side to 1 at the other. The middle moves all of it. */
export interface Handle {
  readonly x: 0 | 0.5 | 1;
  readonly y: 0 | 0.5 | 1;
}

const middle: Handle = { x: 0.5, y: 0.5 };
const rim: readonly Handle[] = [
  { x: 0, y: 0 },
  { x: 0.5, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 0.5 },
  { x: 1, y: 1 },
  { x: 0.5, y: 1 },
  { x: 0, y: 1 },
  { x: 0, y: 0.5 },
];

export function isMiddle(handle: Handle): boolean {
  return handle.x === 0.5 && handle.y === 0.5;
}

export function showBox(host: ToolHost, box: ImageBox | null): void {
  const line = box && { points: boxCorners(box), closed: true, tone: 'guide' as const };
  host.preview(line && { lines: [line], handles: rim.map((handle) => place(box, handle)) });
}

/** The handle under the pointer, the middle for anywhere else inside the box, or null. */
export function takeHandle(host: ToolHost, box: ImageBox, point: ImagePoint): Handle | null {
  const points = rim.map((handle) => place(box, handle));
  const index = handleAt(points, point, host.scale(), host.pixelAspectRatio());
  if (index >= 0) return rim[index];
  const inside = point.x >= box.x && point.y >= box.y && point.x <= box.x + box.width && point.y <= box.y + box.height;
  return inside ? middle : null;
}

/**
 * The box after its handle was dragged by (dx, dy). The middle moves it by whole pixels, so that its shape stays as it is; a handle leaves
 * the opposite side where it is, and no side becomes shorter than one pixel.
 */
export function dragBox(box: ImageBox, handle: Handle, dx: number, dy: number, keepProportions: boolean): ImageBox {
  if (isMiddle(handle)) return { ...box, x: box.x + Math.round(dx), y: box.y + Math.round(dy) };
  let width = Math.max(1, box.width + dx * (2 * handle.x - 1));
  let height = Math.max(1, box.height + dy * (2 * handle.y - 1));
  if (keepProportions) {
    // The handle's own direction decides; of a corner, the one that changed more.
    const [across, down] = [width / box.width, height / box.height];
    const byWidth = handle.y === 0.5 || (handle.x !== 0.5 && Math.abs(across - 1) >= Math.abs(down - 1));
    const factor = byWidth ? across : down;
    width = Math.max(1, box.width * factor);
    height = Math.max(1, box.height * factor);
  }
  return {
    x: box.x + (box.width - width) * (1 - handle.x),
    y: box.y + (box.height - height) * (1 - handle.y),
    width,
    height,
  };
}

function place(box: ImageBox, handle: Handle): ImagePoint {
  return { x: box.x + box.width * handle.x, y: box.y + box.height * handle.y };
}
