// Owns the layer of the mask of a frame that passes by while a cine is played or scrubbed: its outline, traced once for each frame.
import { type ReactElement, useEffect, useMemo, useRef } from 'react';
import type Konva from 'konva';
import { Layer, Shape } from 'react-konva';
import { type Contour, traceContours } from '../../electron/common/contour.ts';
import { decodeMask } from '../../electron/common/mask.ts';
import { useSession } from '../session/hooks.ts';
import { lookOf } from '../session/label-looks.ts';
import { selectedFrame } from '../session/session.ts';
import { type PassingMask, passingMask } from '../session/strip-masks.ts';
import { proposalColor } from './mask-view.ts';
import { Oriented } from './oriented.tsx';
import { outlinePath, strokeOutline } from './outline.ts';

const dashes: Readonly<Record<PassingMask['looks'], readonly number[]>> = {
  proposed: [6, 5],
  'carried-over': [8, 4],
  own: [],
};

/** Each outline is traced once; it goes with the bytes of its mask. */
class TracedOutlines {
  private readonly traced = new WeakMap<Uint8Array, readonly Contour[]>();

  of({ bytes, width, height }: PassingMask): readonly Contour[] {
    const known = this.traced.get(bytes);
    if (known) return known;
    const contours = traceContours(decodeMask(bytes, width, height));
    this.traced.set(bytes, contours);
    return contours;
  }
}

export function PassingMaskLayer(): ReactElement {
  const { store, editor } = useSession();
  const layer = useRef<Konva.Layer>(null);
  const outlines = useMemo(() => new TracedOutlines(), []);
  useEffect(
    () =>
      store.subscribe((state, before) => {
        const moved = state.shownFrameId !== before.shownFrameId || state.stripMasks !== before.stripMasks;
        const looksOther = state.view !== before.view || state.masksHidden !== before.masksHidden;
        if (moved || (looksOther && state.shownFrameId !== null)) layer.current?.batchDraw();
      }),
    [store],
  );
  const draw = (context: CanvasRenderingContext2D): void => {
    const state = store.getState();
    const frame = selectedFrame(state);
    const mask = passingMask(state, editor);
    if (!mask || !frame || state.masksHidden || !lookOf(state, state.labelId ?? '').visible) return;
    const path = outlinePath(outlines.of(mask), state.view, frame.pixelAspectRatio);
    const color = mask.looks === 'proposed' ? proposalColor : mask.color;
    strokeOutline(context, path, { color, width: 1.75, dash: dashes[mask.looks] });
  };
  return (
    <Layer ref={layer} listening={false}>
      <Oriented>
        <Shape sceneFunc={(context) => draw(context._context)} perfectDrawEnabled={false} />
      </Oriented>
    </Layer>
  );
}
