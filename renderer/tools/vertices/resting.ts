// Owns the vertices at rest: they are those of whatever is open, and wait for one, or for a place on the outline, to be taken.
import { type ToolHost, type ToolPointer, ToolState, type Transition } from '../tool.ts';
import type { HeldVertices, PointedPlace } from './held-vertices.ts';

export class Resting extends ToolState {
  readonly id = 'idle';
  private readonly host: ToolHost;
  private readonly transition: Transition;
  private readonly vertices: HeldVertices;
  private pointed: PointedPlace | null = null;

  constructor(host: ToolHost, transition: Transition, vertices: HeldVertices) {
    super();
    this.host = host;
    this.transition = transition;
    this.vertices = vertices;
  }

  override onEnter(pointer: ToolPointer | null): void {
    this.point(pointer ? this.vertices.placeAt(pointer.image) : null);
  }

  override onDocument(): void {
    this.vertices.follow();
    this.point(null);
  }

  override onHover({ image }: ToolPointer): void {
    const place = this.vertices.placeAt(image);
    if (!samePlace(place, this.pointed)) this.point(place);
  }

  override onPointerDown(pointer: ToolPointer): void {
    if (this.vertices.hold(pointer.image)) this.transition('pointing', pointer);
  }

  override onStepBack(): boolean {
    const isBack = this.vertices.takeBackAdded();
    if (isBack) this.point(null);
    return isBack;
  }

  override get hasStepBack(): boolean {
    return this.vertices.hasAdded;
  }

  override onRemove(): boolean {
    const chosen = this.vertices.chosenPlace();
    if (!chosen || !this.host.editor.document) return false;
    this.vertices.remove(chosen);
    return true;
  }

  private point(place: PointedPlace | null): void {
    this.pointed = place;
    this.vertices.show(place);
  }
}

function samePlace(a: PointedPlace | null, b: PointedPlace | null): boolean {
  return a?.contour === b?.contour && a?.edge === b?.edge && a?.isVertex === b?.isVertex;
}
