// Owns the stroke: each pointer position is joined to the one before, so that no speed of hand leaves gaps.
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import { type ToolHost, type ToolPointer, ToolState, type Transition } from '../tool.ts';

export class Drawing extends ToolState {
  readonly id = 'drawing';
  private readonly host: ToolHost;
  private readonly transition: Transition;
  private readonly value: 0 | 1;
  private last: ImagePoint = { x: 0, y: 0 };

  constructor(host: ToolHost, transition: Transition, value: 0 | 1) {
    super();
    this.host = host;
    this.transition = transition;
    this.value = value;
  }

  override onEnter(pointer: ToolPointer): void {
    this.last = pointer.image;
  }

  override onPointerMove(pointer: ToolPointer): void {
    this.host.editor.paint(this.last, pointer.image, this.host.brushRadius(), this.value);
    this.last = pointer.image;
  }

  override onPointerUp(): void {
    this.complete();
  }

  override onCancel(): void {
    this.cancel();
  }

  private complete(): void {
    this.transition('idle', null);
    this.host.editor.completeGesture();
  }

  private cancel(): void {
    this.transition('idle', null);
    this.host.editor.cancelGesture();
  }
}
