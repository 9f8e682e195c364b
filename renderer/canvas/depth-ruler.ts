// Owns the depth ruler: ticks along the side of the largest calibrated region, one every centimetre with its depth, one every half between.
import { calibrationOf } from '../../electron/common/calibration.ts';
import type { UltrasoundRegion } from '../../electron/common/study.ts';
import { overFont, type Projection, writeOver } from './projection.ts';

export interface RulerTick {
  readonly depthMm: number;
  /** The row in image pixels. */
  readonly y: number;
  /** A whole number of these is written: every 1, 2, 5 … centimetres. */
  readonly isMajor: boolean;
}

/** The region that the ruler belongs to: the largest that is calibrated and shows tissue, not a trace in time. Null where there is none. */
export function rulerRegion(regions: readonly UltrasoundRegion[]): UltrasoundRegion | null {
  const area = (region: UltrasoundRegion): number =>
    (region.maxX1 - region.minX0 + 1) * (region.maxY1 - region.minY0 + 1);
  return regions
    .filter((region) => calibrationOf(region).calibration !== null)
    .reduce<UltrasoundRegion | null>(
      (largest, region) => (largest && area(largest) >= area(region) ? largest : region),
      null,
    );
}

/** Ticks from the top of the region down. `pixelsPerMm` is on the screen: where there is little room, fewer are made. */
export function rulerTicks(region: UltrasoundRegion, pixelsPerMm: number): RulerTick[] {
  const { calibration } = calibrationOf(region);
  if (!calibration) return [];
  const deepestMm = (region.maxY1 + 1 - region.minY0) * calibration.yMm;
  const stepMm = [5, 10, 25, 50, 100].find((step) => step * pixelsPerMm >= 9) ?? 250;
  const majorMm = [10, 20, 50, 100, 200].find((step) => step * pixelsPerMm >= 36 && step % stepMm === 0) ?? 2 * stepMm;
  return Array.from({ length: Math.floor(deepestMm / stepMm) + 1 }, (_, index) => ({
    depthMm: index * stepMm,
    y: region.minY0 + (index * stepMm) / calibration.yMm,
    isMajor: (index * stepMm) % majorMm === 0,
  }));
}

export function drawDepthRuler(
  context: CanvasRenderingContext2D,
  regions: readonly UltrasoundRegion[],
  project: Projection,
): void {
  const region = rulerRegion(regions);
  if (!region) return;
  const { yMm } = calibrationOf(region).calibration!; // rulerRegion gives calibrated ones
  const x = region.maxX1 + 1;
  const [top, below, inside] = [
    project({ x, y: region.minY0 }),
    project({ x, y: region.minY0 + 1 / yMm }),
    project({ x: x - 1, y: region.minY0 }),
  ];
  const pixelsPerMm = Math.hypot(below.x - top.x, below.y - top.y);
  // Away from the image, whichever way that is on the screen.
  const away = unit(top.x - inside.x, top.y - inside.y);
  context.save();
  context.font = overFont;
  context.textBaseline = 'middle';
  context.textAlign = away.x > 0.5 ? 'left' : away.x < -0.5 ? 'right' : 'center';
  const path = new Path2D();
  const ticks = rulerTicks(region, pixelsPerMm);
  for (const { y, isMajor } of ticks) {
    const from = project({ x, y });
    const length = isMajor ? 9 : 5;
    path.moveTo(from.x, from.y);
    path.lineTo(from.x + away.x * length, from.y + away.y * length);
  }
  context.lineWidth = 3;
  context.strokeStyle = 'rgba(0, 0, 0, 0.5)';
  context.stroke(path);
  context.lineWidth = 1;
  context.strokeStyle = '#e8ecef';
  context.stroke(path);
  for (const { y, depthMm, isMajor } of ticks) {
    if (!isMajor) continue;
    const from = project({ x, y });
    const text = depthMm === 0 ? '0 cm' : String(depthMm / 10);
    writeOver(context, text, { x: from.x + away.x * 13, y: from.y + away.y * 16 });
  }
  context.restore();
}

function unit(x: number, y: number): { x: number; y: number } {
  const length = Math.hypot(x, y) || 1;
  return { x: x / length, y: y / length };
}
