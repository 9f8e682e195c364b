// Owns the moment between pointer down and the first move: the mark is set and one dot is painted.
import { type ToolHost, type ToolPointer, ToolState, type Transition } from '../tool.ts';

export class Pointing extends ToolState {
  readonly id = 'pointing';
  private readonly host: ToolHost;
  private readonly transition: Transition;
  private readonly gesture: string;
  private readonly value: 0 | 1;
  private start: ToolPointer | null = null;

  constructor(host: ToolHost, transition: Transition, gesture: string, value: 0 | 1) {
    super();
    this.host = host;
    this.transition = transition;
    this.gesture = gesture;
    this.value = value;
  }

  override onEnter(pointer: ToolPointer): void {
    this.start = pointer;
    this.host.editor.beginGesture(this.gesture);
    this.host.editor.paint(pointer.image, pointer.image, this.host.brushRadius(), this.value);
  }

  override onPointerMove(pointer: ToolPointer): void {
    // The stroke goes on from where the pointer went down, so that a fast first move leaves no gap.
    this.host.editor.paint(this.start!.image, pointer.image, this.host.brushRadius(), this.value);
    this.transition('drawing', pointer);
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
