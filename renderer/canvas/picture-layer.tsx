// Owns the layer of the frame's picture.
import type { ReactElement, Ref } from 'react';
import type Konva from 'konva';
import { Image as KonvaImage, Layer } from 'react-konva';
import { useSessionState } from '../session/hooks.ts';
import { selectedFrame } from '../session/session.ts';
import { Oriented } from './oriented.tsx';

interface PictureLayerProps {
  /** As brightness and contrast show it; null where there is none yet. */
  readonly picture: ImageBitmap | HTMLCanvasElement | null;
  readonly layer?: Ref<Konva.Layer>;
}

export function PictureLayer({ picture, layer }: PictureLayerProps): ReactElement {
  const view = useSessionState((state) => state.view);
  const pixelAspectRatio = useSessionState((state) => selectedFrame(state)?.pixelAspectRatio ?? 1);
  return (
    <Layer ref={layer} listening={false} imageSmoothingEnabled={view.scale < 8}>
      <Oriented>
        {picture && (
          <KonvaImage
            image={picture}
            x={view.x}
            y={view.y}
            scaleX={view.scale}
            scaleY={view.scale * pixelAspectRatio}
          />
        )}
      </Oriented>
    </Layer>
  );
}
