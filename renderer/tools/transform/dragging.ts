// Owns the mask while it is moved or scaled: one gesture, from the mask as it was when the pointer went down.
import type { ImageBox, ImagePoint } from '../../../electron/common/geometry.ts';
import type { BinaryMask } from '../../../electron/common/mask.ts';
import { unionBoxes } from '../../editor/brush.ts';
import { MovableMask } from '../../editor/masks/transform.ts';
import { GestureState } from '../gesture-state.ts';
import type { ToolPointer } from '../tool.ts';
import { dragBox, type Handle, isMiddle, showBox, takeHandle } from './handles.ts';

export class Dragging extends GestureState {
  readonly id = 'dragging';
  private movable: MovableMask | null = null;
  private handle: Handle = { x: 0.5, y: 0.5 };
  private start: ImagePoint = { x: 0, y: 0 };
  /** Where the mask lies at present; null outside the frame. */
  private written: ImageBox | null = null;

  override onEnter(pointer: ToolPointer): void {
    const { editor } = this.host;
    // The state before this one found a mask and its handle under the pointer.
    this.movable = MovableMask.of(editor.document!.mask)!;
    this.written = this.movable.box;
    this.handle = takeHandle(this.host, this.movable.box, pointer.image)!;
    this.start = pointer.image;
    editor.beginGesture(isMiddle(this.handle) ? 'move' : 'scale');
  }

  override onPointerMove(pointer: ToolPointer): void {
    const { x, y } = pointer.image;
    const movable = this.movable!;
    const to = dragBox(movable.box, this.handle, x - this.start.x, y - this.start.y, pointer.shift ?? false);
    this.host.editor.edit((mask) => {
      const emptied = this.written;
      if (emptied) clearBox(mask, emptied);
      this.written = movable.put(mask, to);
      return unionBoxes(emptied, this.written);
    });
    showBox(this.host, to);
  }
}

function clearBox({ data, width }: BinaryMask, box: ImageBox): void {
  for (let row = box.y; row < box.y + box.height; row += 1) {
    data.fill(0, row * width + box.x, row * width + box.x + box.width);
  }
}
