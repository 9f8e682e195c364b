// Owns how the frame is shown: its brightness and contrast, how it is turned, and what is drawn over it to measure by. Nothing of it changes
// a pixel of the frame, and none is part of the document.
import { changedWindow, type GreyWindow } from '../editor/grey/grey-window.ts';
import type { Display } from './display-state.ts';
import { selectedFrame, type Session } from './session.ts';
import type { SessionState } from './state.ts';
import { flippedAcross, flippedDown, fromScreen, type Orientation, rotated, toScreen, upright } from './orientation.ts';
import { fitView, type Size, zoomAt, type View } from './view.ts';

export function changeDisplay({ store }: Session, change: Partial<Display>): void {
  store.setState((state) => ({ display: { ...state.display, ...change } }));
}

export function changeWindow(session: Session, change: Partial<GreyWindow>): void {
  changeDisplay(session, { window: changedWindow(session.store.getState().display.window, change) });
}

/** Brighter or darker, more or less contrast, by a step of the keys. */
export function stepWindow(session: Session, brighter: number, contrast: number): void {
  const { center, width } = session.store.getState().display.window;
  changeWindow(session, { center: center - 8 * brighter, width: width / 1.1 ** contrast });
}

/** The view of a frame that fits, as the canvas is turned. */
export function fittedView({ canvasSize, display }: SessionState, frame: Parameters<typeof fitView>[0]): View {
  return fitView(frame, canvasSize, display.orientation);
}

/** The view on a canvas of another size: what was fitted is fitted again, else what lay in the middle stays there, by whole CSS pixels. */
export function resizedView(state: SessionState, canvasSize: Size): View {
  const frame = selectedFrame(state);
  if (frame && state.view.fitted) return fittedView({ ...state, canvasSize }, frame);
  const { orientation } = state.display;
  const [from, to] = [middleOf(state, orientation), middleOf({ canvasSize }, orientation)];
  return { ...state.view, x: state.view.x + Math.round(to.x - from.x), y: state.view.y + Math.round(to.y - from.y) };
}

export function fitFrame({ store }: Session): void {
  store.setState((state) => {
    const frame = selectedFrame(state);
    return frame ? { view: fittedView(state, frame) } : {};
  });
}

/** Turns the view; what was fitted is fitted again, else what lay in the middle of the canvas stays there. */
export function turnView(session: Session, how: 'rotate' | 'flip-across' | 'flip-down' | 'upright'): void {
  const { store } = session;
  session.tools.cancel();
  store.setState((state) => {
    const before = state.display.orientation;
    const orientation = turned(before, how);
    const display = { ...state.display, orientation };
    const frame = selectedFrame(state);
    if (state.view.fitted && frame) return { display, view: fittedView({ ...state, display }, frame), pointer: null };
    return { display, view: recentred(state, orientation), pointer: null };
  });
}

/**
 * One column of the image takes one pixel of the screen, about the middle of the canvas. The image begins on a whole pixel of the screen: else
 * the browser would move the picture there, and only the picture.
 */
export function showOneToOne({ store }: Session, devicePixelRatio: number): void {
  store.setState((state) => {
    const { canvasSize, display } = state;
    const middle = middleOf(state, display.orientation);
    const view = zoomAt(state.view, middle, 1 / devicePixelRatio / state.view.scale);
    const { x, y } = toScreen(view, canvasSize, display.orientation);
    const whole = (at: number): number => Math.round(at * devicePixelRatio) / devicePixelRatio;
    return { view: { ...view, ...fromScreen({ x: whole(x), y: whole(y) }, canvasSize, display.orientation) } };
  });
}

/** The middle of the canvas before it is turned. */
export function middleOf({ canvasSize }: Pick<SessionState, 'canvasSize'>, { quarterTurns }: Orientation) {
  const { width, height } = canvasSize;
  return quarterTurns % 2 === 0 ? { x: width / 2, y: height / 2 } : { x: height / 2, y: width / 2 };
}

function turned(orientation: Orientation, how: Parameters<typeof turnView>[1]): Orientation {
  switch (how) {
    case 'rotate':
      return rotated(orientation);
    case 'flip-across':
      return flippedAcross(orientation);
    case 'flip-down':
      return flippedDown(orientation);
    case 'upright':
      return upright;
  }
}

/** The upright canvas may have another shape now: its middle stays where it was in the image. */
function recentred(state: SessionState, orientation: Orientation): View {
  const [from, to] = [middleOf(state, state.display.orientation), middleOf(state, orientation)];
  return { ...state.view, x: state.view.x + to.x - from.x, y: state.view.y + to.y - from.y };
}
