// Owns the canvas: the frame, the masks over it, the brush and the box, each on a layer of its own. A view: all truth is in the session.
import { memo, type ReactElement, useEffect, useMemo, useRef, useState } from 'react';
import type Konva from 'konva';
import { messageOf } from '../../electron/common/errors.ts';
import { decodeMask } from '../../electron/common/mask.ts';
import { Circle, Layer, Rect, Shape, Stage } from 'react-konva';
import { comparedMasks } from '../session/comparison.ts';
import { resizedView } from '../session/display.ts';
import { useSession, useSessionState } from '../session/hooks.ts';
import { lookOf, shownOpacity } from '../session/label-looks.ts';
import { shownFrameId } from '../session/playback.ts';
import { selectedFrame, selectedLabel } from '../session/session.ts';
import styles from './frame-canvas.module.css';
import { attachPlayer } from './cine-player.ts';
import { BeforePane, ComparedMask, LinkedCursor } from './comparison-pane.tsx';
import { FrameOverlay } from './frame-overlay.tsx';
import { fetchFrameImage, FrameImages } from './frame-images.ts';
import { LabelMasksLayer } from './label-masks.tsx';
import { LabelMasksView } from './label-masks-view.ts';
import { MaskView } from './mask-view.ts';
import { Oriented } from './oriented.tsx';
import { PassingMaskLayer } from './passing-mask.tsx';
import { PictureLayer } from './picture-layer.tsx';
import { attachPointer } from './pointer-input.ts';
import type { Size } from '../session/view.ts';
import { ToolPreviewShape } from './tool-preview.tsx';
import { WindowedPicture } from './windowed-picture.ts';

interface FrameCanvasProps {
  readonly onPicture: (state: PictureState) => void;
}

export const FrameCanvas = memo(function FrameCanvas({ onPicture }: FrameCanvasProps): ReactElement {
  const session = useSession();
  const container = useRef<HTMLDivElement>(null);
  const frameLayer = useRef<Konva.Layer>(null);
  const maskLayer = useRef<Konva.Layer>(null);
  const toolLayer = useRef<Konva.Layer>(null);
  const size = useSessionState((state) => state.canvasSize);
  const view = useSessionState((state) => state.view);
  const frame = useSessionState(selectedFrame);
  const labelColor = useSessionState((state) => selectedLabel(state)?.color ?? '#12b5a6');
  const fillOpacity = useSessionState((state) => shownOpacity(lookOf(state, state.labelId ?? '')));
  const hidden = useSessionState((state) => state.masksHidden || !lookOf(state, state.labelId ?? '').visible);
  const earlierProposal = useSessionState((state) => state.earlierProposal);
  const earlier = useMemo(() => {
    if (!frame || earlierProposal?.frameId !== frame.id) return null;
    return decodeMask(earlierProposal.mask, frame.width, frame.height);
  }, [earlierProposal, frame]);
  const comparing = useSessionState((state) => state.comparing);
  const comparison = useSessionState((state) => state.comparison);
  const compared = useMemo(() => comparedMasks(comparison, frame), [comparison, frame]);
  const maskView = useMemo(() => new MaskView(session.editor), [session]);
  const images = useMemo(() => new FrameImages((id) => fetchFrameImage(session.api, id)), [session]);
  const picture = usePicture(images, onPicture);
  const windowed = useMemo(() => new WindowedPicture(), []);
  const labelMasks = useMemo(() => new LabelMasksView(), []);
  const greyWindow = useSessionState((state) => state.display.window);
  const shownPicture = useMemo(() => picture && windowed.of(picture, greyWindow), [windowed, picture, greyWindow]);

  useEffect(() => {
    // For whoever looks at the canvases from outside: Konva gives them no names.
    for (const [name, layer] of Object.entries({ frame: frameLayer, mask: maskLayer, tool: toolLayer })) {
      if (layer.current) layer.current.getNativeCanvasElement().dataset.layer = name;
    }
  }, []);

  useEffect(() => attachPlayer(session, images), [session, images]);

  useEffect(
    () =>
      maskView.attach({
        drawAll: () => maskLayer.current?.draw(),
        drawOver: () => maskLayer.current?.clearBeforeDraw(false).draw().clearBeforeDraw(true),
      }),
    [maskView],
  );

  useEffect(() => {
    const element = container.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const canvasSize = wholePixels({ width: element.clientWidth, height: element.clientHeight });
      session.store.setState((state) => ({ canvasSize, view: resizedView(state, canvasSize) }));
    });
    observer.observe(element);
    const detach = attachPointer(element, session, () => maskView.flush());
    return () => {
      observer.disconnect();
      detach();
    };
  }, [session, maskView]);

  const pixelAspectRatio = frame?.pixelAspectRatio ?? 1;
  useEffect(() => {
    const proposalHidden = comparing;
    maskView.setStyle({ view, pixelAspectRatio, labelColor, fillOpacity, hidden, earlier, proposalHidden });
  }, [maskView, view, pixelAspectRatio, labelColor, fillOpacity, hidden, earlier, comparing]);

  return (
    <div className={styles.panes} data-split={comparing || undefined}>
      {comparing && <BeforePane picture={shownPicture} masks={compared} />}
      <div ref={container} className={styles.canvas} data-testid="frame-canvas">
        <Stage width={size.width} height={size.height} listening={false}>
          <PictureLayer picture={shownPicture} layer={frameLayer} />
          <LabelMasksLayer labelMasks={labelMasks} />
          <PassingMaskLayer />
          <Layer ref={maskLayer} listening={false}>
            <Oriented>
              <Shape sceneFunc={(context) => maskView.draw(context._context)} perfectDrawEnabled={false} />
            </Oriented>
          </Layer>
          <Layer ref={toolLayer} listening={false}>
            <Oriented>
              {comparing && <ComparedMask side="now" masks={compared} />}
              <BoxOutline pixelAspectRatio={pixelAspectRatio} />
              <ToolPreviewShape pixelAspectRatio={pixelAspectRatio} />
              {comparing && <LinkedCursor />}
              <BrushCursor />
            </Oriented>
          </Layer>
          <FrameOverlay labelMasks={labelMasks} />
        </Stage>
      </div>
    </div>
  );
});

