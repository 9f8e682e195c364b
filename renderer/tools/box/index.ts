// Owns the box prompt: a drag around a target asks the network for just that (Input local).
import type { ImageBox, ImagePoint } from '../../../electron/common/geometry.ts';
import { Tool, type ToolHost, type ToolPointer, ToolState, type Transition } from '../tool.ts';
import { Waiting } from '../waiting.ts';

/** Boxes with a side shorter than this, in image pixels, are taken for a slip of the hand. */
const smallestSide = 6;

export function createBoxTool(host: ToolHost): Tool {
  return new Tool('box', 'crosshair', (transition) => [
    new Waiting(host, transition, 'ask'),
    new Pointing(transition),
    new Drawing(host, transition),
  ]);
}

class Pointing extends ToolState {
  readonly id = 'pointing';
  private readonly transition: Transition;
  private start: ToolPointer | null = null;

  constructor(transition: Transition) {
    super();
    this.transition = transition;
  }

  override onEnter(pointer: ToolPointer): void {
    this.start = pointer;
  }

  override onPointerMove(): void {
    this.transition('drawing', this.start);
  }

  override onPointerUp(): void {
    this.cancel();
  }

  override onCancel(): void {
    this.cancel();
  }

  private cancel(): void {
    this.transition('idle', null);
  }
}

class Drawing extends ToolState {
  readonly id = 'drawing';
  private readonly host: ToolHost;
  private readonly transition: Transition;
  private start: ImagePoint = { x: 0, y: 0 };

  constructor(host: ToolHost, transition: Transition) {
    super();
    this.host = host;
    this.transition = transition;
  }

  override onEnter(pointer: ToolPointer): void {
    this.start = pointer.image;
  }

  override onPointerMove(pointer: ToolPointer): void {
    this.host.previewBox(this.boxTo(pointer.image));
  }

  override onPointerUp(pointer: ToolPointer): void {
    const box = this.boxTo(pointer.image);
    if (!box || Math.min(box.width, box.height) < smallestSide) this.cancel();
    else this.complete(box);
  }

  override onCancel(): void {
    this.cancel();
  }

  private complete(box: ImageBox): void {
    this.transition('idle', null);
    this.host.previewBox(null);
    this.host.proposeInBox(box);
  }

  private cancel(): void {
    this.transition('idle', null);
    this.host.previewBox(null);
  }

  /** The box between both corners, clipped to the frame; null where nothing of it is left. */
  private boxTo(point: ImagePoint): ImageBox | null {
    const mask = this.host.editor.document?.mask;
    if (!mask) return null;
    const clamp = (value: number, limit: number): number => Math.max(0, Math.min(limit, value));
    const left = clamp(Math.min(this.start.x, point.x), mask.width);
    const right = clamp(Math.max(this.start.x, point.x), mask.width);
    const top = clamp(Math.min(this.start.y, point.y), mask.height);
    const bottom = clamp(Math.max(this.start.y, point.y), mask.height);
    return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : null;
  }
}
