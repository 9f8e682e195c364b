// Owns pictures of a layer as it was drawn before, so that going back to a frame shows it at once instead of drawing it again. What is kept is
// bounded in bytes; what was kept longest goes first.

/** The picture of one thing, `key`, drawn under one transform. */
interface Snapshot<K> {
  readonly key: K;
  readonly place: string;
  readonly canvas: HTMLCanvasElement;
}

/** About 18 layers of 860×750 pixels, two at least of any size. */
const standardBudget = 48 * 2 ** 20;

/** `K` says what was drawn, as a whole; two keys of the same picture are told by `isSame`. */
export class LayerSnapshots<K> {
  private readonly isSame: (a: K, b: K) => boolean;
  private readonly budget: number;
  private kept: Snapshot<K>[] = [];

  constructor(isSame: (a: K, b: K) => boolean, budget = standardBudget) {
    this.isSame = isSame;
    this.budget = budget;
  }

  /**
   * Keeps what a layer's canvas shows. `place` says how it lies there; pictures that lie otherwise are let go: they are of a view that the
   * reader has left.
   */
  keep(key: K, place: string, layer: HTMLCanvasElement): void {
    const known = this.kept.find((one) => one.place === place && this.isSame(one.key, key));
    this.kept = this.kept.filter((one) => one.place === place && one !== known);
    const fits = Math.max(2, Math.floor(this.budget / (4 * layer.width * layer.height)));
    // Canvases are used again, not left to the garbage collector.
    const canvas =
      known?.canvas ?? (this.kept.length >= fits ? this.kept.shift()!.canvas : document.createElement('canvas'));
    if (canvas.width !== layer.width || canvas.height !== layer.height) {
      canvas.width = layer.width;
      canvas.height = layer.height;
    }
    const context = canvas.getContext('2d');
    if (!context) return;
    context.globalCompositeOperation = 'copy';
    context.drawImage(layer, 0, 0);
    this.kept.push({ key, place, canvas });
  }

  /** Draws what was kept onto an empty layer, pixel by pixel as it was. False where it was not kept. */
  draw(key: K, place: string, context: CanvasRenderingContext2D): boolean {
    const found = this.kept.find((one) => one.place === place && this.isSame(one.key, key));
    if (!found) return false;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(found.canvas, 0, 0);
    context.restore();
    return true;
  }

  clear(): void {
    this.kept = [];
  }
}
