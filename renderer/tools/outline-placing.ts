// Owns an outline between two clicks, of tools that set it point by point: what would come next follows the pointer.
import { type ToolPointer, ToolState, type Transition } from './tool.ts';

/** An outline that is being drawn and is no part of the document before it is closed. */
export interface OutlineDraft {
  /** Points set so far. */
  readonly count: number;
  readonly canClose: boolean;
  /** Shows the outline, with a line to where the next point would be. */
  show(pointer: ToolPointer): void;
  removeLast(): void;
  fill(): void;
  clear(): void;
}

export class OutlinePlacing extends ToolState {
  readonly id = 'placing';
  private readonly transition: Transition;
  private readonly draft: OutlineDraft;

  constructor(transition: Transition, draft: OutlineDraft) {
    super();
    this.transition = transition;
    this.draft = draft;
  }

  override onPointerDown(pointer: ToolPointer): void {
    this.transition('pointing', pointer);
  }

  override onHover(pointer: ToolPointer): void {
    this.draft.show(pointer);
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
