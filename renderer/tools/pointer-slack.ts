// Owns how much a click may tremble before it is a drag.
import type { CanvasPoint } from '../../electron/common/geometry.ts';

/** CSS pixels. */
const slack = 3;

export function isTremble(from: CanvasPoint, to: CanvasPoint): boolean {
  return Math.hypot(to.x - from.x, to.y - from.y) <= slack;
}
