// Owns the click: it sets an anchor, or closes the line at its first one.
import { OutlineState } from '../outline-state.ts';
import type { ToolPointer } from '../tool.ts';
import type { LivewireDraft } from './draft.ts';

export class Pointing extends OutlineState<LivewireDraft> {
  readonly id = 'pointing';
  private closes = false;

  override onEnter(pointer: ToolPointer): void {
    this.closes = this.draft.isAtStart(pointer);
    if (!this.closes && !this.draft.addAnchor(pointer)) this.cancel();
  }

  override onPointerUp(): void {
    if (this.closes) this.complete();
    else this.transition('placing', null);
  }
}
