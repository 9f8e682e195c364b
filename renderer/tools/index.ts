// Owns the set of tools and which of them gets the pointer. A new tool is a folder and a line here.
import { createBoxTool } from './box/index.ts';
import { createLivewireTool } from './livewire/index.ts';
import { createMeasureTool } from './measure/index.ts';
import { createOutlineTool } from './outline/index.ts';
import { createPaintTool } from './paint/index.ts';
import { createPolygonTool } from './polygon/index.ts';
import { createScribbleTool } from './scribble/index.ts';
import { createSelectTool } from './select/index.ts';
import type { Tool, ToolHost, ToolId, ToolPointer } from './tool.ts';
import { createTransformTool } from './transform/index.ts';
import { HeldVertices } from './vertices/held-vertices.ts';
import { createVerticesTool } from './vertices/index.ts';
import { createWandTool } from './wand/index.ts';
import { createWindowTool } from './window/index.ts';

export class Toolbox {
  private readonly tools: Record<ToolId, Tool>;
  private readonly host: ToolHost;
  private selected: ToolId = 'brush';
  /**
   * What is done while another tool stays selected, in the middle of its gesture too: the view is moved (space or middle button), or its
   * brightness and contrast are (right button).
   */
  private borrowed: 'select' | 'window' | null = null;

  constructor(host: ToolHost) {
    this.host = host;
    // The corners of a polygon become those of the outline that it makes.
    const vertices = new HeldVertices(host);
    this.tools = {
      select: createSelectTool(host),
      window: createWindowTool(host),
      box: createBoxTool(host),
      brush: createPaintTool('brush', host),
      eraser: createPaintTool('eraser', host),
      polygon: createPolygonTool(host, vertices),
      vertices: createVerticesTool(host, vertices),
      outline: createOutlineTool(host),
      livewire: createLivewireTool(host),
      wand: createWandTool(host),
      scribble: createScribbleTool(host),
      transform: createTransformTool(host),
      caliper: createMeasureTool('caliper', host),
      ellipse: createMeasureTool('ellipse', host),
      angle: createMeasureTool('angle', host),
    };
    host.editor.subscribe((change) => {
      if (change.kind === 'document') this.tools[this.selected].active.onDocument();
    });
  }

  get active(): Tool {
    return this.tools[this.borrowed ?? this.selected];
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
    this.host.preview(null);
    this.selected = id;
    this.active.active.onDocument();
  }

  pointerDown(pointer: ToolPointer, options: { readonly pan?: boolean; readonly window?: boolean }): void {
    this.borrowed = options.pan ? 'select' : options.window ? 'window' : null;
    this.active.active.onPointerDown(pointer);
  }

  pointerMove(pointer: ToolPointer): void {
    this.active.active.onPointerMove(pointer);
  }

  pointerUp(pointer: ToolPointer): void {
    this.active.active.onPointerUp(pointer);
    this.borrowed = null;
  }

  hover(pointer: ToolPointer): void {
    this.active.active.onHover(pointer);
  }

  doubleClick(pointer: ToolPointer): void {
    this.active.active.onDoubleClick(pointer);
  }

  /** Takes back one step that is no part of the document yet. False where there is none: then an undo is meant. */
  stepBack(): boolean {
    return this.active.active.onStepBack();
  }

  /** Whether a step back is worth trying. */
  get canStepBack(): boolean {
    return !this.isIdle || this.active.active.hasStepBack;
  }

  /** Takes away what is chosen with the tool in hand. False where nothing is. */
  remove(): boolean {
    return this.isIdle && this.active.active.onRemove();
  }

  /** Something that the tool in hand shows by has changed. */
  refresh(): void {
    if (this.isIdle) this.active.active.onDocument();
  }

  /** Completes the gesture in progress where it needs no further pointer. */
  finish(): boolean {
    return !this.isIdle && this.active.active.onFinish();
  }

  /** Ends the gesture in progress as if it had not begun. False where there was none. */
  cancel(): boolean {
    const wasIdle = this.isIdle && this.tools[this.selected].isIdle;
    if (!this.isIdle) this.active.active.onCancel();
    this.borrowed = null;
    if (!this.isIdle) this.active.active.onCancel();
    return !wasIdle;
  }
}
