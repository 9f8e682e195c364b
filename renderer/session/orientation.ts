// Owns how the view is turned and mirrored on the screen. It is the last step of showing: everything is laid out on an upright canvas, which
// then is turned as a whole about its centre; the pointer is turned back first. So nothing else has to know of it, and no pixel is changed.
import type { CanvasPoint, ImagePoint } from '../../electron/common/geometry.ts';
import type { Size, View } from './view.ts';

export interface Orientation {
  /** Quarter turns clockwise, after mirroring. */
  readonly quarterTurns: 0 | 1 | 2 | 3;
  /** Left and right are exchanged. */
  readonly mirrored: boolean;
}

export const upright: Orientation = { quarterTurns: 0, mirrored: false };

/** The size of the canvas before it is turned. */
export function uprightSize({ width, height }: Size, { quarterTurns }: Orientation): Size {
  return quarterTurns % 2 === 0 ? { width, height } : { width: height, height: width };
}

/** From the upright canvas to the screen. `canvas` is the size on the screen. */
export function toScreen(point: CanvasPoint, canvas: Size, orientation: Orientation): CanvasPoint {
  const before = uprightSize(canvas, orientation);
  const dx = (point.x - before.width / 2) * (orientation.mirrored ? -1 : 1);
  const dy = point.y - before.height / 2;
  const [x, y] = turn(dx, dy, orientation.quarterTurns);
  return { x: canvas.width / 2 + x, y: canvas.height / 2 + y };
}

/** The inverse of toScreen: where the pointer is on the upright canvas. */
export function fromScreen(point: CanvasPoint, canvas: Size, orientation: Orientation): CanvasPoint {
  const before = uprightSize(canvas, orientation);
  const [dx, dy] = turn(point.x - canvas.width / 2, point.y - canvas.height / 2, (4 - orientation.quarterTurns) % 4);
  return { x: before.width / 2 + dx * (orientation.mirrored ? -1 : 1), y: before.height / 2 + dy };
}

/** From image pixels to the screen. */
export function projectPoint(
  point: ImagePoint,
  view: View,
  pixelAspectRatio: number,
  canvas: Size,
  orientation: Orientation,
): CanvasPoint {
  const flat = { x: view.x + point.x * view.scale, y: view.y + point.y * view.scale * pixelAspectRatio };
  return toScreen(flat, canvas, orientation);
}

export function rotated(orientation: Orientation): Orientation {
  return { ...orientation, quarterTurns: quarter(orientation.quarterTurns + 1) };
}

/** Left and right of the screen exchanged, whatever was turned before: a mirror after a turn is a mirror before the opposite turn. */
export function flippedAcross({ quarterTurns, mirrored }: Orientation): Orientation {
  return { quarterTurns: quarter(4 - quarterTurns), mirrored: !mirrored };
}

/** Above and below of the screen exchanged. */
export function flippedDown(orientation: Orientation): Orientation {
  const { quarterTurns, mirrored } = flippedAcross(orientation);
  return { quarterTurns: quarter(quarterTurns + 2), mirrored };
}

export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** Room at the edges of the screen, as edges of the upright canvas. */
export function uprightMargins(screen: Margins, { quarterTurns, mirrored }: Orientation): Margins {
  const around = [screen.top, screen.right, screen.bottom, screen.left];
  const [top, right, bottom, left] = around.map((_, index) => around[(index + quarterTurns) % 4]);
  return mirrored ? { top, right: left, bottom, left: right } : { top, right, bottom, left };
}

function turn(x: number, y: number, quarterTurns: number): readonly [number, number] {
  if (quarterTurns === 1) return [-y, x];
  if (quarterTurns === 2) return [-x, -y];
  return quarterTurns === 3 ? [y, -x] : [x, y];
}

function quarter(turns: number): Orientation['quarterTurns'] {
  return (turns % 4) as Orientation['quarterTurns']; // a remainder of 4
}
