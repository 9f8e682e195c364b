// Owns the pointer on the canvas: turns the browser's events into those of tools, zooms with the wheel, pans with space or
// middle button, changes brightness and contrast with the right one.
import type { CanvasPoint } from '../../electron/common/geometry.ts';
import { takesKey } from '../commands/keyboard.ts';
import { fitFrame } from '../session/display.ts';
import { fromScreen } from '../session/orientation.ts';
import { stop } from '../session/playback.ts';
import { selectedFrame, type Session } from '../session/session.ts';
import { changeToolSize } from '../session/tool-choice.ts';
import { toImagePoint, zoomAt } from '../session/view.ts';
import type { ToolId, ToolPointer } from '../tools/tool.ts';

/** Name of the performance measure of every painted pointer event, from the entry of the handler to the end of the canvas draw. */
export const strokeMeasure = 'sonosync.stroke';

/**
 * `drawNow` draws what the event changed before the handler ends. On a canvas that is only looked at, every drag moves the view. Returns the
 * function that detaches the handlers.
 */
export function attachPointer(
  element: HTMLElement,
  session: Session,
  drawNow: () => void,
  { onlyLooks = false }: { readonly onlyLooks?: boolean } = {},
): () => void {
  const { store, tools } = session;
  const detach = new AbortController();
  const { signal } = detach;
  let spaceHeld = false;
  let pointerId: number | null = null;

  const screenPoint = (event: MouseEvent): CanvasPoint => {
    const bounds = element.getBoundingClientRect();
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
  };
  /** On the upright canvas, where everything else is reckoned. */
  const canvasPoint = (event: MouseEvent): CanvasPoint => {
    const { canvasSize, display } = store.getState();
    return fromScreen(screenPoint(event), canvasSize, display.orientation);
  };
  const toolPointer = (event: MouseEvent): ToolPointer => {
    const canvas = canvasPoint(event);
    const state = store.getState();
    const image = toImagePoint(state.view, selectedFrame(state)?.pixelAspectRatio ?? 1, canvas);
    const pen = event instanceof PointerEvent && event.pointerType === 'pen' ? { pressure: event.pressure } : {};
    return { canvas, image, screen: screenPoint(event), alt: event.altKey, shift: event.shiftKey, ...pen };
  };
  const updateCursor = (): void => {
    const panning = tools.active.path === 'select.panning';
    if (panning) element.style.cursor = 'grabbing';
    else element.style.cursor = spaceHeld || onlyLooks ? 'grab' : tools.active.cursor;
  };

  element.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button > 2 || pointerId !== null) return;
      const started = performance.now();
      // Text fields give up the keyboard; the middle button's own scrolling does not start.
      event.preventDefault();
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      // A frame that passes by is not drawn on: the hand stops it first. The view may be moved meanwhile.
      const window = event.button === 2;
      const pan = event.button === 1 || spaceHeld || (onlyLooks && !window);
      if (store.getState().shownFrameId !== null && !pan && !window && !looksOnly(tools.selectedId)) {
        void stop(session);
        return;
      }
      pointerId = event.pointerId;
      element.setPointerCapture(event.pointerId);
      tools.pointerDown(toolPointer(event), { pan, window });
      drawMeasured(started);
      updateCursor();
    },
    { signal },
  );
  element.addEventListener(
    'pointermove',
    (event) => {
      const started = performance.now();
      if (event.pointerId === pointerId) {
        const coalesced = event.getCoalescedEvents();
        for (const part of coalesced.length > 0 ? coalesced : [event]) tools.pointerMove(toolPointer(part));
        drawMeasured(started);
      } else if (pointerId === null && !onlyLooks) tools.hover(toolPointer(event));
      store.setState({ pointer: canvasPoint(event) });
    },
    { signal },
  );
  const end = (event: PointerEvent): void => {
    if (event.pointerId !== pointerId) return;
    pointerId = null;
    if (event.type === 'pointerup') tools.pointerUp(toolPointer(event));
    else tools.cancel();
    drawNow();
    updateCursor();
  };
  element.addEventListener('pointerup', end, { signal });
  element.addEventListener('pointercancel', end, { signal });
  element.addEventListener(
    'dblclick',
    (event) => {
      // With a brush in hand two quick dots are two dots.
      if (tools.selectedId !== 'select' && !onlyLooks) {
        tools.doubleClick(toolPointer(event));
        drawNow();
        return;
      }
      fitFrame(session);
    },
    { signal },
  );
  element.addEventListener('pointerleave', () => store.setState({ pointer: null }), { signal });
  element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      if (event.shiftKey) {
        const turn = event.deltaY || event.deltaX;
        changeToolSize(session, turn < 0 ? 1 : -1);
        return;
      }
      // A pinch on a touch pad arrives as a wheel with Ctrl and small steps.
      const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015));
      store.setState((state) => ({ view: zoomAt(state.view, canvasPoint(event), factor) }));
    },
    { signal, passive: false },
  );
  const onSpace = (event: KeyboardEvent): void => {
    const isTaken = store.getState().dialog !== null || takesKey(' ', event.target);
    if (event.key !== ' ' || (isTaken && event.type === 'keydown')) return;
    spaceHeld = event.type === 'keydown';
    if (spaceHeld) event.preventDefault();
    updateCursor();
  };
  window.addEventListener('keydown', onSpace, { signal });
  window.addEventListener('keyup', onSpace, { signal });
  window.addEventListener('blur', () => (spaceHeld = false), { signal });
  const unsubscribe = store.subscribe((state, before) => {
    if (state.tool !== before.tool) updateCursor();
  });
  updateCursor();

  function drawMeasured(started: number): void {
    if (!session.editor.isInGesture) return;
    drawNow();
    performance.measure(strokeMeasure, { start: started, end: performance.now() });
    // The record is for whoever observes it; it must not grow through a long day.
    performance.clearMeasures(strokeMeasure);
  }

  return () => {
    unsubscribe();
    detach.abort();
  };
}

/** Tools that change nothing of the document may be used while frames pass by. */
function looksOnly(tool: ToolId): boolean {
  return tool === 'select' || tool === 'window';
}
