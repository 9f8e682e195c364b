// Owns what is measured of a mask: area, perimeter, axes, fitted ellipse, each in pixels and, where one calibrated region holds all of it, in mm.
// A mask of several parts is measured as one structure. Its outline runs through the middles of pixel edges, where the boundary is expected.
import { calibrationFor, type ScaleRefusal } from './calibration.ts';
import { contourArea, traceContours } from './contour.ts';
import type { Contour } from './contour.ts';
import type { Spacing } from './distance-transform.ts';
import { ellipseCircumference, fitEllipse } from './ellipse.ts';
import type { ImageBox, ImagePoint } from './geometry.ts';
import { maskBox } from './mask.ts';
import type { BinaryMask } from './mask.ts';
import type { UltrasoundRegion } from './study.ts';

/** Measures in one unit of length; areas in its square. */
export interface ShapeMeasures {
  /** Of the mask's pixels, without its holes. */
  readonly area: number;
  /** Of the outlines around its parts; holes have no share in it. Within 2 % for what is wider than 10 pixels. */
  readonly perimeter: number;
  /** The largest distance between two points of the outline (maximum Feret diameter). */
  readonly longAxis: number;
  /** The extent at right angles to the long axis. */
  readonly shortAxis: number;
  /** The ellipse that has the same second moments as the outlined area with its holes filled; exact for an ellipse. */
  readonly ellipse: { readonly majorAxis: number; readonly minorAxis: number; readonly circumference: number };
  /** Diameter of the circle of the same area. */
  readonly equivalentDiameter: number;
}

export interface MaskMeasures {
  /** Mean of the centres of its pixels. */
  readonly centroid: ImagePoint;
  readonly box: ImageBox;
  /** The ends of the long axis in the image; of the physical one where there is a scale. */
  readonly longAxisEnds: readonly [ImagePoint, ImagePoint];
  /** Of the image as stored, also where pixels are not square. */
  readonly inPixels: ShapeMeasures;
  readonly inMillimetres: ShapeMeasures | null;
  /** Number of the ultrasound region whose scale was used, from 1; null without a scale. */
  readonly region: number | null;
  /** Why there is no measure in mm; null where there is one. */
  readonly refusal: ScaleRefusal | null;
}

/** Measures a mask; null for an empty one, of which there is nothing to measure. `contours` are its own, where they are known already. */
export function measureRegion(
  mask: BinaryMask,
  regions: readonly UltrasoundRegion[],
  contours: readonly Contour[] = traceContours(mask),
): MaskMeasures | null {
  const box = maskBox(mask);
  if (!box) return null;
  const { calibration, refusal } = calibrationFor(regions, placesOf(mask, box, regions));
  const outlines = contours.filter((contour) => contourArea(contour) > 0);
  const { pixels, centroid } = countWithin(mask, box);
  const plain = measureShape(outlines, pixels, 1, 1);
  const physical = calibration && measureShape(outlines, pixels, calibration.xMm, calibration.yMm);
  return {
    centroid,
    box,
    longAxisEnds: (physical ?? plain).ends,
    inPixels: plain.measures,
    inMillimetres: physical?.measures ?? null,
    region: calibration?.region ?? null,
    refusal,
  };
}

/** Centres of pixels that must share a region: the box's corners do where no second region touches the box, else every pixel has to. */
function placesOf(mask: BinaryMask, { x, y, width, height }: ImageBox, regions: readonly UltrasoundRegion[]) {
  const touching = regions.filter(
    (region) => region.minX0 < x + width && region.maxX1 >= x && region.minY0 < y + height && region.maxY1 >= y,
  );
  const [left, top, right, bottom] = [x + 0.5, y + 0.5, x + width - 0.5, y + height - 0.5];
  const corners: ImagePoint[] = [
    { x: left, y: top },
    { x: right, y: top },
    { x: left, y: bottom },
    { x: right, y: bottom },
  ];
  if (touching.length <= 1) return corners;
  const places: ImagePoint[] = [];
  mask.data.forEach((value, index) => {
    if (value === 1) places.push({ x: (index % mask.width) + 0.5, y: Math.floor(index / mask.width) + 0.5 });
  });
  return places;
}

/** How many pixels there are, and where they lie on average. */
function countWithin({ width, data }: BinaryMask, box: ImageBox): { pixels: number; centroid: ImagePoint } {
  let [pixels, sumX, sumY] = [0, 0, 0];
  for (let y = box.y; y < box.y + box.height; y += 1) {
    for (let x = box.x; x < box.x + box.width; x += 1) {
      const value = data[y * width + x];
      pixels += value;
      sumX += value * x;
      sumY += value * y;
    }
  }
  return { pixels, centroid: { x: sumX / pixels + 0.5, y: sumY / pixels + 0.5 } };
}

