// Owns how things over the frame find their place on the screen, and how they are written there.
import type { CanvasPoint, ImagePoint } from '../../electron/common/geometry.ts';

/** From image pixels to the screen, in CSS pixels. */
export type Projection = (point: ImagePoint) => CanvasPoint;

/** Words over the frame, legible on bright and on dark tissue. */
export function writeOver(
  context: CanvasRenderingContext2D,
  text: string,
  { x, y }: CanvasPoint,
  color = '#e8ecef',
): void {
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = 'rgba(0, 0, 0, 0.75)';
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}

export const overFont = '12px system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
