// Owns the mask's box at rest: it shows the handles of whatever is open, and waits for one to be taken.
import { maskBox } from '../../../electron/common/mask.ts';
import type { ImageBox } from '../../../electron/common/geometry.ts';
import { type ToolHost, type ToolPointer, ToolState, type Transition } from '../tool.ts';
import { showBox, takeHandle } from './handles.ts';

export class Resting extends ToolState {
  readonly id = 'idle';
  private readonly host: ToolHost;
  private readonly transition: Transition;

  constructor(host: ToolHost, transition: Transition) {
    super();
    this.host = host;
    this.transition = transition;
  }

  override onDocument(): void {
    showBox(this.host, this.box());
  }

  override onPointerDown(pointer: ToolPointer): void {
    const box = this.box();
    if (box && takeHandle(this.host, box, pointer.image)) this.transition('dragging', pointer);
  }

  private box(): ImageBox | null {
    const document = this.host.editor.document;
    return document && maskBox(document.mask);
  }
}
