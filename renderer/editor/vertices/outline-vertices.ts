// Owns the vertices of a mask's outlines. The mask is the truth: they are found on its pixel edges, and after every change those stay that
// still lie there, so that working on one place moves no vertex of another.
import { traceContours } from '../../../electron/common/contour.ts';
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import type { BinaryMask } from '../../../electron/common/mask.ts';
import { VertexContour } from './vertex-contour.ts';

/** A pixel edge of one of the outlines. */
export interface EdgePlace {
  readonly contour: VertexContour;
  readonly edge: number;
}

/** How vertices are chosen: see VertexContour.choose. */
export interface VertexChoice {
  readonly tolerance: number;
  readonly pixelAspectRatio: number;
}

/** How far from the outline, in pixels, a point that was set by hand still means a place on it. */
const nearby = 3;

export class OutlineVertices {
  private contours: readonly VertexContour[] = [];
  private key: string | null = null;
  private choice: VertexChoice = { tolerance: 0, pixelAspectRatio: 1 };

  /**
   * Takes the outlines of a document's mask. Of the same document, chosen in the same way, the vertices that lie on them stay; `wanted` are
   * points set by hand, to each of which the nearest edge becomes a vertex.
   */
  follow(key: string, mask: BinaryMask, choice: VertexChoice, wanted: readonly ImagePoint[] = []): void {
    const isSame = key === this.key && sameChoice(choice, this.choice);
    const kept = new Set(isSame ? this.places.map(({ contour, edge }) => contour.edgeName(edge)) : []);
    this.key = key;
    this.choice = choice;
    this.contours = traceContours(mask).map((contour) => new VertexContour(contour));
    for (const point of wanted) {
      const near = this.nearestEdge(point, choice.pixelAspectRatio);
      if (near && near.distance <= nearby) kept.add(near.contour.edgeName(near.edge));
    }
    for (const contour of this.contours) {
      const given: number[] = [];
      if (kept.size > 0) {
        for (let edge = 0; edge < contour.length; edge += 1) if (kept.has(contour.edgeName(edge))) given.push(edge);
      }
      contour.choose(given, choice.tolerance, choice.pixelAspectRatio);
    }
  }

  /** Nothing is open. */
  clear(): void {
    this.key = null;
    this.contours = [];
  }

  /** All vertices. */
  get places(): EdgePlace[] {
    return this.contours.flatMap((contour) => contour.vertices.map((edge) => ({ contour, edge })));
  }

  /** The edge whose middle is nearest to a point, and how far that is in widths of a column. Null without an outline. */
  nearestEdge(point: ImagePoint, pixelAspectRatio: number): (EdgePlace & { readonly distance: number }) | null {
    let nearest: EdgePlace | null = null;
    let least = Infinity;
    for (const contour of this.contours) {
      for (let edge = 0; edge < contour.length; edge += 1) {
        const { x, y } = contour.middles[edge];
        const away = (x - point.x) ** 2 + ((y - point.y) * pixelAspectRatio) ** 2;
        if (away >= least) continue;
        least = away;
        nearest = { contour, edge };
      }
    }
    return nearest && { ...nearest, distance: Math.sqrt(least) };
  }
}

function sameChoice(a: VertexChoice, b: VertexChoice): boolean {
  return a.tolerance === b.tolerance && a.pixelAspectRatio === b.pixelAspectRatio;
}
