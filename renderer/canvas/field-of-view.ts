// Owns the drawing of what the network does not see of the frame: shaded, with a line between and a word in it.
import { croppedView } from '../../electron/common/field-of-view.ts';
import type { FrameSummary } from '../../electron/common/api.ts';
import type { CanvasPoint, ImageBox, ImagePoint } from '../../electron/common/geometry.ts';
import { promptsInEffect } from '../session/proposals.ts';
import type { SessionState } from '../session/state.ts';
import { t } from '../strings/index.ts';
import { overFont, type Projection, writeOver } from './projection.ts';

/** What the network sees of a frame that it is given as a whole; null where that is all of it, or only a crop around a target is asked for. */
export function seenPart(state: SessionState, frame: FrameSummary): ImageBox | null {
  const model = state.status?.model;
  if (!model || promptsInEffect(state)?.mode === 'local') return null;
  return croppedView(model.resize, frame);
}

export function drawUnseen(
  context: CanvasRenderingContext2D,
  { width, height }: FrameSummary,
  seen: ImageBox,
  project: Projection,
): void {
  const strips: ImageBox[] = [
    { x: 0, y: 0, width: seen.x, height },
    { x: seen.x + seen.width, y: 0, width: width - seen.x - seen.width, height },
    { x: 0, y: 0, width, height: seen.y },
    { x: 0, y: seen.y + seen.height, width, height: height - seen.y - seen.height },
  ].filter((strip) => strip.width > 0 && strip.height > 0);
  context.save();
  context.fillStyle = 'rgba(0, 0, 0, 0.45)';
  for (const strip of strips) context.fill(pathAround(cornersOf(strip).map(project)));
  const edge = pathAround(cornersOf(seen).map(project));
  context.lineWidth = 3;
  context.strokeStyle = 'rgba(0, 0, 0, 0.5)';
  context.stroke(edge);
  context.setLineDash([2, 4]);
  context.lineWidth = 1.25;
  context.strokeStyle = '#e8ecef';
  context.stroke(edge);
  context.font = overFont;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const strip of strips) writeIn(context, cornersOf(strip).map(project));
  context.restore();
}

/** Upright however the view is turned, along the strip where it is too narrow; nothing where there is no room at all. */
function writeIn(context: CanvasRenderingContext2D, corners: readonly CanvasPoint[]): void {
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const words = t('stage.unseen');
  const length = context.measureText(words).width + 12;
  const [across, down] = [right - left, bottom - top];
  if (Math.min(across, down) < 18 || Math.max(across, down) < length) return;
  context.save();
  context.translate((left + right) / 2, (top + bottom) / 2);
  if (across < length) context.rotate(-Math.PI / 2);
  context.setLineDash([]);
  writeOver(context, words, { x: 0, y: 0 });
  context.restore();
}

function cornersOf({ x, y, width, height }: ImageBox): ImagePoint[] {
  return [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ];
}

function pathAround(corners: readonly CanvasPoint[]): Path2D {
  const path = new Path2D();
  for (const { x, y } of corners) path.lineTo(x, y);
  path.closePath();
  return path;
}
