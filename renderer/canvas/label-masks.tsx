// Owns the layer of the other labels' masks, under the one being worked on. It is drawn again when one of them or the view changes, never for
// a stroke.
import { type ReactElement, useEffect, useRef } from 'react';
import type Konva from 'konva';
import type { FrameSummary } from '../../electron/common/api.ts';
import { Layer, Shape } from 'react-konva';
import { otherMasks } from '../session/frame-masks.ts';
import { useSession } from '../session/hooks.ts';
import { shownFrameId } from '../session/playback.ts';
import type { SessionState } from '../session/state.ts';
import type { LabelMasksView } from './label-masks-view.ts';
import { Oriented } from './oriented.tsx';

/** What the masks are made of; the document's version tells when the editor holds something newer. */
const labelMaskSources = [
  'frames',
  'frameId',
  'shownFrameId',
  'frameMasks',
  'labels',
  'labelId',
  'labelLooks',
  'othersHidden',
  'documentVersion',
] as const satisfies readonly (keyof SessionState)[];

export function LabelMasksLayer({ labelMasks }: { readonly labelMasks: LabelMasksView }): ReactElement {
  const { store, editor } = useSession();
  const layer = useRef<Konva.Layer>(null);
  useEffect(() => {
    if (layer.current) layer.current.getNativeCanvasElement().dataset.layer = 'labels';
  }, []);
  useEffect(() => {
    const update = (state: SessionState): void => {
      const frame = frameOnCanvas(state);
      if (frame && labelMasks.setMasks(otherMasks(state, editor), frame)) layer.current?.batchDraw();
    };
    update(store.getState());
    return store.subscribe((state, before) => {
      if (labelMaskSources.some((name) => state[name] !== before[name])) update(state);
      else if (state.view !== before.view || state.masksHidden !== before.masksHidden) layer.current?.batchDraw();
    });
  }, [store, editor, labelMasks]);
  const draw = (context: CanvasRenderingContext2D): void => {
    const state = store.getState();
    const frame = frameOnCanvas(state);
    if (frame && !state.masksHidden) labelMasks.draw(context, state.view, frame.pixelAspectRatio);
    else labelMasks.drewNothing();
  };
  return (
    <Layer ref={layer} listening={false}>
      <Oriented>
        <Shape sceneFunc={(context) => draw(context._context)} perfectDrawEnabled={false} />
      </Oriented>
    </Layer>
  );
}

/** The frame that passes by, else the open one. */
function frameOnCanvas(state: SessionState): FrameSummary | null {
  const frameId = shownFrameId(state);
  return state.frames.find((frame) => frame.id === frameId) ?? null;
}
