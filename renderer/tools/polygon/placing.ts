// Owns the polygon between two clicks: the next corner follows the pointer.
import { type ToolPointer, ToolState, type Transition } from '../tool.ts';
import type { PolygonDraft } from './draft.ts';

export class Placing extends ToolState {
  readonly id = 'placing';
  private readonly transition: Transition;
  private readonly draft: PolygonDraft;

  constructor(transition: Transition, draft: PolygonDraft) {
    super();
    this.transition = transition;
    this.draft = draft;
  }

  override onPointerDown(pointer: ToolPointer): void {
    this.transition('pointing', pointer);
  }

  override onHover(pointer: ToolPointer): void {
    this.draft.show(pointer.image);
  }

  override onDoubleClick(): void {
    this.onFinish();
  }

  override onFinish(): boolean {
    if (!this.draft.canClose) return false;
    this.complete();
    return true;
  }

  override onStepBack(): boolean {
    this.draft.removeLast();
    if (this.draft.count === 0) this.cancel();
    return true;
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
