// Owns the stroke: each pointer position is joined to the one before, so that no speed of hand leaves gaps.
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import { GestureState } from '../gesture-state.ts';
import type { ToolHost, ToolPointer, Transition } from '../tool.ts';
import { strokeRadius } from './brush-radius.ts';

export class Drawing extends GestureState {
  readonly id = 'drawing';
  private readonly value: 0 | 1;
  private last: ImagePoint = { x: 0, y: 0 };

  constructor(host: ToolHost, transition: Transition, value: 0 | 1) {
    super(host, transition);
    this.value = value;
  }

  override onEnter(pointer: ToolPointer): void {
    this.last = pointer.image;
  }

  override onPointerMove(pointer: ToolPointer): void {
    const { editor, pixelAspectRatio } = this.host;
    editor.paint(this.last, pointer.image, strokeRadius(this.host, pointer), this.value, pixelAspectRatio());
    this.last = pointer.image;
  }
}
