// Owns what is drawn over the frame to measure by: the crosshair, the depth ruler, the ultrasound regions and what was measured, and the numbers of
// the labels. It lies on the screen as it is,
// so that its words are upright however the view is turned.
import { type ReactElement, useEffect, useRef } from 'react';
import type Konva from 'konva';
import { Layer, Shape } from 'react-konva';
import { regionsOf } from '../session/frame-scale.ts';
import { useSession } from '../session/hooks.ts';
import { projectPoint, toScreen } from '../session/orientation.ts';
import { selectedFrame } from '../session/session.ts';
import type { SessionState } from '../session/state.ts';
import { drawUnseen, seenPart } from './field-of-view.ts';
import { drawDepthRuler } from './depth-ruler.ts';
import type { LabelMasksView } from './label-masks-view.ts';
import { drawMeasurements } from './measurement-drawing.ts';
import { drawRegions } from './region-outlines.ts';
import type { Projection } from './projection.ts';

/** Besides the labels' masks. */
const sources = [
  'frames',
  'frameId',
  'shownFrameId',
  'labels',
  'frameScale',
  'view',
  'canvasSize',
  'display',
  'measurements',
  'selectedMeasurement',
  'measurementDraft',
  'masksHidden',
  'status',
  'chosenPrompts',
  'labelId',
  'tool',
] as const satisfies readonly (keyof SessionState)[];

export function FrameOverlay({ labelMasks }: { readonly labelMasks: LabelMasksView }): ReactElement {
  const { store } = useSession();
  const layer = useRef<Konva.Layer>(null);
  useEffect(() => {
    // For whoever looks at the canvases from outside: Konva gives them no names.
    if (layer.current) layer.current.getNativeCanvasElement().dataset.layer = 'overlay';
    let drawnMasks = labelMasks.version;
    return store.subscribe((state, before) => {
      const moved = state.display.crosshair && state.pointer !== before.pointer;
      const isNew = sources.some((name) => state[name] !== before[name]) || labelMasks.version !== drawnMasks;
      drawnMasks = labelMasks.version;
      if (moved || isNew) layer.current?.batchDraw();
    });
  }, [store, labelMasks]);
  return (
    <Layer ref={layer} listening={false}>
      <Shape
        sceneFunc={(context) => drawOverlay(context._context, store.getState(), labelMasks)}
        perfectDrawEnabled={false}
      />
    </Layer>
  );
}

function drawOverlay(context: CanvasRenderingContext2D, state: SessionState, labelMasks: LabelMasksView): void {
  const { display, canvasSize, pointer } = state;
  const frame = selectedFrame(state);
  if (frame) {
    const { view } = state;
    const project: Projection = (point) =>
      projectPoint(point, view, frame.pixelAspectRatio, canvasSize, display.orientation);
    const regions = regionsOf(state);
    const seen = state.masksHidden ? null : seenPart(state, frame);
    if (seen) drawUnseen(context, frame, seen, project);
    if (display.ruler) drawDepthRuler(context, regions, project);
    if (display.regions) drawRegions(context, regions, project);
    // While frames pass by, what is measured in the open one is not seen.
    const isOpen = state.shownFrameId === null;
    if (!state.masksHidden) labelMasks.drawNumbers(context, project);
    if (isOpen && !state.masksHidden) drawMeasurements(context, state, frame.pixelAspectRatio, project);
  }
  if (!display.crosshair || !pointer) return;
  const { x, y } = toScreen(pointer, canvasSize, display.orientation);
  drawCross(context, Math.round(x) + 0.5, Math.round(y) + 0.5, canvasSize);
}

/** Hairlines with a gap about the pointer, which keeps what is pointed at free. */
function drawCross(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  { width, height }: SessionState['canvasSize'],
): void {
  const gap = 12;
  const path = new Path2D();
  for (const [fromX, fromY, toX, toY] of [
    [0, y, x - gap, y],
    [x + gap, y, width, y],
    [x, 0, x, y - gap],
    [x, y + gap, x, height],
  ]) {
    path.moveTo(fromX, fromY);
    path.lineTo(toX, toY);
  }
  context.save();
  context.lineWidth = 3;
  context.strokeStyle = 'rgba(0, 0, 0, 0.35)';
  context.stroke(path);
  context.lineWidth = 1;
  context.strokeStyle = 'rgba(255, 255, 255, 0.8)';
  context.stroke(path);
  context.restore();
}
