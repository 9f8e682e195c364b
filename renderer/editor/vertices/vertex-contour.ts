// Owns one outline of a mask as something to take hold of: its pixel edges in the order of travel, the few of them that are its vertices, and
// the pieces between those.
import { type Contour, contourArea } from '../../../electron/common/contour.ts';
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import { furthestFrom, simplifyLine } from './simplify.ts';

/** How much of a curve must be seen as more than a straight line: the middles of a straight line's pixel edges lie within half a pixel of it. */
const straightWithin = 1;

/** How many edges a vertex may move to fit its surroundings better. */
const settleReach = 4;
const settleSteps = Array.from({ length: 2 * settleReach + 1 }, (_, index) =>
  index % 2 === 0 ? -index / 2 : (index + 1) / 2,
);

export class VertexContour {
  /** Around a part of the mask; a hole where false. */
  readonly isPart: boolean;
  /** The middle of every pixel edge. A vertex is the number of an edge and lies at its middle. */
  readonly middles: readonly ImagePoint[];
  /** In ascending order. */
  readonly vertices: number[] = [];
  /** Where each edge begins. */
  private readonly corners: readonly ImagePoint[];

  constructor(contour: Contour) {
    this.isPart = contourArea(contour) > 0;
    const corners: ImagePoint[] = [];
    const middles: ImagePoint[] = [];
    for (let i = 0; i < contour.length; i += 2) {
      const [x, y] = [contour[i], contour[i + 1]];
      const dx = contour[(i + 2) % contour.length] - x;
      const dy = contour[(i + 3) % contour.length] - y;
      const [stepX, stepY] = [Math.sign(dx), Math.sign(dy)];
      for (let edge = 0; edge < Math.abs(dx) + Math.abs(dy); edge += 1) {
        corners.push({ x: x + stepX * edge, y: y + stepY * edge });
        middles.push({ x: x + stepX * (edge + 0.5), y: y + stepY * (edge + 0.5) });
      }
    }
    this.corners = corners;
    this.middles = middles;
  }

  get length(): number {
    return this.middles.length;
  }

  /** The same edge of another contour has the same name, as long as the mask lies on the same side of it. */
  edgeName(edge: number): number {
    const { x, y } = this.middles[edge];
    const isForward = x > this.corners[edge].x || y > this.corners[edge].y;
    // Twice a middle is a whole number; frames are less than 2^17 pixels wide.
    return 2 * (2 * y * 2 ** 18 + 2 * x) + (isForward ? 1 : 0);
  }

  /**
   * Chooses the vertices: those given, and between them as many as it takes for the outline to be nowhere further than `tolerance` from the
   * straight lines between vertices; three at least.
   */
  choose(given: readonly number[], tolerance: number, pixelAspectRatio: number): void {
    const fixed = given.length > 1 ? given : this.seeds(given[0], pixelAspectRatio);
    const chosen = fixed.flatMap((from, index) => {
      const to = fixed[(index + 1) % fixed.length];
      const piece = this.piece(from, to);
      return simplifyLine(piece, tolerance, pixelAspectRatio)
        .slice(0, -1)
        .map((at) => (from + at) % this.length);
    });
    this.vertices.splice(0, Infinity, ...chosen.toSorted((a, b) => a - b));
    const free = this.vertices.filter((vertex) => !given.includes(vertex));
    for (const vertex of free) this.settle(vertex, tolerance, pixelAspectRatio);
    while (this.vertices.length < 3) this.add(this.furthestEdge(pixelAspectRatio));
  }

  add(edge: number): void {
    if (this.vertices.includes(edge)) return;
    const behind = this.vertices.findIndex((vertex) => vertex > edge);
    this.vertices.splice(behind < 0 ? this.vertices.length : behind, 0, edge);
  }

  remove(edge: number): void {
    this.vertices.splice(this.vertices.indexOf(edge), 1);
  }

  /** The vertices before and behind an edge that may be one itself. */
  neighbours(edge: number): { readonly before: number; readonly behind: number } {
    const { vertices } = this;
    return {
      before: vertices.findLast((vertex) => vertex < edge) ?? vertices.at(-1)!,
      behind: vertices.find((vertex) => vertex > edge) ?? vertices[0],
    };
  }

