// Owns the look of what can be taken hold of on the canvas: a small square, the same for points of outlines and ends of measurements.

/** Its usual side, in pixels of the screen. */
export const handleSide = 7;

/** A square of `side` screen pixels around a point of the screen. */
export function drawHandle(context: CanvasRenderingContext2D, x: number, y: number, side: number, color: string): void {
  // On whole pixels, so that it is sharp.
  const [left, top] = [Math.round(x - side / 2), Math.round(y - side / 2)];
  context.fillStyle = color;
  context.fillRect(left, top, side, side);
  context.lineWidth = 1;
  context.strokeStyle = 'rgba(0, 0, 0, 0.75)';
  context.strokeRect(left - 0.5, top - 0.5, side + 1, side + 1);
}
