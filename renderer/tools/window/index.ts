// Owns brightness and contrast by hand: a drag across changes the contrast, one up or down the brightness. The right button borrows it from
// any other tool.
import type { CanvasPoint } from '../../../electron/common/geometry.ts';
import { changedWindow, type GreyWindow } from '../../editor/grey/grey-window.ts';
import { Tool, type ToolHost, type ToolPointer, ToolState, type Transition } from '../tool.ts';

/** Grey values that a drag of one CSS pixel moves the window by, at its full width. */
const greysPerPixel = 0.6;

export function createWindowTool(host: ToolHost): Tool {
  return new Tool('window', 'ns-resize', (transition) => [new Idle(transition), new Adjusting(host, transition)]);
}

class Idle extends ToolState {
  readonly id = 'idle';
  private readonly transition: Transition;

  constructor(transition: Transition) {
    super();
    this.transition = transition;
  }

  override onPointerDown(pointer: ToolPointer): void {
    this.transition('adjusting', pointer);
  }
}

class Adjusting extends ToolState {
  readonly id = 'adjusting';
  private readonly host: ToolHost;
  private readonly transition: Transition;
  private start: CanvasPoint = { x: 0, y: 0 };
  private before: GreyWindow | null = null;

  constructor(host: ToolHost, transition: Transition) {
    super();
    this.host = host;
    this.transition = transition;
  }

  override onEnter(pointer: ToolPointer): void {
    this.start = onScreen(pointer);
    this.before = this.host.window.get();
  }

  override onPointerMove(pointer: ToolPointer): void {
    const { before } = this;
    if (!before) return;
    const { x, y } = onScreen(pointer);
    // A narrow window is moved in finer steps. Up is brighter, which is a lower centre; to the right is more contrast.
    const step = greysPerPixel * Math.max(0.1, before.width / 256);
    const change = {
      center: before.center + step * (y - this.start.y),
      width: before.width - 2 * step * (x - this.start.x),
    };
    this.host.window.set(changedWindow(before, change));
  }

  override onPointerUp(): void {
    this.complete();
  }

  override onCancel(): void {
    this.cancel();
  }

  private complete(): void {
    this.transition('idle', null);
  }

  private cancel(): void {
    if (this.before) this.host.window.set(this.before);
    this.transition('idle', null);
  }
}

/** Up and right as the reader sees them, however the view is turned. */
function onScreen({ screen, canvas }: ToolPointer): CanvasPoint {
  return screen ?? canvas;
}
