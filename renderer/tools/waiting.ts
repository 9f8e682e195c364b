// Owns a drawing tool at rest: it waits for the pointer to go down on a document.
import { type ToolHost, type ToolPointer, ToolState, type Transition } from './tool.ts';

export class Waiting extends ToolState {
  readonly id = 'idle';
  private readonly host: ToolHost;
  private readonly transition: Transition;
  private readonly purpose: 'change' | 'ask';

  /** purpose: a tool that changes the mask does not begin on a locked label, where what is drawn would be lost; one that asks does. */
  constructor(host: ToolHost, transition: Transition, purpose: 'change' | 'ask' = 'change') {
    super();
    this.host = host;
    this.transition = transition;
    this.purpose = purpose;
  }

  override onPointerDown(pointer: ToolPointer): void {
    const { editor } = this.host;
    if (!editor.document || (this.purpose === 'change' && editor.refuses(editor.document.labelId))) return;
    this.transition('pointing', pointer);
  }
}
