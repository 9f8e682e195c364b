// Owns the drawing of outlines: image contours as hairlines whose width does not depend on the zoom.
import type { Contour } from '../../electron/common/contour.ts';
import type { View } from '../session/view.ts';

/** Above this many CSS pixels a pixel the outline follows every pixel edge; below it cuts the corners of the staircase. */
const pixelEdgesFrom = 8;

/** The contours as one path in canvas coordinates. */
export function outlinePath(contours: Iterable<Contour>, view: View, pixelAspectRatio: number): Path2D {
  const path = new Path2D();
  const scaleY = view.scale * pixelAspectRatio;
  for (const contour of contours) {
    const line = view.scale >= pixelEdgesFrom ? contour : acrossCorners(contour);
    for (let i = 0; i < line.length; i += 2) {
      const [x, y] = [view.x + line[i] * view.scale, view.y + line[i + 1] * scaleY];
      if (i === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    }
    path.closePath();
  }
  return path;
}

/**
 * Each straight piece of a contour is entered and left half a pixel from its ends; from piece to piece the line goes across the corner. Points
 * on a straight line between others are left out: a slanted edge has hundreds of them, and what is stroked costs by the point.
 */
export function acrossCorners(contour: Contour): number[] {
  const line: number[] = [];
  const add = (x: number, y: number): void => {
    const end = line.length;
    const [dx, dy] = [x - line[end - 2], y - line[end - 1]];
    if (dx === 0 && dy === 0) return;
    // Halves of whole numbers: what is straight is so exactly.
    const isStraight = end >= 4 && (line[end - 2] - line[end - 4]) * dy === (line[end - 1] - line[end - 3]) * dx;
    if (isStraight) line.splice(end - 2, 2, x, y);
    else line.push(x, y);
  };
  for (let i = 0; i < contour.length; i += 2) {
    const [x, y] = [contour[i], contour[i + 1]];
    const next = (i + 2) % contour.length;
    const dx = Math.sign(contour[next] - x) / 2;
    const dy = Math.sign(contour[next + 1] - y) / 2;
    add(x + dx, y + dy);
    add(contour[next] - dx, contour[next + 1] - dy);
  }
  return line;
}

export interface OutlineStyle {
  readonly color: string;
  readonly width: number;
  readonly dash: readonly number[];
}

/** Strokes over a dark halo, so that the line stays visible on bright and on dark tissue. */
export function strokeOutline(context: CanvasRenderingContext2D, path: Path2D, style: OutlineStyle): void {
  context.save();
  // No corner of it is sharper than a right angle.
  context.lineJoin = 'miter';
  context.setLineDash([...style.dash]);
  context.strokeStyle = 'rgba(0, 0, 0, 0.5)';
  context.lineWidth = style.width + 1.5;
  context.stroke(path);
  context.strokeStyle = style.color;
  context.lineWidth = style.width;
  context.stroke(path);
  context.restore();
}
