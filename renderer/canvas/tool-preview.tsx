// Owns the drawing of what a tool is about to do: lines and handles whose size does not depend on the zoom.
import { type ReactElement } from 'react';
import { Shape } from 'react-konva';
import type { ImagePoint } from '../../electron/common/geometry.ts';
import { useSessionState } from '../session/hooks.ts';
import type { View } from '../session/view.ts';
import type { PreviewLine, PreviewTone, ToolPreview } from '../tools/preview.ts';
import { drawHandle, handleSide } from './handle-drawing.ts';

const colors: Record<PreviewTone, string> = { add: '#ffffff', subtract: '#ff8f7a', guide: 'rgba(255, 255, 255, 0.7)' };
const dashes: Record<PreviewTone, readonly number[]> = { add: [], subtract: [5, 4], guide: [3, 3] };
/** The accent of the interface. */
const chosenColor = '#2ccbbc';

export function ToolPreviewShape({ pixelAspectRatio }: { readonly pixelAspectRatio: number }): ReactElement | null {
  const preview = useSessionState((state) => state.toolPreview);
  const view = useSessionState((state) => state.view);
  // While frames pass by, what is about to be done in the open one is not seen.
  const hidden = useSessionState((state) => state.shownFrameId !== null);
  if (!preview || hidden) return null;
  return (
    <Shape
      sceneFunc={(context) => drawPreview(context._context, preview, view, pixelAspectRatio)}
      perfectDrawEnabled={false}
    />
  );
}

function drawPreview(
  context: CanvasRenderingContext2D,
  preview: ToolPreview,
  view: View,
  pixelAspectRatio: number,
): void {
  const toX = (point: ImagePoint): number => view.x + point.x * view.scale;
  const toY = (point: ImagePoint): number => view.y + point.y * view.scale * pixelAspectRatio;
  context.save();
  context.lineJoin = 'round';
  context.lineCap = 'round';
  for (const line of preview.lines) {
    const path = new Path2D();
    for (const point of line.points) path.lineTo(toX(point), toY(point));
    if (line.closed) path.closePath();
    strokeLine(context, path, line);
  }
  for (const handle of preview.handles) drawHandle(context, toX(handle), toY(handle), handleSide, '#ffffff');
  const { chosen, offered } = preview;
  if (offered) drawHandle(context, toX(offered), toY(offered), handleSide - 2, 'rgba(255, 255, 255, 0.55)');
  if (chosen) drawHandle(context, toX(chosen), toY(chosen), handleSide + 4, chosenColor);
  context.restore();
}

function strokeLine(context: CanvasRenderingContext2D, path: Path2D, line: PreviewLine): void {
  const width = line.width ?? 1.5;
  context.setLineDash([]);
  context.strokeStyle = 'rgba(0, 0, 0, 0.55)';
  context.lineWidth = width + 2;
  context.stroke(path);
  context.setLineDash([...dashes[line.tone]]);
  context.strokeStyle = colors[line.tone];
  context.lineWidth = width;
  context.stroke(path);
  context.setLineDash([]);
}