/**
 * The largest size that takes whole pixels of the screen. A canvas of another size would be stretched to it, and what is drawn would lie beside
 * where the pointer is by up to half a pixel.
 */
function wholePixels({ width, height }: Size): Size {
  const ratio = window.devicePixelRatio;
  return { width: Math.floor(width * ratio) / ratio, height: Math.floor(height * ratio) / ratio };
}

/** Whether the selected frame's picture is there, on its way, or could not be had. */
export type PictureState =
  | { readonly kind: 'shown'; readonly image: ImageBitmap }
  | { readonly kind: 'loading' | 'none' }
  | { readonly kind: 'failed'; message: string };

/** The picture of the frame that is shown. While frames pass by, the one before stays until the next is here. */
function usePicture(images: FrameImages, onPicture: (state: PictureState) => void): ImageBitmap | null {
  const frameId = useSessionState(shownFrameId);
  const isPassing = useSessionState((state) => state.shownFrameId !== null);
  const [, setArrived] = useState<string | null>(null);
  const picture = frameId === null ? null : images.peek(frameId);

  useEffect(() => {
    if (frameId === null) {
      onPicture({ kind: 'none' });
      return;
    }
    let current = true;
    const ready = images.peek(frameId);
    onPicture(ready ? { kind: 'shown', image: ready } : { kind: 'loading' });
    const load = async (): Promise<void> => {
      try {
        const image = await images.show(frameId);
        if (!current) return;
        setArrived(frameId);
        onPicture({ kind: 'shown', image });
      } catch (error) {
        if (!current) return;
        onPicture({ kind: 'failed', message: messageOf(error) });
      }
    };
    void load();
    return () => {
      current = false;
    };
  }, [images, frameId, onPicture]);

  return picture ?? (isPassing ? images.lastShown : null);
}

/** Round where it is shown, whatever the shape of the frame's pixels: so is what it paints. */
function BrushCursor(): ReactElement | null {
  const pointer = useSessionState((state) => state.pointer);
  const radius = useSessionState((state) => state.brushRadius * state.view.scale);
  const tool = useSessionState((state) => state.tool);
  if (!pointer || (tool !== 'brush' && tool !== 'eraser')) return null;
  const dash = tool === 'eraser' ? [4, 3] : [];
  return (
    <>
      <Circle {...pointer} radius={radius} stroke="rgba(0,0,0,0.6)" strokeWidth={3} />
      <Circle {...pointer} radius={radius} stroke="#ffffff" strokeWidth={1.25} dash={dash} />
      {radius < 3 && <Circle {...pointer} radius={6} stroke="rgba(255,255,255,0.5)" strokeWidth={1} />}
    </>
  );
}

function BoxOutline({ pixelAspectRatio }: { readonly pixelAspectRatio: number }): ReactElement | null {
  const box = useSessionState((state) => state.previewBox ?? state.box);
  const drawing = useSessionState((state) => state.previewBox !== null);
  const hidden = useSessionState((state) => state.masksHidden || state.shownFrameId !== null);
  const view = useSessionState((state) => state.view);
  if (!box || hidden) return null;
  return (
    <Rect
      x={view.x + box.x * view.scale}
      y={view.y + box.y * view.scale * pixelAspectRatio}
      width={box.width * view.scale}
      height={box.height * view.scale * pixelAspectRatio}
      stroke={drawing ? '#ffffff' : 'rgba(255,255,255,0.55)'}
      strokeWidth={1}
      dash={[2, 3]}
    />
  );
}
