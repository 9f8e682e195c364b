// Owns the smart edge: the cheapest way from an anchor to the pointer along the corners of pixels, where strong edges are cheap
// (Mortensen and Barrett 1995, "Intelligent Scissors for Image Composition"). The tree of ways grows with the pointer, inside a window
// around the anchor, so that no move of the pointer waits for more than the window.
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import type { GreyPicture } from './grey-picture.ts';

/** Half the side of the window, in pixels. */
const reach = 160;
/** A step along no edge costs this many times one along the strongest. */
const costLevels = 48;
/** The length of a straight and of a diagonal step, nearly √2. */
const straight = 5;
const diagonal = 7;
/** More than the dearest step: so many lists hold every distance that can be waiting at a time. */
const bucketCount = 512;

const stepX = [1, -1, 0, 0, 1, 1, -1, -1];
const stepY = [0, 0, 1, -1, 1, -1, 1, -1];

export class Livewire {
  /** The window in corners: corner (column, row) is image point (left + column, top + row). */
  private readonly left: number;
  private readonly top: number;
  private readonly columns: number;
  private readonly rows: number;
  private readonly costs: Uint8Array;
  private readonly distances: Int32Array;
  /** The direction of the step that led to each corner. */
  private readonly cameBy: Uint8Array;
  private readonly settled: Uint8Array;
  private readonly buckets: number[][] = Array.from({ length: bucketCount }, () => []);
  private readonly start: number;
  private waiting = 1;
  private distance = 0;

  /** `grey` smoothed enough that speckle has no edges; `anchor` is taken to the nearest corner of a pixel. */
  constructor(grey: GreyPicture, anchor: ImagePoint) {
    const x = clamp(Math.round(anchor.x), 0, grey.width);
    const y = clamp(Math.round(anchor.y), 0, grey.height);
    this.left = Math.max(0, x - reach);
    this.top = Math.max(0, y - reach);
    this.columns = Math.min(grey.width, x + reach) - this.left + 1;
    this.rows = Math.min(grey.height, y + reach) - this.top + 1;
    this.costs = edgeCosts(grey, this.left, this.top, this.columns, this.rows);
    this.distances = new Int32Array(this.costs.length).fill(2 ** 31 - 1);
    this.cameBy = new Uint8Array(this.costs.length);
    this.settled = new Uint8Array(this.costs.length);
    this.start = (y - this.top) * this.columns + x - this.left;
    this.distances[this.start] = 0;
    this.buckets[0].push(this.start);
  }

  /** Where the ways begin. */
  get anchor(): ImagePoint {
    return this.corner(this.start);
  }

  /**
   * The way from the anchor to `point`, ends included, all at corners of pixels. A point outside the window is reached from the window's
   * nearest corner in a straight line.
   */
  pathTo(point: ImagePoint): ImagePoint[] {
    const x = Math.round(point.x);
    const y = Math.round(point.y);
    const column = clamp(x - this.left, 0, this.columns - 1);
    const row = clamp(y - this.top, 0, this.rows - 1);
    const end = row * this.columns + column;
    this.growTo(end);
    const path: ImagePoint[] = [];
    if (column !== x - this.left || row !== y - this.top) path.push({ x, y });
    for (let index = end; index !== this.start;) {
      path.push(this.corner(index));
      const direction = this.cameBy[index];
      index -= stepY[direction] * this.columns + stepX[direction];
    }
    path.push(this.anchor);
    return path.reverse();
  }

