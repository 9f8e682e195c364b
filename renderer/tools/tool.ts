// Owns the shape of a tool: a small state chart. A tool is a folder; each state is a class that handles pointer events and ends in its own
// complete() or cancel(), which name the next state. `path` makes the active state observable: 'brush.drawing'.
import type { CanvasPoint, ImageBox, ImagePoint } from '../../electron/common/geometry.ts';
import type { Editor } from '../editor/editor.ts';

export interface ToolPointer {
  readonly image: ImagePoint;
  readonly canvas: CanvasPoint;
}

/** What tools act upon besides the document. */
export interface ToolHost {
  readonly editor: Editor;
  /** Brush radius in image pixels. */
  readonly brushRadius: () => number;
  /** Moves the view, in CSS pixels. */
  readonly panBy: (dx: number, dy: number) => void;
  /** The box being drawn, to be shown; null for none. */
  readonly previewBox: (box: ImageBox | null) => void;
  /** A target was boxed: ask the network for just that. */
  readonly proposeInBox: (box: ImageBox) => void;
}

export abstract class ToolState {
  abstract readonly id: string;
  onEnter(_pointer: ToolPointer | null): void {}
  onPointerDown(_pointer: ToolPointer): void {}
  onPointerMove(_pointer: ToolPointer): void {}
  onPointerUp(_pointer: ToolPointer): void {}
  onCancel(): void {}
}

export type ToolId = 'select' | 'box' | 'brush' | 'eraser';

export class Tool {
  readonly id: ToolId;
  /** CSS cursor over the image; 'none' where the tool draws its own. */
  readonly cursor: string;
  private readonly states: ReadonlyMap<string, ToolState>;
  private state: ToolState;

  /** `createStates` gets this tool's transition; the first state is the one it rests in. */
  constructor(id: ToolId, cursor: string, createStates: (transition: Transition) => readonly ToolState[]) {
    this.id = id;
    this.cursor = cursor;
    const states = createStates((next, pointer) => this.transition(next, pointer));
    this.states = new Map(states.map((state) => [state.id, state]));
    this.state = states[0];
  }

  get path(): string {
    return `${this.id}.${this.state.id}`;
  }

  get isIdle(): boolean {
    return this.state.id === 'idle';
  }

  pointerDown(pointer: ToolPointer): void {
    this.state.onPointerDown(pointer);
  }

  pointerMove(pointer: ToolPointer): void {
    this.state.onPointerMove(pointer);
  }

  pointerUp(pointer: ToolPointer): void {
    this.state.onPointerUp(pointer);
  }

  cancel(): void {
    this.state.onCancel();
  }

  private transition(next: string, pointer: ToolPointer | null): void {
    const state = this.states.get(next);
    if (!state) throw new Error(`Tool ${this.id} has no state "${next}".`);
    this.state = state;
    state.onEnter(pointer);
  }
}

export type Transition = (next: string, pointer: ToolPointer | null) => void;