  /** The outline from the middle of one edge to that of another, exactly as the mask has it; all around where both are the same. */
  stretch(from: number, to: number): ImagePoint[] {
    const { corners, middles, length } = this;
    const points = [middles[from]];
    for (let edge = from; ;) {
      edge = (edge + 1) % length;
      points.push(corners[edge]);
      if (edge === to) break;
    }
    points.push(middles[to]);
    return points;
  }

  /**
   * The outline from one vertex over `at` to another, bent so that `at` comes to lie at `target`: what is near it is taken along, the ends stay
   * where they are, and what was straight stays straight.
   */
  bent(from: number, at: number, to: number, target: ImagePoint): ImagePoint[] {
    const start = this.middles[at];
    const shift = { x: target.x - start.x, y: target.y - start.y };
    const before = bentLine(this.plain(from, at), shift);
    const behind = bentLine(this.plain(at, to).toReversed(), shift).toReversed();
    return [...before, ...behind.slice(1)];
  }

  /** A piece of the outline as a line without the steps of its pixels. */
  private plain(from: number, to: number): ImagePoint[] {
    const piece = this.piece(from, to);
    return simplifyLine(piece, straightWithin).map((index) => piece[index]);
  }

  /** The middles of the edges from one to another; all around where both are the same. */
  private piece(from: number, to: number): ImagePoint[] {
    const { middles } = this;
    if (to > from) return middles.slice(from, to + 1);
    return [...middles.slice(from), ...middles.slice(0, to + 1)];
  }

  /**
   * Takes a vertex away where the outline is near enough to the straight lines without it, else moves it to whichever edge around it fits
   * them best: a corner is rarely where a curve was cut first.
   */
  private settle(vertex: number, tolerance: number, pixelAspectRatio: number): void {
    const { before, behind } = this.neighbours(vertex);
    const away = (from: number, to: number): number => {
      const piece = this.piece(from, to);
      return furthestFrom(piece, 0, piece.length - 1, pixelAspectRatio).distance;
    };
    this.remove(vertex);
    if (this.vertices.length >= 3 && away(before, behind) <= tolerance) return;
    // As many edges to either side as there are up to the neighbours, the vertex itself first.
    const room = (from: number, to: number): number => Math.min(settleReach, this.edgesBetween(from, to) - 1);
    let [best, least] = [vertex, Infinity];
    for (const step of settleSteps) {
      if (step > room(vertex, behind) || -step > room(before, vertex)) continue;
      const edge = (vertex + step + this.length) % this.length;
      const distance = Math.max(away(before, edge), away(edge, behind));
      if (distance < least) [best, least] = [edge, distance];
    }
    this.add(best);
  }

  private edgesBetween(from: number, to: number): number {
    return to > from ? to - from : to - from + this.length;
  }

  /** Two edges far apart. One that is given is among them. */
  private seeds(given: number | undefined, pixelAspectRatio: number): number[] {
    const from = given ?? this.furthestOf(0, pixelAspectRatio);
    return [from, this.furthestOf(from, pixelAspectRatio)].toSorted((a, b) => a - b);
  }

  private furthestOf(from: number, pixelAspectRatio: number): number {
    const { middles } = this;
    let [furthest, most] = [from, 0];
    for (const [edge, { x, y }] of middles.entries()) {
      const away = Math.hypot(x - middles[from].x, (y - middles[from].y) * pixelAspectRatio);
      if (away > most) [furthest, most] = [edge, away];
    }
    return furthest;
  }

  /** Of two vertices' two pieces the edge that is furthest from the straight line. */
  private furthestEdge(pixelAspectRatio: number): number {
    const [first, second] = this.vertices;
    return [[first, second] as const, [second, first] as const]
      .map(([from, to]) => {
        const piece = this.piece(from, to);
        const { index, distance } = furthestFrom(piece, 0, piece.length - 1, pixelAspectRatio);
        return { edge: (from + index) % this.length, distance };
      })
      .reduce((a, b) => (b.distance > a.distance ? b : a)).edge;
  }
}

/** The line with its last point moved by `shift` and every other by a share of it that grows along the line from nothing. */
function bentLine(points: readonly ImagePoint[], shift: ImagePoint): ImagePoint[] {
  let along = 0;
  const lengths = points.map(({ x, y }, index) => {
    if (index > 0) along += Math.hypot(x - points[index - 1].x, y - points[index - 1].y);
    return along;
  });
  return points.map(({ x, y }, index) => {
    const share = along === 0 ? 1 : lengths[index] / along;
    return { x: x + share * shift.x, y: y + share * shift.y };
  });
}
