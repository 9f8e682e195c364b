// Owns the drawing of measurements: thin lines with their end marks, a number that the list has too, and the figure beside it.
import { ellipseOutline, measureShape, type MeasurementShape } from '../../electron/common/measurements.ts';
import type { ImagePoint } from '../../electron/common/geometry.ts';
import { regionsOf } from '../session/frame-scale.ts';
import { shortText } from '../session/measurement-words.ts';
import { measurementsOf } from '../session/measurements.ts';
import type { SessionState } from '../session/state.ts';
import { measureTools } from '../tools/measure/index.ts';
import { overFont, type Projection, writeOver } from './projection.ts';
import { drawHandle, handleSide } from './handle-drawing.ts';

const restColor = '#ffe08a';
const chosenColor = '#5ee6d6';

/** Every measurement of the frame, and the one that is being made. */
export function drawMeasurements(
  context: CanvasRenderingContext2D,
  state: SessionState,
  pixelAspectRatio: number,
  project: Projection,
): void {
  const { measurementDraft: draft, selectedMeasurement } = state;
  const hasHandles = state.tool in measureTools;
  const regions = regionsOf(state);
  const draw = (shape: MeasurementShape, name: string, isChosen: boolean): void => {
    const text = shortText(measureShape(shape, regions, pixelAspectRatio));
    drawOne(context, shape, [name, text].filter(Boolean).join('  '), { isChosen, hasHandles, project });
  };
  measurementsOf(state).forEach(({ trackingUID, kind, points }, index) => {
    const isDragged = draft?.replaces === trackingUID;
    const shape = isDragged ? draft.shape : { kind, points };
    draw(shape, String(index + 1), isDragged || trackingUID === selectedMeasurement);
  });
  if (draft && draft.replaces === null) draw(draft.shape, '', true);
}

interface Style {
  readonly isChosen: boolean;
  readonly hasHandles: boolean;
  readonly project: Projection;
}

function drawOne(context: CanvasRenderingContext2D, shape: MeasurementShape, text: string, style: Style): void {
  const color = style.isChosen ? chosenColor : restColor;
  const { project } = style;
  context.save();
  context.lineJoin = 'round';
  context.lineCap = 'round';
  for (const { points, isClosed, isFaint } of linesOf(shape)) {
    const path = new Path2D();
    for (const point of points.map(project)) path.lineTo(point.x, point.y);
    if (isClosed) path.closePath();
    context.setLineDash([]);
    context.lineWidth = style.isChosen ? 4 : 3;
    context.strokeStyle = 'rgba(0, 0, 0, 0.55)';
    context.stroke(path);
    context.setLineDash(isFaint ? [3, 4] : []);
    context.lineWidth = style.isChosen ? 2 : 1.25;
    context.strokeStyle = color;
    context.stroke(path);
  }
  context.setLineDash([]);
  for (const point of shape.points.map(project)) {
    if (style.hasHandles) drawHandle(context, point.x, point.y, handleSide, color);
    else drawMark(context, point.x, point.y, color);
  }
  context.font = overFont;
  context.textBaseline = 'middle';
  // Beside the point that is furthest right on the screen, where it covers nothing that was measured.
  const anchor = shape.points.map(project).reduce((best, point) => (point.x > best.x ? point : best));
  writeOver(context, text, { x: anchor.x + 11, y: anchor.y }, color);
  context.restore();
}

interface Line {
  readonly points: readonly ImagePoint[];
  readonly isClosed: boolean;
  readonly isFaint: boolean;
}

function linesOf({ kind, points }: MeasurementShape): Line[] {
  if (kind !== 'ellipse') return [{ points, isClosed: false, isFaint: false }];
  return [
    { points: ellipseOutline(points, 64), isClosed: true, isFaint: false },
    { points: points.slice(0, 2), isClosed: false, isFaint: true },
    { points: points.slice(2), isClosed: false, isFaint: true },
  ];
}

/** A small cross, as calipers have on a scanner. */
function drawMark(context: CanvasRenderingContext2D, x: number, y: number, color: string): void {
  const path = new Path2D();
  path.moveTo(x - 4, y);
  path.lineTo(x + 4, y);
  path.moveTo(x, y - 4);
  path.lineTo(x, y + 4);
  context.lineWidth = 3;
  context.strokeStyle = 'rgba(0, 0, 0, 0.55)';
  context.stroke(path);
  context.lineWidth = 1.25;
  context.strokeStyle = color;
  context.stroke(path);
}
