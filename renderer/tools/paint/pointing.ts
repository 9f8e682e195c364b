// Owns the moment between pointer down and the first move: the mark is set and one dot is painted.
import type { ToolHost, ToolPointer, Transition } from '../tool.ts';
import { GestureState } from './gesture-state.ts';

export class Pointing extends GestureState {
  readonly id = 'pointing';
  private readonly gesture: string;
  private readonly value: 0 | 1;
  private start: ToolPointer | null = null;

  constructor(host: ToolHost, transition: Transition, gesture: string, value: 0 | 1) {
    super(host, transition);
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
}
