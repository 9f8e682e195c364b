// Owns the way from pixels to millimetres through the regions of an ultrasound image (PS3.3 C.8.5.5): which region a point lies in, and what
// a distance is there. Unknown is null, never 1. Each axis has its own scale.
import type { ImagePoint } from './geometry.ts';
import type { UltrasoundRegion } from './study.ts';

/** Millimetres a pixel, and the region that says so. */
export interface Calibration {
  /** Number of the region's item in the Sequence of Ultrasound Regions, from 1. */
  readonly region: number;
  readonly xMm: number;
  readonly yMm: number;
}

/** Why there is no scale. */
export type ScaleRefusal =
  | { readonly reason: 'no-scale' | 'nothing' | 'outside' | 'overlap' | 'across' }
  | { readonly reason: 'not-calibrated'; readonly region: number };

/** A scale, or the reason why there is none. */
export type CalibrationResult =
  | { readonly calibration: Calibration; readonly refusal: null }
  | { readonly calibration: null; readonly refusal: ScaleRefusal };

const refused = (refusal: ScaleRefusal): CalibrationResult => ({ calibration: null, refusal });

const refusalWords = {
  'no-scale': 'The file gives no physical scale.',
  nothing: 'There is nothing to measure.',
  outside: 'Part of it lies outside the calibrated regions.',
  overlap: 'Regions with different scales overlap here, and none has priority.',
  across: 'It reaches across two regions with scales of their own.',
} as const;

/** The reason as files and messages give it; the interface has words of its own. */
export function describeRefusal(refusal: ScaleRefusal): string {
  return refusal.reason === 'not-calibrated'
    ? `Region ${refusal.region} is not calibrated in centimetres on both axes.`
    : refusalWords[refusal.reason];
}

/** Bounds are inclusive pixels: the region reaches to the outer edge of its last column and row, which is the next one's first. */
export function regionContains(region: UltrasoundRegion, { x, y }: ImagePoint): boolean {
  return x >= region.minX0 && y >= region.minY0 && x < region.maxX1 + 1 && y < region.maxY1 + 1;
}

/** The region of a point. Where several overlap, the one of high priority; null where none, or several, claim the point. */
export function regionAt(regions: readonly UltrasoundRegion[], point: ImagePoint): UltrasoundRegion | null {
  const containing = regions.filter((region) => regionContains(region, point));
  if (containing.length <= 1) return containing[0] ?? null;
  const preferred = containing.filter((region) => region.highPriority);
  return preferred.length === 1 ? preferred[0] : null;
}

/** The scale of a region, or why it has none. */
export function calibrationOf(region: UltrasoundRegion): CalibrationResult {
  const { number, physicalDeltaXMm: xMm, physicalDeltaYMm: yMm } = region;
  if (xMm === null || yMm === null) return refused({ reason: 'not-calibrated', region: number });
  return { calibration: { region: number, xMm, yMm }, refusal: null };
}

/** The scale that holds for all of the points: they must lie in one calibrated region. */
export function calibrationFor(regions: readonly UltrasoundRegion[], points: readonly ImagePoint[]): CalibrationResult {
  if (regions.length === 0) return refused({ reason: 'no-scale' });
  if (points.length === 0) return refused({ reason: 'nothing' });
  const shared = sharedScale(regions, points);
  if (shared) return calibrationOf(shared);
  if (!points.every((point) => regions.some((region) => regionContains(region, point))))
    return refused({ reason: 'outside' });
  const found = points.map((point) => regionAt(regions, point));
  const [first] = found;
  if (found.includes(null)) return refused({ reason: 'overlap' });
  if (found.some((region) => region !== first)) return refused({ reason: 'across' });
  return calibrationOf(first!); // null was refused above
}

/**
 * A colour box inside an image lies in two regions, and where both have one scale, that holds (PS3.3 C.8.5.5.1.3, figure C.8-6): the region
 * that contains all points, where every region that contains any of them has its scale. Null where there is none.
 */
function sharedScale(regions: readonly UltrasoundRegion[], points: readonly ImagePoint[]): UltrasoundRegion | null {
  const involved = regions.filter((region) => points.some((point) => regionContains(region, point)));
  const holder = involved.find((region) => points.every((point) => regionContains(region, point)));
  return holder && involved.every((region) => isSameScale(region, holder)) ? holder : null;
}

function isSameScale(a: UltrasoundRegion, b: UltrasoundRegion): boolean {
  return isNear(a.physicalDeltaXMm, b.physicalDeltaXMm) && isNear(a.physicalDeltaYMm, b.physicalDeltaYMm);
}

/** Deltas of one scale differ by the rounding of their writer at most. */
function isNear(a: number | null, b: number | null): boolean {
  return a === b || (a !== null && b !== null && Math.abs(a - b) <= 1e-6 * Math.max(a, b));
}

/** Length of a straight line: in pixels of the image as stored, and in mm where `calibration` is known. */
export function lineLength(
  from: ImagePoint,
  to: ImagePoint,
  calibration: Calibration | null,
): { pixels: number; mm: number | null } {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  return {
    pixels: Math.hypot(dx, dy),
    mm: calibration && Math.hypot(dx * calibration.xMm, dy * calibration.yMm),
  };
}
