// Owns the polygon that is being drawn, which is no part of the document before it is closed.
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import { fillOutline, outlineTone } from '../fill-outline.ts';
import { handleAt } from '../preview.ts';
import type { ToolHost, ToolPointer } from '../tool.ts';
import type { HeldVertices } from '../vertices/held-vertices.ts';

export class PolygonDraft {
  private readonly host: ToolHost;
  private readonly vertices: HeldVertices;
  private corners: ImagePoint[] = [];
  private subtract = false;

  constructor(host: ToolHost, vertices: HeldVertices) {
    this.host = host;
    this.vertices = vertices;
  }

  get count(): number {
    return this.corners.length;
  }

  get canClose(): boolean {
    return this.corners.length >= 3;
  }

  /** The corner under the pointer; where there is none, a new one at its place. */
  take(pointer: ToolPointer): { readonly index: number; readonly isNew: boolean } {
    const { host, corners } = this;
    if (corners.length === 0) this.subtract = pointer.alt ?? false;
    const index = handleAt(corners, pointer.image, host.scale(), host.pixelAspectRatio());
    if (index >= 0) return { index, isNew: false };
    corners.push(pointer.image);
    this.show(null);
    return { index: corners.length - 1, isNew: true };
  }

  move(index: number, to: ImagePoint): void {
    this.corners[index] = to;
    this.show(null);
  }

  removeLast(): void {
    this.corners.pop();
    this.show(null);
  }

  /** Shows the polygon, with a line to where the next corner would be. */
  show(pointer: ToolPointer | null): void {
    const next = pointer?.image;
    const { corners, subtract } = this;
    const tone = outlineTone(subtract);
    const lines = [{ points: corners, closed: corners.length >= 3 && !next, tone }];
    if (next) lines.push({ points: [corners.at(-1)!, next, corners[0]], closed: false, tone });
    this.host.preview({ lines, handles: [...corners] });
  }

  fill(): void {
    const { corners, subtract } = this;
    this.clear();
    fillOutline(this.host, 'polygon', corners, subtract);
    // What was just set corner by corner can be put right corner by corner.
    this.vertices.want(corners);
    this.host.selectTool('vertices');
  }

  clear(): void {
    this.corners = [];
    this.host.preview(null);
  }
}
