// Owns what the hand has to do with an outline's vertices: which it points at, holds and has chosen, and how they are shown.
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import { type EdgePlace, OutlineVertices } from '../../editor/vertices/outline-vertices.ts';
import { Reshape } from '../../editor/vertices/reshape.ts';
import { handleAt } from '../preview.ts';
import type { ToolHost } from '../tool.ts';

/** How far from the outline, in CSS pixels, the pointer still means a place on it. */
const edgeGrip = 6;

/** What is under the pointer: a vertex, or a place on the outline where one could be. */
export interface PointedPlace extends EdgePlace {
  readonly isVertex: boolean;
}

export interface HeldPlace extends PointedPlace {
  /** Where the pointer took hold of it. */
  readonly grip: ImagePoint;
}

export class HeldVertices {
  private inHand: HeldPlace | null = null;
  private readonly host: ToolHost;
  private readonly outlines = new OutlineVertices();
  /** Points set by hand, to become vertices of the outlines as they will be. */
  private wanted: readonly ImagePoint[] = [];
  /** Where the chosen vertex lies, which can be taken away. */
  private chosen: ImagePoint | null = null;
  /** Vertices set by a click since the mask last changed. */
  private added: EdgePlace[] = [];

  constructor(host: ToolHost) {
    this.host = host;
  }

  /** What the pointer went down on. */
  get held(): HeldPlace {
    if (!this.inHand) throw new Error('Nothing of an outline is held.');
    return this.inHand;
  }

  /** Takes what is under a point of the image. False where there is nothing. */
  hold(grip: ImagePoint): boolean {
    const place = this.placeAt(grip);
    this.inHand = place && { ...place, grip };
    return place !== null;
  }

  /** When the outlines are next taken from the mask, they have vertices at these points, as far as they pass by there. */
  want(points: readonly ImagePoint[]): void {
    this.wanted = points;
  }

  /** Takes the outlines of whatever is open. */
  follow(): void {
    const { host, outlines, wanted } = this;
    const { document } = host.editor;
    this.wanted = [];
    this.added = [];
    if (!document) {
      outlines.clear();
      return;
    }
    const choice = { tolerance: host.vertexTolerance(), pixelAspectRatio: host.pixelAspectRatio() };
    outlines.follow(document.key, document.mask, choice, wanted);
    // The vertex that was moved stays the chosen one.
    const moved = wanted.length === 1 ? outlines.nearestEdge(wanted[0], choice.pixelAspectRatio) : null;
    if (moved) this.chosen = middleOf(moved);
    if (!this.chosenPlace()) this.chosen = null;
  }

  /** The vertex under a point of the image, else the place on an outline, else null. */
  placeAt(point: ImagePoint): PointedPlace | null {
    const { host, outlines } = this;
    const { places } = outlines;
    const index = handleAt(places.map(middleOf), point, host.scale(), host.pixelAspectRatio());
    if (index >= 0) return { ...places[index], isVertex: true };
    const near = outlines.nearestEdge(point, host.pixelAspectRatio());
    return near && near.distance * host.scale() <= edgeGrip ? { ...near, isVertex: false } : null;
  }

  choose({ contour, edge }: EdgePlace): void {
    this.chosen = contour.middles[edge];
  }

  /** Sets a vertex where the outline passes; the mask does not change. */
  add(place: EdgePlace): void {
    place.contour.add(place.edge);
    this.added.push(place);
    this.choose(place);
  }

  get hasAdded(): boolean {
    return this.added.length > 0;
  }

  /** Takes back the latest vertex that was set by a click. False where there is none. */
  takeBackAdded(): boolean {
    const place = this.added.pop();
    if (!place) return false;
    place.contour.remove(place.edge);
    if (!this.chosenPlace()) this.chosen = null;
    return true;
  }

  /**
   * Takes a vertex away: the outline goes straight from the one before to the one behind it, which is one gesture. Of three vertices there
   * is nothing left between two: the part goes, or the hole.
   */
  remove({ contour, edge }: EdgePlace): void {
    const { before, behind } = contour.neighbours(edge);
    const isLast = contour.vertices.length <= 3;
    const [from, to] = isLast ? [edge, edge] : [before, behind];
    const line = isLast ? [contour.middles[edge]] : [contour.middles[before], contour.middles[behind]];
    const { editor } = this.host;
    editor.beginGesture('remove-vertex');
    // Refused where the label is locked.
    if (!editor.isInGesture) return;
    contour.remove(edge);
    this.chosen = null;
    editor.edit((mask, pixels) => new Reshape(contour, mask).replace(mask, pixels, from, to, line));
    editor.completeGesture();
  }

  /** The chosen vertex; null where there is none, or the outline no longer has it. */
  chosenPlace(): EdgePlace | null {
    const { chosen } = this;
    if (!chosen) return null;
    return this.outlines.places.find((place) => samePoint(middleOf(place), chosen)) ?? null;
  }

  /** Shows the vertices; the one under the pointer looks as if it could be taken, a place on the line as if a vertex could be set. */
  show(pointed: PointedPlace | null): void {
    const handles = this.outlines.places.map(middleOf);
    const offered = pointed && !pointed.isVertex ? middleOf(pointed) : null;
    const chosen = pointed?.isVertex ? middleOf(pointed) : this.chosen;
    this.host.preview(handles.length > 0 ? { lines: [], handles, chosen, offered } : null);
  }

  /** Shows the line that the held vertex, which is at a point of the image now, makes of the outline between its neighbours. */
  showBent(line: readonly ImagePoint[], at: ImagePoint): void {
    const { held, host, outlines } = this;
    const others = outlines.places.filter(({ contour, edge }) => contour !== held.contour || edge !== held.edge);
    const handles = [...others.map(middleOf), at];
    host.preview({ lines: [{ points: line, closed: false, tone: 'guide' }], handles, chosen: at, offered: null });
  }
}

function middleOf({ contour, edge }: EdgePlace): ImagePoint {
  return contour.middles[edge];
}

function samePoint(a: ImagePoint, b: ImagePoint): boolean {
  return a.x === b.x && a.y === b.y;
}