/** x, y, x, y ... */
type Polygon = readonly number[];

function measureShape(outlines: readonly Contour[], pixels: number, scaleX: number, scaleY: number) {
  const scale = (contour: Contour) => contour.map((value, index) => value * (index % 2 === 0 ? scaleX : scaleY));
  const middles = outlines.map((outline) => scale(edgeMiddles(outline)));
  const corners = outlines.map(scale);
  const perimeter = middles
    .map((polygon, index) => {
      const leastLength = 2 * Math.sqrt(Math.PI * contourArea(corners[index]));
      // Smoothing shrinks what is a few pixels small, and nothing is shorter around its area than a circle.
      return Math.max(leastLength, lengthAround(smooth(polygon)));
    })
    .reduce((sum, length) => sum + length, 0);
  const { length, width, from, to } = caliperWidths(convexHull(middles.flat()));
  const area = pixels * scaleX * scaleY;
  const measures: ShapeMeasures = {
    area,
    perimeter,
    longAxis: length,
    shortAxis: width,
    ellipse: ellipseOf(outlines, { x: scaleX, y: scaleY }),
    equivalentDiameter: 2 * Math.sqrt(area / Math.PI),
  };
  const toImage = ([x, y]: readonly [number, number]): ImagePoint => ({ x: x / scaleX, y: y / scaleY });
  return { measures, ends: [toImage(from), toImage(to)] as const };
}

/** Every outline surrounds an area. */
function ellipseOf(outlines: readonly Contour[], spacing: Spacing): ShapeMeasures['ellipse'] {
  const { semiMajor, semiMinor } = fitEllipse(outlines, spacing)!;
  return {
    majorAxis: 2 * semiMajor,
    minorAxis: 2 * semiMinor,
    circumference: ellipseCircumference(semiMajor, semiMinor),
  };
}

/** The middle of every pixel edge along a contour. */
function edgeMiddles(contour: Contour): number[] {
  const middles: number[] = [];
  for (let i = 0; i < contour.length; i += 2) {
    const [x, y] = [contour[i], contour[i + 1]];
    const [toX, toY] = [contour[(i + 2) % contour.length], contour[(i + 3) % contour.length]];
    const edges = Math.abs(toX - x) + Math.abs(toY - y);
    const [stepX, stepY] = [(toX - x) / edges, (toY - y) / edges];
    for (let edge = 0.5; edge < edges; edge += 1) middles.push(x + stepX * edge, y + stepY * edge);
  }
  return middles;
}

/** Binomial weights over five points: the staircase of a slanted edge becomes straight to within 1 % of its length. */
const weights = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16];

function smooth(polygon: Polygon): Polygon {
  const { length } = polygon;
  return polygon.map((_, index) =>
    weights.reduce((sum, weight, tap) => sum + weight * polygon[(index + 2 * (tap - 2) + 2 * length) % length], 0),
  );
}

function lengthAround(polygon: Polygon): number {
  let sum = 0;
  for (let i = 0; i < polygon.length; i += 2) {
    const next = (i + 2) % polygon.length;
    sum += Math.hypot(polygon[next] - polygon[i], polygon[next + 1] - polygon[i + 1]);
  }
  return sum;
}

/** Andrew's monotone chain. */
function convexHull(polygon: Polygon): (readonly [number, number])[] {
  const points = Array.from({ length: polygon.length / 2 }, (_, i) => [polygon[2 * i], polygon[2 * i + 1]] as const);
  points.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (ordered: readonly (readonly [number, number])[]) => {
    const chain: (readonly [number, number])[] = [];
    for (const point of ordered) {
      while (chain.length > 1 && turn(chain[chain.length - 2], chain[chain.length - 1], point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(points), ...half(points.toReversed())];
}

function turn(a: readonly [number, number], b: readonly [number, number], c: readonly [number, number]): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** The largest distance between two points, and the extent across it. */
function caliperWidths(hull: readonly (readonly [number, number])[]) {
  let [from, to] = [hull[0], hull[0]];
  let length = 0;
  for (const a of hull) {
    for (const b of hull) {
      const distance = Math.hypot(b[0] - a[0], b[1] - a[1]);
      if (distance > length) [from, to, length] = [a, b, distance];
    }
  }
  const across = hull.map(([x, y]) => (-x * (to[1] - from[1]) + y * (to[0] - from[0])) / length);
  return { length, width: Math.max(...across) - Math.min(...across), from, to };
}
