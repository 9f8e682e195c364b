// Owns an outline between two clicks, of tools that set it point by point: what would come next follows the pointer.
import { OutlineState } from './outline-state.ts';
import type { ToolPointer } from './tool.ts';

export class OutlinePlacing extends OutlineState {
  readonly id = 'placing';

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
}
