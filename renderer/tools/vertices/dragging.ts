// Owns a vertex while it is dragged: the outline between its neighbours bends with it, one gesture, from the mask as it was at first.
import { Reshape } from '../../editor/vertices/reshape.ts';
import { GestureState } from '../gesture-state.ts';
import type { ToolHost, ToolPointer, Transition } from '../tool.ts';
import type { HeldVertices } from './held-vertices.ts';

export class Dragging extends GestureState {
  readonly id = 'dragging';
  private readonly vertices: HeldVertices;
  private reshape: Reshape | null = null;

  constructor(host: ToolHost, transition: Transition, vertices: HeldVertices) {
    super(host, transition);
    this.vertices = vertices;
  }

  override onEnter(pointer: ToolPointer): void {
    const { editor } = this.host;
    editor.beginGesture('move-vertex');
    // Refused where the label is locked.
    if (!editor.document || !editor.isInGesture) {
      this.transition('idle', null);
      return;
    }
    this.reshape = new Reshape(this.vertices.held.contour, editor.document.mask);
    this.onPointerMove(pointer);
  }

  override onPointerMove({ image }: ToolPointer): void {
    const { contour, edge, grip } = this.vertices.held;
    const place = contour.middles[edge];
    const at = { x: place.x + image.x - grip.x, y: place.y + image.y - grip.y };
    const { before, behind } = contour.neighbours(edge);
    const line = contour.bent(before, edge, behind, at);
    this.host.editor.edit((mask, pixels) => this.reshape!.replace(mask, pixels, before, behind, line));
    this.vertices.want([at]);
    this.vertices.showBent(line, at);
  }

  override onCancel(): void {
    this.vertices.want([]);
    super.onCancel();
  }
}
