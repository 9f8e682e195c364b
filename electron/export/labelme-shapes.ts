// Owns LabelMe's shapes as pixels: polygons, rectangles, circles and masks. What has no area is passed over.
import { AppError } from '../common/errors.ts';
import type { ImagePoint } from '../common/geometry.ts';
import type { BinaryMask } from '../common/mask.ts';
import { fillPolygon } from '../common/polygon.ts';
import { decodeMaskPng } from '../files/mask-image.ts';
import type { Remark } from './export-format.ts';

export interface LabelMeShape {
  readonly label: string;
  readonly shape_type: string;
  readonly points: readonly (readonly [number, number])[];
  readonly mask?: string | null | undefined;
}

const circleCorners = 360;

/** Sets the pixels of a shape whose centres lie in it. Throws AppError('corrupt') that names the file for points that make no such shape. */
export async function fillShape(target: BinaryMask, shape: LabelMeShape, path: string, remark: Remark): Promise<void> {
  const points = shape.points.map(([x, y]): ImagePoint => ({ x, y }));
  const need = (count: number, atLeast = false) => {
    if (points.length === count || (atLeast && points.length > count)) return;
    throw new AppError(
      'corrupt',
      `${path}: a ${shape.shape_type} of "${shape.label}" has ${points.length} points; it needs ${count}${atLeast ? ' or more' : ''}.`,
    );
  };
  switch (shape.shape_type) {
    case 'polygon':
    case 'oriented_rectangle':
      need(3, true);
      fillPolygon(target, points, 1);
      return;
    case 'rectangle':
      need(2);
      fillPolygon(target, boxCorners(points[0], points[1]), 1);
      return;
    case 'circle':
      need(2);
      fillPolygon(target, circle(points[0], points[1]), 1);
      return;
    case 'mask':
      need(2);
      await pasteMask(target, shape, path);
      return;
    default:
      remark(`${path}: a ${shape.shape_type} of "${shape.label}" has no area and was passed over.`);
  }
}

function boxCorners(a: ImagePoint, b: ImagePoint): ImagePoint[] {
  return [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];
}

/** The second point lies on the circle. */
function circle(center: ImagePoint, edge: ImagePoint): ImagePoint[] {
  const radius = Math.hypot(edge.x - center.x, edge.y - center.y);
  return Array.from({ length: circleCorners }, (_, index) => {
    const angle = (2 * Math.PI * index) / circleCorners;
    return { x: center.x + radius * Math.cos(angle), y: center.y + radius * Math.sin(angle) };
  });
}

/** The picture's extent counts, its first pixel is the first point rounded half to even, as LabelMe itself does it. */
async function pasteMask(target: BinaryMask, shape: LabelMeShape, path: string): Promise<void> {
  if (!shape.mask) throw new AppError('corrupt', `${path}: the mask of "${shape.label}" is missing.`);
  const patch = await decodeMaskPng(Buffer.from(shape.mask, 'base64'), path);
  const [left, top] = shape.points[0].map(roundHalfToEven);
  for (let row = 0; row < patch.height; row += 1) {
    for (let column = 0; column < patch.width; column += 1) {
      const [x, y] = [left + column, top + row];
      if (patch.data[row * patch.width + column] === 0) continue;
      if (x >= 0 && y >= 0 && x < target.width && y < target.height) target.data[y * target.width + x] = 1;
    }
  }
}

function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
