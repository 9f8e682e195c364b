// Owns how wide the brush is at a moment of the stroke: a pen paints wider the harder it is pressed.
import type { ToolHost, ToolPointer } from '../tool.ts';

/** Image pixels. A pen pressed half way has the radius that was chosen; it goes from a quarter of it to seven quarters. */
export function strokeRadius(host: ToolHost, pointer: ToolPointer): number {
  const radius = host.brushRadius();
  return pointer.pressure === undefined ? radius : radius * (0.25 + 1.5 * pointer.pressure);
}
