// Owns the click: it sets an anchor, or closes the line at its first one.
import { type ToolPointer, ToolState, type Transition } from '../tool.ts';
import type { LivewireDraft } from './draft.ts';

export class Pointing extends ToolState {
  readonly id = 'pointing';
  private readonly transition: Transition;
  private readonly draft: LivewireDraft;
  private closes = false;

  constructor(transition: Transition, draft: LivewireDraft) {
    super();
    this.transition = transition;
    this.draft = draft;
  }

  override onEnter(pointer: ToolPointer): void {
    this.closes = this.draft.isAtStart(pointer);
    if (!this.closes && !this.draft.addAnchor(pointer)) this.cancel();
  }

  override onPointerUp(): void {
    if (this.closes) this.complete();
    else this.transition('placing', null);
  }

  override onCancel(): void {
    this.cancel();
  }

  private complete(): void {
    this.transition('idle', null);
    this.draft.fill();
  }

  private cancel(): void {
    this.transition('idle', null);
    this.draft.clear();
  }
}
