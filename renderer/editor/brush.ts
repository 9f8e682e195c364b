// Owns the rasterization of a stroke: which pixels a round brush covers on its way from one point to the next.
import type { ImageBox, ImagePoint } from '../../electron/common/geometry.ts';
import type { BinaryMask } from '../../electron/common/mask.ts';

/**
 * Sets every pixel whose centre lies within `radius` of the segment from `from` to `to`, and the pixels under both ends. The radius is in
 * widths of a column; `pixelAspectRatio`, height over width of a pixel, makes the brush round where the frame is shown, not in its grid.
 * Returns the box of rows and columns that were written, clipped to the mask, or null where the stroke lies outside.
 */
export function paintSegment(
  mask: BinaryMask,
  from: ImagePoint,
  to: ImagePoint,
  radius: number,
  value: 0 | 1,
  pixelAspectRatio = 1,
): ImageBox | null {
  const reach = radius / pixelAspectRatio;
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach));
  const bottom = Math.min(mask.height - 1, Math.ceil(Math.max(from.y, to.y) + reach));
  // From here on y in widths of a column, like x.
  const start = { x: from.x, y: from.y * pixelAspectRatio };
  const end = { x: to.x, y: to.y * pixelAspectRatio };
  let box = unionBoxes(paintPixel(mask, from, value), paintPixel(mask, to, value));
  for (let row = top; row <= bottom; row += 1) {
    const span = rowSpan(start, end, radius, (row + 0.5) * pixelAspectRatio);
    if (!span) continue;
    // Columns whose centres lie in the span.
    const first = Math.max(0, Math.ceil(span.left - 0.5));
    const last = Math.min(mask.width - 1, Math.floor(span.right - 0.5));
    if (last < first) continue;
    mask.data.fill(value, row * mask.width + first, row * mask.width + last + 1);
    box = unionBoxes(box, { x: first, y: row, width: last - first + 1, height: 1 });
  }
  return box;
}

/** The smallest box around both; null is the empty box. */
export function unionBoxes(a: ImageBox | null, b: ImageBox | null): ImageBox | null {
  if (!a || !b) return a ?? b;
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

function paintPixel(mask: BinaryMask, point: ImagePoint, value: 0 | 1): ImageBox | null {
  const x = Math.floor(point.x);
  const y = Math.floor(point.y);
  if (x < 0 || y < 0 || x >= mask.width || y >= mask.height) return null;
  mask.data[y * mask.width + x] = value;
  return { x, y, width: 1, height: 1 };
}

interface Span {
  readonly left: number;
  readonly right: number;
}

/**
 * Where the line at height `y` crosses the capsule (all points within `radius` of the segment). A capsule is convex, so the crossing is one
 * interval: the hull of the crossings with its two discs and with the rectangle between them.
 */
function rowSpan(from: ImagePoint, to: ImagePoint, radius: number, y: number): Span | null {
  return hull(
    hull(discSpan(from, radius, y), discSpan(to, radius, y)),
    from.x === to.x && from.y === to.y ? null : rectangleSpan(from, to, radius, y),
  );
}

function discSpan(centre: ImagePoint, radius: number, y: number): Span | null {
  const square = radius * radius - (y - centre.y) ** 2;
  if (square < 0) return null;
  const half = Math.sqrt(square);
  return { left: centre.x - half, right: centre.x + half };
}

function rectangleSpan(from: ImagePoint, to: ImagePoint, radius: number, y: number): Span | null {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  // The normal of the segment, as long as the radius.
  const nx = (-(to.y - from.y) / length) * radius;
  const ny = ((to.x - from.x) / length) * radius;
  const corners = [
    { x: from.x + nx, y: from.y + ny },
    { x: to.x + nx, y: to.y + ny },
    { x: to.x - nx, y: to.y - ny },
    { x: from.x - nx, y: from.y - ny },
  ];
  let span: Span | null = null;
  corners.forEach((a, index) => {
    const b = corners[(index + 1) % 4];
    if (y < Math.min(a.y, b.y) || y > Math.max(a.y, b.y)) return;
    if (a.y === b.y) span = hull(span, { left: Math.min(a.x, b.x), right: Math.max(a.x, b.x) });
    else {
      const x = a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x);
      span = hull(span, { left: x, right: x });
    }
  });
  return span;
}

function hull(a: Span | null, b: Span | null): Span | null {
  if (!a || !b) return a ?? b;
  return { left: Math.min(a.left, b.left), right: Math.max(a.right, b.right) };
}
