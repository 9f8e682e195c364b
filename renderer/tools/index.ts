// Owns the set of tools and which of them gets the pointer. A new tool is a folder and a line here.
import { createBoxTool } from './box/index.ts';
import { createPaintTool } from './paint/index.ts';
import { createSelectTool } from './select/index.ts';
import type { Tool, ToolHost, ToolId, ToolPointer } from './tool.ts';

export class Toolbox {
  private readonly tools: Record<ToolId, Tool>;
  private selected: ToolId = 'brush';
  /** The view is being moved while another tool stays selected (space or middle button). */
  private borrowed = false;

  constructor(host: ToolHost) {
    this.tools = {
      select: createSelectTool(host),
      box: createBoxTool(host),
      brush: createPaintTool('brush', host),
      eraser: createPaintTool('eraser', host),
    };
  }

  get active(): Tool {
    return this.tools[this.borrowed ? 'select' : this.selected];
  }

  get selectedId(): ToolId {
    return this.selected;
  }

  get path(): string {
    return this.active.path;
  }

  get isIdle(): boolean {
    return this.active.isIdle;
  }

  /** Changes the tool; a gesture in progress is cancelled first. */
  select(id: ToolId): void {
    this.cancel();
    this.selected = id;
  }

  pointerDown(pointer: ToolPointer, options: { readonly pan: boolean }): void {
    if (!this.isIdle) return;
    this.borrowed = options.pan;
    this.active.pointerDown(pointer);
  }

  pointerMove(pointer: ToolPointer): void {
    this.active.pointerMove(pointer);
  }

  pointerUp(pointer: ToolPointer): void {
    this.active.pointerUp(pointer);
    this.borrowed = false;
  }

  /** Ends the gesture in progress as if it had not begun. False where there was none. */
  cancel(): boolean {
    if (this.isIdle) return false;
    this.active.cancel();
    this.borrowed = false;
    return true;
  }
}
