// Owns the moment between pointer down and the first move: the mark is set and one dot is painted.
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import { GestureState } from '../gesture-state.ts';
import type { ToolHost, ToolPointer, Transition } from '../tool.ts';
import { strokeRadius } from './brush-radius.ts';

export class Pointing extends GestureState {
  readonly id = 'pointing';
  private readonly gesture: string;
  private readonly value: 0 | 1;
  private start: ImagePoint = { x: 0, y: 0 };

  constructor(host: ToolHost, transition: Transition, gesture: string, value: 0 | 1) {
    super(host, transition);
    this.gesture = gesture;
    this.value = value;
  }

  override onEnter(pointer: ToolPointer): void {
    this.start = pointer.image;
    this.host.editor.beginGesture(this.gesture);
    this.paintTo(pointer);
  }

  override onPointerMove(pointer: ToolPointer): void {
    // The stroke goes on from where the pointer went down, so that a fast first move leaves no gap.
    this.paintTo(pointer);
    this.transition('drawing', pointer);
  }

  private paintTo(pointer: ToolPointer): void {
    const { editor, pixelAspectRatio } = this.host;
    editor.paint(this.start, pointer.image, strokeRadius(this.host, pointer), this.value, pixelAspectRatio());
  }
}
