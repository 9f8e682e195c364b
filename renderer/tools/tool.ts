// Owns the shape of a tool: a small state chart. A tool is a folder; each state is a class that handles pointer events and ends in its own
// complete() or cancel(), which name the next state. `path` makes the active state observable: 'brush.drawing'.
import type { CanvasPoint, ImageBox, ImagePoint } from '../../electron/common/geometry.ts';
import type { MeasurementShape } from '../../electron/common/measurements.ts';
import type { Editor } from '../editor/editor.ts';
import type { GreyPicture } from '../editor/grey/grey-picture.ts';
import type { GreyWindow } from '../editor/grey/grey-window.ts';
import type { ToolPreview } from './preview.ts';
import type { Scribble } from './scribble/scribble.ts';

export interface ToolPointer {
  readonly image: ImagePoint;
  readonly canvas: CanvasPoint;
  /** Where it is on the screen; as on the canvas where that is not turned. */
  readonly screen?: CanvasPoint;
  /** Keys held; not held where absent. */
  readonly alt?: boolean;
  readonly shift?: boolean;
  /** How hard a pen is pressed, 0..1; absent for anything but a pen. */
  readonly pressure?: number;
}

/** What tools act upon besides the document. */
export interface ToolHost {
  readonly editor: Editor;
  /** Brush radius in image pixels. */
  readonly brushRadius: () => number;
  /** How far, in image pixels, an outline may be from the straight lines between its vertices. */
  readonly vertexTolerance: () => number;
  /** Height over width of the open frame's pixels. */
  readonly pixelAspectRatio: () => number;
  /** CSS pixels that a column of the image takes. */
  readonly scale: () => number;
  /** The brightness of the open frame; null where it is not there yet, which the reader is told. */
  readonly grey: () => GreyPicture | null;
  /** How much a magic wand's pixels may differ from the one pointed at, 0..255. It is kept for the next time. */
  readonly tolerance: { get(): number; set(value: number): void };
  /** Brightness and contrast of the frame. */
  readonly window: { get(): GreyWindow; set(value: GreyWindow): void };
  /** What is measured in the open frame. */
  readonly measurements: MeasurementHost;
  /** Takes another tool into the hand. */
  readonly selectTool: (id: ToolId) => void;
  /** Moves the view, in CSS pixels. */
  readonly panBy: (dx: number, dy: number) => void;
  /** The box being drawn, to be shown; null for none. */
  readonly previewBox: (box: ImageBox | null) => void;
  /** What a tool is about to do, to be shown; null for nothing. */
  readonly preview: (preview: ToolPreview | null) => void;
  /** A target was boxed: ask the network for just that. */
  readonly proposeInBox: (box: ImageBox) => void;
  /** A scribble said what belongs to the mask, or what does not: ask the network again around it. */
  readonly correctAround: (scribble: Scribble) => void;
}

export interface MeasurementHost {
  /** The size of the open frame; null where there is none. */
  frame(): { readonly width: number; readonly height: number } | null;
  list(): readonly { readonly trackingUID: string; readonly shape: MeasurementShape }[];
  /** What is being drawn, or is dragged in place of a measurement; null for nothing. */
  draft(shape: MeasurementShape | null, replaces: string | null): void;
  /** Keeps a new shape, or another one of a measurement. */
  save(shape: MeasurementShape, trackingUID: string | null): void;
  select(trackingUID: string | null): void;
}

export abstract class ToolState {
  abstract readonly id: string;
  onEnter(_pointer: ToolPointer | null): void {}
  onPointerDown(_pointer: ToolPointer): void {}
  /** While the pointer is down. */
  onPointerMove(_pointer: ToolPointer): void {}
  onPointerUp(_pointer: ToolPointer): void {}
  /** While the pointer is up. */
  onHover(_pointer: ToolPointer): void {}
  onDoubleClick(_pointer: ToolPointer): void {}
  /** The open document was changed by something else, or is another one. Only a tool at rest needs to care. */
  onDocument(): void {}
  onCancel(): void {}
  /** Takes one step back that is not part of the document yet. False where there is none. */
  onStepBack(): boolean {
    return false;
  }
  /** Whether a tool at rest has such a step; in the middle of a gesture one may always be tried. */
  get hasStepBack(): boolean {
    return false;
  }
  /** Takes away what is chosen. False where nothing is. */
  onRemove(): boolean {
    return false;
  }
  /** Completes what needs no further pointer. False where nothing can be completed. */
  onFinish(): boolean {
    return false;
  }
}

export type ToolId =
  | 'select'
  | 'window'
  | 'box'
  | 'brush'
  | 'eraser'
  | 'polygon'
  | 'vertices'
  | 'outline'
  | 'livewire'
  | 'wand'
  | 'scribble'
  | 'transform'
  | 'caliper'
  | 'ellipse'
  | 'angle';

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

  /** What the pointer and the keys are for at present. */
  get active(): ToolState {
    return this.state;
  }

  private transition(next: string, pointer: ToolPointer | null): void {
    const state = this.states.get(next);
    if (!state) throw new Error(`Tool ${this.id} has no state "${next}".`);
    this.state = state;
    state.onEnter(pointer);
  }
}

export type Transition = (next: string, pointer: ToolPointer | null) => void;
