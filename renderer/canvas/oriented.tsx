// Owns the turning of a layer's content about the middle of the canvas, as the view is turned.
import type { ReactElement, ReactNode } from 'react';
import { Group } from 'react-konva';
import { useSessionState } from '../session/hooks.ts';
import { uprightSize } from '../session/orientation.ts';

export function Oriented({ children }: { readonly children: ReactNode }): ReactElement {
  const size = useSessionState((state) => state.canvasSize);
  const orientation = useSessionState((state) => state.display.orientation);
  const before = uprightSize(size, orientation);
  return (
    <Group
      x={size.width / 2}
      y={size.height / 2}
      offsetX={before.width / 2}
      offsetY={before.height / 2}
      rotation={90 * orientation.quarterTurns}
      scaleX={orientation.mirrored ? -1 : 1}
    >
      {children}
    </Group>
  );
}
