// Owns the drawing of outlines: image contours as hairlines whose width does not depend on the zoom.
import type { Contour } from '../../electron/common/contour.ts';
import type { View } from '../session/view.ts';

/** Above this many CSS pixels a pixel the outline follows every pixel edge; below it cuts the corners of the staircase. */
const pixelEdgesFrom = 8;

/** The contours as one path in canvas coordinates. */
export function outlinePath(contours: Iterable<Contour>, view: View, pixelAspectRatio: number): Path2D {
  const path = new Path2D();
  const scaleY = view.scale * pixelAspectRatio;
  const toX = (x: number): number => view.x + x * view.scale;
  const toY = (y: number): number => view.y + y * scaleY;
  for (const contour of contours) {
    const corners = contour.length / 2;
    for (let corner = 0; corner < corners; corner += 1) {
      const x = contour[2 * corner];
      const y = contour[2 * corner + 1];
      if (view.scale >= pixelEdgesFrom) {
        if (corner === 0) path.moveTo(toX(x), toY(y));
        else path.lineTo(toX(x), toY(y));
        continue;
      }
      // Each straight piece is entered and left half a pixel from its ends; from piece to piece the line goes across the corner.
      const next = (corner + 1) % corners;
      const dx = Math.sign(contour[2 * next] - x) / 2;
      const dy = Math.sign(contour[2 * next + 1] - y) / 2;
      if (corner === 0) path.moveTo(toX(x + dx), toY(y + dy));
      else path.lineTo(toX(x + dx), toY(y + dy));
      path.lineTo(toX(contour[2 * next] - dx), toY(contour[2 * next + 1] - dy));
    }
    path.closePath();
  }
  return path;
}

export interface OutlineStyle {
  readonly color: string;
  readonly width: number;
  readonly dash: readonly number[];
}

/** Strokes over a dark halo, so that the line stays visible on bright and on dark tissue. */
export function strokeOutline(context: CanvasRenderingContext2D, path: Path2D, style: OutlineStyle): void {
  context.save();
  context.lineJoin = 'round';
  context.setLineDash([...style.dash]);
  context.strokeStyle = 'rgba(0, 0, 0, 0.5)';
  context.lineWidth = style.width + 1.5;
  context.stroke(path);
  context.strokeStyle = style.color;
  context.lineWidth = style.width;
  context.stroke(path);
  context.restore();
}