  /** Dijkstra's algorithm over a circle of buckets (Dial 1969), until `end` is settled. */
  private growTo(end: number): void {
    const { columns, rows, costs, distances, cameBy, settled, buckets } = this;
    while (settled[end] === 0 && this.waiting > 0) {
      const bucket = buckets[this.distance % bucketCount];
      const index = bucket.pop();
      if (index === undefined) {
        this.distance += 1;
        continue;
      }
      this.waiting -= 1;
      if (settled[index] === 1) continue;
      settled[index] = 1;
      const row = Math.floor(index / columns);
      const column = index - row * columns;
      for (let direction = 0; direction < 8; direction += 1) {
        const nextColumn = column + stepX[direction];
        const nextRow = row + stepY[direction];
        if (nextColumn < 0 || nextRow < 0 || nextColumn >= columns || nextRow >= rows) continue;
        const next = nextRow * columns + nextColumn;
        if (settled[next] === 1) continue;
        const distance = this.distance + costs[next] * (direction < 4 ? straight : diagonal);
        if (distance >= distances[next]) continue;
        distances[next] = distance;
        cameBy[next] = direction;
        buckets[distance % bucketCount].push(next);
        this.waiting += 1;
      }
    }
  }

  private corner(index: number): ImagePoint {
    const row = Math.floor(index / this.columns);
    return { x: this.left + index - row * this.columns, y: this.top + row };
  }
}

/**
 * What a step onto each corner of the window costs, 1 on the strongest edges to costLevels where there is none. The gradient at a corner
 * is that of the four pixels around it; the strongest are the upper 2 % of the window, so that faint tissue has edges too.
 */
function edgeCosts(grey: GreyPicture, left: number, top: number, columns: number, rows: number): Uint8Array {
  const { width, height, data } = grey;
  const gradients = new Float32Array(columns * rows);
  const histogram = new Uint32Array(1024);
  for (let row = 0; row < rows; row += 1) {
    const upper = clamp(top + row - 1, 0, height - 1) * width;
    const lower = clamp(top + row, 0, height - 1) * width;
    for (let column = 0; column < columns; column += 1) {
      const before = clamp(left + column - 1, 0, width - 1);
      const after = clamp(left + column, 0, width - 1);
      const gradient = gradientOf(data[upper + before], data[upper + after], data[lower + before], data[lower + after]);
      gradients[row * columns + column] = gradient;
      histogram[Math.round(gradient)] += 1;
    }
  }
  const strong = Math.max(1, percentile(histogram, 0.98));
  const costs = new Uint8Array(gradients.length);
  for (let i = 0; i < costs.length; i += 1) {
    const weakness = 1 - Math.min(1, gradients[i] / strong);
    costs[i] = 1 + Math.round(weakness * (costLevels - 1));
  }
  return costs;
}

/** Twice the length of the gradient at the corner between four pixels. */
function gradientOf(upperLeft: number, upperRight: number, lowerLeft: number, lowerRight: number): number {
  const falling = lowerRight - upperLeft;
  const rising = upperRight - lowerLeft;
  // Its parts are (falling + rising) / 2 and (falling - rising) / 2.
  return Math.sqrt(2 * (falling * falling + rising * rising));
}

/** The corner of a pixel within `radius` of the point where the picture changes most; the point's own where it changes nowhere. */
export function snapToEdge(grey: GreyPicture, point: ImagePoint, radius: number): ImagePoint {
  const { width, height, data } = grey;
  let best: ImagePoint = { x: clamp(Math.round(point.x), 0, width), y: clamp(Math.round(point.y), 0, height) };
  let strongest = 0;
  for (let y = Math.max(1, Math.ceil(point.y - radius)); y <= Math.min(height - 1, point.y + radius); y += 1) {
    for (let x = Math.max(1, Math.ceil(point.x - radius)); x <= Math.min(width - 1, point.x + radius); x += 1) {
      if (Math.hypot(x - point.x, y - point.y) > radius) continue;
      const index = y * width + x;
      const gradient = gradientOf(data[index - width - 1], data[index - width], data[index - 1], data[index]);
      if (gradient <= strongest) continue;
      strongest = gradient;
      best = { x, y };
    }
  }
  return best;
}

/** The smallest value that is not below `share` of those counted. */
function percentile(histogram: Uint32Array, share: number): number {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (let value = 0; value < histogram.length; value += 1) {
    below += histogram[value];
    if (below >= share * total) return value;
  }
  return histogram.length - 1;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
