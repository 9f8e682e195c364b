// Owns the drawing of ultrasound regions: bounds, number, and what their pixels mean.
import type { UltrasoundRegion } from '../../electron/common/study.ts';
import { describeRegion } from '../session/region-words.ts';
import { overFont, type Projection, writeOver } from './projection.ts';

const calibratedColor = '#7fd4ff';
const uncalibratedColor = '#ffc861';

export function drawRegions(
  context: CanvasRenderingContext2D,
  regions: readonly UltrasoundRegion[],
  project: Projection,
): void {
  context.save();
  context.font = overFont;
  context.textBaseline = 'top';
  for (const region of regions) {
    const isCalibrated = region.physicalDeltaXMm !== null;
    const color = isCalibrated ? calibratedColor : uncalibratedColor;
    const corners = [
      { x: region.minX0, y: region.minY0 },
      { x: region.maxX1 + 1, y: region.minY0 },
      { x: region.maxX1 + 1, y: region.maxY1 + 1 },
      { x: region.minX0, y: region.maxY1 + 1 },
    ].map(project);
    const path = new Path2D();
    for (const corner of corners) path.lineTo(corner.x, corner.y);
    path.closePath();
    context.setLineDash([]);
    context.lineWidth = 3;
    context.strokeStyle = 'rgba(0, 0, 0, 0.5)';
    context.stroke(path);
    // Without a scale the outline is broken, so that colour alone does not say it.
    context.setLineDash(isCalibrated ? [] : [6, 4]);
    context.lineWidth = 1.25;
    context.strokeStyle = color;
    context.stroke(path);
    context.setLineDash([]);
    const left = Math.min(...corners.map((corner) => corner.x));
    const top = Math.min(...corners.map((corner) => corner.y));
    writeOver(context, describeRegion(region), { x: left + 6, y: top + 5 }, color);
  }
  context.restore();
}
