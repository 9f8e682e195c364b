// Owns the edge of a side panel: drag it, or step it with the arrow keys, and the panel gets wider or narrower.
import type { KeyboardEvent, PointerEvent, ReactElement } from 'react';
import { useSession, useSessionState } from '../session/hooks.ts';
import { t } from '../strings/index.ts';
import styles from './panel-edge.module.css';

const narrowest = 200;
const widest = 520;
const keyStep = 16;

export function PanelEdge({ side }: { readonly side: 'left' | 'right' }): ReactElement {
  const { store } = useSession();
  const width = useSessionState((state) => (side === 'left' ? state.leftPanelWidth : state.rightPanelWidth));
  const textScale = useSessionState((state) => state.textScale);
  /** The width is that at the usual size of text. */
  const resize = (wanted: number): void => {
    const next = Math.round(Math.min(widest, Math.max(narrowest, wanted)));
    store.setState(side === 'left' ? { leftPanelWidth: next } : { rightPanelWidth: next });
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const wanted = side === 'left' ? event.clientX : window.innerWidth - event.clientX;
    resize(wanted / Math.max(1, textScale));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    resize(width + keyStep * direction * (side === 'left' ? 1 : -1));
  };
  return (
    <div
      className={styles.edge}
      data-side={side}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={side === 'left' ? t('studies.panelWidth') : t('labels.panelWidth')}
      aria-valuenow={width}
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
      data-testid={`panel-edge-${side}`}
    />
  );
}
