// Owns how a gesture that changes pixels as the pointer moves ends, in whichever state it is: pointer up keeps it, Escape rewinds to its mark.
import { type ToolHost, ToolState, type Transition } from './tool.ts';

export abstract class GestureState extends ToolState {
  protected readonly host: ToolHost;
  protected readonly transition: Transition;

  constructor(host: ToolHost, transition: Transition) {
    super();
    this.host = host;
    this.transition = transition;
  }

  override onPointerUp(): void {
    this.complete();
  }

  override onCancel(): void {
    this.cancel();
  }

  private complete(): void {
    this.transition('idle', null);
    this.host.editor.completeGesture();
  }

  private cancel(): void {
    this.transition('idle', null);
    this.host.editor.cancelGesture();
  }
}
