// Owns looking around: drag moves the view. It is also what space and the middle button borrow from any other tool.
import type { CanvasPoint } from '../../../electron/common/geometry.ts';
import { Tool, type ToolHost, type ToolPointer, ToolState, type Transition } from '../tool.ts';

export function createSelectTool(host: ToolHost): Tool {
  return new Tool('select', 'grab', (transition) => [new Idle(transition), new Panning(host, transition)]);
}

class Idle extends ToolState {
  readonly id = 'idle';
  private readonly transition: Transition;

  constructor(transition: Transition) {
    super();
    this.transition = transition;
  }

  override onPointerDown(pointer: ToolPointer): void {
    this.transition('panning', pointer);
  }
}

class Panning extends ToolState {
  readonly id = 'panning';
  private readonly host: ToolHost;
  private readonly transition: Transition;
  private start: CanvasPoint = { x: 0, y: 0 };
  private last: CanvasPoint = { x: 0, y: 0 };

  constructor(host: ToolHost, transition: Transition) {
    super();
    this.host = host;
    this.transition = transition;
  }

  override onEnter(pointer: ToolPointer): void {
    this.start = pointer.canvas;
    this.last = pointer.canvas;
  }

  override onPointerMove(pointer: ToolPointer): void {
    this.panTo(pointer.canvas);
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
    this.panTo(this.start);
    this.transition('idle', null);
  }

  private panTo(point: CanvasPoint): void {
    this.host.panBy(point.x - this.last.x, point.y - this.last.y);
    this.last = point;
  }
}
