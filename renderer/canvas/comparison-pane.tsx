// Owns the frame's second picture, on the left while two proposals are compared, and what is drawn of each of the two over its picture. Both lie
// under the same view: to move or zoom one is to move or zoom the other.
import { type ReactElement, useEffect, useMemo, useRef } from 'react';
import { Layer, Line, Shape, Stage } from 'react-konva';
import { traceContours } from '../../electron/common/contour.ts';
import { type ComparedMasks, referenceMask, type Side } from '../session/comparison.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { selectedFrame, selectedLabel } from '../session/session.ts';
import styles from './frame-canvas.module.css';
import { earlierColor, proposalColor } from './mask-view.ts';
import { Oriented } from './oriented.tsx';
import { type OutlineStyle, outlinePath, strokeOutline } from './outline.ts';
import { PictureLayer } from './picture-layer.tsx';
import { attachPointer } from './pointer-input.ts';

const outlines: Readonly<Record<Side, OutlineStyle>> = {
  before: { color: earlierColor, width: 1.5, dash: [1.5, 3] },
  now: { color: proposalColor, width: 1.75, dash: [6, 5] },
};

/** What one of them has alone: hatched, each its own way. */
const hatches: Readonly<Record<Side, { readonly color: string; readonly rises: boolean }>> = {
  before: { color: '#ffb454', rises: true },
  now: { color: '#5edccf', rises: false },
};

interface BeforePaneProps {
  readonly picture: ImageBitmap | HTMLCanvasElement | null;
  readonly masks: ComparedMasks | null;
}

export function BeforePane({ picture, masks }: BeforePaneProps): ReactElement {
  const session = useSession();
  const container = useRef<HTMLDivElement>(null);
  const size = useSessionState((state) => state.canvasSize);
  useEffect(() => {
    const element = container.current;
    return element ? attachPointer(element, session, () => {}, { onlyLooks: true }) : undefined;
  }, [session]);
  return (
    <div ref={container} className={styles.canvas} data-testid="before-canvas">
      <Stage width={size.width} height={size.height} listening={false}>
        <PictureLayer picture={picture} />
        <Layer listening={false}>
          <Oriented>
            <ReferenceOutline />
            <ComparedMask side="before" masks={masks} />
            <LinkedCursor />
          </Oriented>
        </Layer>
      </Stage>
    </div>
  );
}

/** The outline of one side and, where the reader wants to see it, what it has alone. */
export function ComparedMask({ side, masks }: { readonly side: Side; readonly masks: ComparedMasks | null }) {
  const view = useSessionState((state) => state.view);
  const pixelAspectRatio = useSessionState((state) => selectedFrame(state)?.pixelAspectRatio ?? 1);
  const isHidden = useSessionState((state) => state.masksHidden || state.shownFrameId !== null);
  const differenceShown = useSessionState((state) => state.differenceShown);
  const contours = useMemo(() => masks && traceContours(masks[side]), [masks, side]);
  const alone = useMemo(() => masks && traceContours(masks.only[side]), [masks, side]);
  if (isHidden || !contours || !alone) return null;
  const draw = (context: CanvasRenderingContext2D): void => {
    if (differenceShown) hatch(context, outlinePath(alone, view, pixelAspectRatio), side);
    strokeOutline(context, outlinePath(contours, view, pixelAspectRatio), outlines[side]);
  };
  return <Shape sceneFunc={(context) => draw(context._context)} perfectDrawEnabled={false} />;
}

/** The mask that both are measured by: on the right it is the one that is worked on, on the left its outline. */
function ReferenceOutline(): ReactElement | null {
  const session = useSession();
  const view = useSessionState((state) => state.view);
  const pixelAspectRatio = useSessionState((state) => selectedFrame(state)?.pixelAspectRatio ?? 1);
  const color = useSessionState((state) => selectedLabel(state)?.color ?? proposalColor);
  const isHidden = useSessionState((state) => state.masksHidden || state.shownFrameId !== null);
  const comparison = useSessionState((state) => state.comparison);
  const version = useSessionState((state) => state.documentVersion);
  const contours = useMemo(() => {
    // The mask is painted in place: its version says when it has changed.
    const mask = version >= 0 ? referenceMask(session, comparison) : null;
    return mask && traceContours(mask);
  }, [session, comparison, version]);
  if (isHidden || !contours) return null;
  const draw = (context: CanvasRenderingContext2D): void =>
    strokeOutline(context, outlinePath(contours, view, pixelAspectRatio), { color, width: 1.25, dash: [] });
  return <Shape sceneFunc={(context) => draw(context._context)} perfectDrawEnabled={false} />;
}

/** Where the pointer is in the other picture. */
export function LinkedCursor(): ReactElement | null {
  const pointer = useSessionState((state) => state.pointer);
  if (!pointer) return null;
  const { x, y } = pointer;
  return (
    <>
      {[
        { stroke: 'rgba(0, 0, 0, 0.6)', strokeWidth: 3 },
        { stroke: '#ffffff', strokeWidth: 1 },
      ].flatMap((line) => [
        <Line key={`across ${line.stroke}`} {...line} points={[x - 7, y, x + 7, y]} />,
        <Line key={`down ${line.stroke}`} {...line} points={[x, y - 7, x, y + 7]} />,
      ])}
    </>
  );
}

function hatch(context: CanvasRenderingContext2D, path: Path2D, side: Side): void {
  const { color, rises } = hatches[side];
  const tile = new OffscreenCanvas(7, 7);
  const lines = tile.getContext('2d');
  if (!lines) return;
  lines.strokeStyle = color;
  lines.lineWidth = 2;
  // Beyond the corners, so that the lines of neighbouring tiles meet.
  for (const shift of [-7, 0, 7]) {
    lines.moveTo(shift - 1, rises ? 8 : -1);
    lines.lineTo(shift + 8, rises ? -1 : 8);
  }
  lines.stroke();
  const pattern = context.createPattern(tile, 'repeat');
  if (!pattern) return;
  context.save();
  context.globalAlpha = 0.22;
  context.fillStyle = color;
  context.fill(path, 'evenodd');
  context.globalAlpha = 0.85;
  context.fillStyle = pattern;
  context.fill(path, 'evenodd');
  context.restore();
}
