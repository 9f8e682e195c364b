// Owns the scribble: a line over what the mask should have and has not, or with Alt over what it has and should not. When the pointer goes
// up the network is asked again, for that place.
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import { outlineTone } from '../fill-outline.ts';
import { Tool, type ToolHost, type ToolPointer, ToolState, type Transition } from '../tool.ts';
import { Waiting } from '../waiting.ts';

/** Half the width of a scribble as it is seen, in CSS pixels. */
const halfWidth = 3;

export function createScribbleTool(host: ToolHost): Tool {
  return new Tool('scribble', 'crosshair', (transition) => [
    new Waiting(host, transition),
    new Drawing(host, transition),
  ]);
}

class Drawing extends ToolState {
  readonly id = 'pointing';
  private readonly host: ToolHost;
  private readonly transition: Transition;
  private points: ImagePoint[] = [];
  private value: 0 | 1 = 1;

  constructor(host: ToolHost, transition: Transition) {
    super();
    this.host = host;
    this.transition = transition;
  }

  override onEnter(pointer: ToolPointer): void {
    this.points = [pointer.image];
    this.value = pointer.alt ? 0 : 1;
    this.show();
  }

  override onPointerMove(pointer: ToolPointer): void {
    this.points.push(pointer.image);
    this.show();
  }

  override onPointerUp(): void {
    this.complete();
  }

  override onCancel(): void {
    this.cancel();
  }

  private show(): void {
    const tone = outlineTone(this.value === 0);
    const line = { points: this.points, closed: false, tone, width: 2 * halfWidth };
    this.host.preview({ lines: [line], handles: [] });
  }

  private complete(): void {
    const { points, value } = this;
    this.cancel();
    this.host.correctAround({ points, value, radius: Math.max(1, halfWidth / this.host.scale()) });
  }

  private cancel(): void {
    this.transition('idle', null);
    this.host.preview(null);
  }
}
