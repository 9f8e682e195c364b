// Owns a drawing tool at rest: it waits for the pointer to go down on a document.
import { type ToolHost, type ToolPointer, ToolState, type Transition } from './tool.ts';

export class Waiting extends ToolState {
  readonly id = 'idle';
  private readonly host: ToolHost;
  private readonly transition: Transition;

  constructor(host: ToolHost, transition: Transition) {
    super();
    this.host = host;
    this.transition = transition;
  }

  override onPointerDown(pointer: ToolPointer): void {
    if (this.host.editor.document) this.transition('pointing', pointer);
  }
}
