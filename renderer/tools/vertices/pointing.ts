// Owns the pointer down on a vertex or on the outline: a click chooses the vertex, or sets one there; Alt and a click takes it away; a drag moves it.
import type { CanvasPoint } from '../../../electron/common/geometry.ts';
import { isTremble } from '../pointer-slack.ts';
import { type ToolHost, type ToolPointer, ToolState, type Transition } from '../tool.ts';
import type { HeldVertices } from './held-vertices.ts';

export class Pointing extends ToolState {
  readonly id = 'pointing';
  private readonly host: ToolHost;
  private readonly transition: Transition;
  private readonly vertices: HeldVertices;
  private start: CanvasPoint = { x: 0, y: 0 };
  private removes = false;

  constructor(host: ToolHost, transition: Transition, vertices: HeldVertices) {
    super();
    this.host = host;
    this.transition = transition;
    this.vertices = vertices;
  }

  override onEnter(pointer: ToolPointer): void {
    const { held } = this.vertices;
    this.start = pointer.canvas;
    this.removes = held.isVertex && (pointer.alt ?? false);
    if (held.isVertex && !this.removes) this.vertices.choose(held);
    this.vertices.show(held);
  }

  override onPointerMove(pointer: ToolPointer): void {
    if (this.removes || isTremble(this.start, pointer.canvas)) return;
    this.transition('dragging', pointer);
  }

  override onPointerUp(pointer: ToolPointer): void {
    this.complete(pointer);
  }

  override onCancel(): void {
    this.transition('idle', null);
  }

  private complete(pointer: ToolPointer): void {
    const { held } = this.vertices;
    if (this.removes) {
      // At rest first: it is told that the mask has changed.
      this.transition('idle', null);
      this.vertices.remove(held);
      return;
    }
    if (!held.isVertex && this.host.editor.document) this.vertices.add(held);
    this.transition('idle', pointer);
  }
}
