// Owns the line along edges that is being drawn, which is no part of the document before it is closed.
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import { Livewire, snapToEdge } from '../../editor/grey/livewire.ts';
import { fillOutline, outlineTone } from '../fill-outline.ts';
import { handleAt } from '../preview.ts';
import type { ToolHost, ToolPointer } from '../tool.ts';

/** Deviation of the Gaussian, in pixels, that takes the speckle before edges are looked for. */
const edgeSmoothing = 2;
/** How far from an edge a click is still taken to it, in CSS pixels. */
const snapDistance = 6;

export class LivewireDraft {
  private readonly host: ToolHost;
  /** From each anchor the way to the next one, both ends included. */
  private legs: ImagePoint[][] = [];
  private wires: Livewire[] = [];
  private subtract = false;

  constructor(host: ToolHost) {
    this.host = host;
  }

  get count(): number {
    return this.wires.length;
  }

  get canClose(): boolean {
    return this.wires.length >= 2;
  }

  /** Whether the pointer is at the first anchor, where a click closes the line. */
  isAtStart(pointer: ToolPointer): boolean {
    const { host, wires } = this;
    if (!this.canClose) return false;
    return handleAt([wires[0].anchor], pointer.image, host.scale(), host.pixelAspectRatio()) === 0;
  }

  /** Sets an anchor. False where the frame's picture is not there yet. */
  addAnchor(pointer: ToolPointer): boolean {
    const grey = this.host.grey();
    if (!grey) return false;
    const last = this.wires.at(-1);
    if (!last) this.subtract = pointer.alt ?? false;
    const smooth = grey.smooth(edgeSmoothing);
    // A click beside an edge means the edge.
    const anchor = snapToEdge(smooth, pointer.image, snapDistance / this.host.scale());
    const leg = last?.pathTo(anchor);
    // Twice at the same place is once.
    if (leg && leg.length < 2) return true;
    if (leg) this.legs.push(leg);
    this.wires.push(new Livewire(smooth, anchor));
    this.show(null);
    return true;
  }

  removeLast(): void {
    this.wires.pop();
    this.legs.pop();
    this.show(null);
  }

  /** Shows the line, and the way on to the pointer. */
  show(pointer: ToolPointer | null): void {
    const { legs, wires } = this;
    const tone = outlineTone(this.subtract);
    const lines = legs.map((points) => ({ points, closed: false, tone }));
    const live = pointer ? wires.at(-1)?.pathTo(pointer.image) : undefined;
    if (live) lines.push({ points: live, closed: false, tone });
    this.host.preview({ lines, handles: wires.map((wire) => wire.anchor) });
  }

  /** Closes the line along the edge between the last and the first anchor, and fills it. */
  fill(): void {
    const { legs, wires, subtract } = this;
    const points = [...legs, wires.at(-1)!.pathTo(wires[0].anchor)].flatMap((leg) => leg.slice(0, -1));
    this.clear();
    fillOutline(this.host, 'livewire', points, subtract);
  }

  clear(): void {
    this.legs = [];
    this.wires = [];
    this.host.preview(null);
  }
}
