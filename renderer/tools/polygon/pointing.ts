// Owns the pointer down on a corner of the polygon: it moves with the pointer. A click on the first one closes the polygon.
import type { CanvasPoint } from '../../../electron/common/geometry.ts';
import { isTremble } from '../pointer-slack.ts';
import { OutlineState } from '../outline-state.ts';
import type { ToolPointer } from '../tool.ts';
import type { PolygonDraft } from './draft.ts';

export class Pointing extends OutlineState<PolygonDraft> {
  readonly id = 'pointing';
  private start: CanvasPoint = { x: 0, y: 0 };
  private held: { readonly index: number; readonly isNew: boolean } = { index: 0, isNew: true };
  private moved = false;

  override onEnter(pointer: ToolPointer): void {
    this.start = pointer.canvas;
    this.moved = false;
    this.held = this.draft.take(pointer);
  }

  override onPointerMove(pointer: ToolPointer): void {
    const { canvas, image } = pointer;
    this.moved ||= !isTremble(this.start, canvas);
    if (this.moved) this.draft.move(this.held.index, image);
  }

  override onPointerUp(): void {
    const closes = this.held.index === 0 && !this.held.isNew && !this.moved && this.draft.canClose;
    if (closes) this.complete();
    else this.transition('placing', null);
  }
}
