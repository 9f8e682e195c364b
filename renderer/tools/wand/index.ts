// Owns the magic wand: it takes what is connected and about as bright as the pixel pointed at. Dragging to the right takes more, to the
// left less, and shows it at once; with Alt it takes away.
import type { ImageBox } from '../../../electron/common/geometry.ts';
import type { BinaryMask } from '../../../electron/common/mask.ts';
import { GreyFlood } from '../../editor/grey/grey-flood.ts';
import { GestureState } from '../gesture-state.ts';
import { Tool, type ToolHost, type ToolPointer } from '../tool.ts';
import { Waiting } from '../waiting.ts';

/** CSS pixels of dragging for one level of brightness. */
const dragPerLevel = 4;
/** Deviation of the Gaussian, in pixels, that takes the speckle before levels are compared. */
const smoothing = 2;

export function createWandTool(host: ToolHost): Tool {
  return new Tool('wand', 'crosshair', (transition) => [new Waiting(host, transition), new Pointing(host, transition)]);
}

class Pointing extends GestureState {
  readonly id = 'pointing';
  private flood: GreyFlood | null = null;
  private value: 0 | 1 = 1;
  private startX = 0;
  private startTolerance = 0;
  /** How many of the flood's pixels are taken at present. */
  private taken = 0;

  override onEnter(pointer: ToolPointer): void {
    const { editor, grey, tolerance } = this.host;
    const picture = grey();
    const { x, y } = pointer.image;
    if (!picture || x < 0 || y < 0 || x >= picture.width || y >= picture.height) {
      this.transition('idle', null);
      return;
    }
    this.flood = new GreyFlood(picture.smooth(smoothing), pointer.image);
    this.value = pointer.alt ? 0 : 1;
    this.startX = pointer.canvas.x;
    this.startTolerance = tolerance.get();
    this.taken = 0;
    editor.beginGesture('wand');
    this.take(this.startTolerance);
  }

  override onPointerMove(pointer: ToolPointer): void {
    const change = Math.round((pointer.canvas.x - this.startX) / dragPerLevel);
    const tolerance = Math.max(0, Math.min(255, this.startTolerance + change));
    this.host.tolerance.set(tolerance);
    this.take(tolerance);
  }

  private take(tolerance: number): void {
    this.host.editor.edit((mask, before) => {
      const pixels = this.flood!.reach(tolerance);
      if (pixels.length === this.taken) return null;
      const [from, to] = [Math.min(this.taken, pixels.length), Math.max(this.taken, pixels.length)];
      const grows = pixels.length > this.taken;
      this.taken = pixels.length;
      // A smaller tolerance takes a beginning of the same pixels: what is behind it becomes what it was.
      const changed = this.flood!.order(from, to);
      for (const index of changed) mask.data[index] = grows ? this.value : before[index];
      return boxOf(changed, mask);
    });
  }
}

function boxOf(indices: Uint32Array, mask: BinaryMask): ImageBox {
  let [left, right, top, bottom] = [mask.width, -1, mask.height, -1];
  for (const index of indices) {
    const y = Math.floor(index / mask.width);
    const x = index - y * mask.width;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
