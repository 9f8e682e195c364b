// Owns how an outline that is set point by point ends, in whichever state it is: closed it is filled, Escape drops it.
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

export abstract class OutlineState<D extends OutlineDraft = OutlineDraft> extends ToolState {
  protected readonly transition: Transition;
  protected readonly draft: D;

  constructor(transition: Transition, draft: D) {
    super();
    this.transition = transition;
    this.draft = draft;
  }

  override onCancel(): void {
    this.cancel();
  }

  protected complete(): void {
    this.transition('idle', null);
    this.draft.fill();
  }

  protected cancel(): void {
    this.transition('idle', null);
    this.draft.clear();
  }
}
