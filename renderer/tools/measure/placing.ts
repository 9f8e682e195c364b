// Owns a measurement while its points are placed: by a drag, or by clicks.
import type { CanvasPoint, ImagePoint } from '../../../electron/common/geometry.ts';
import { isTooSmall } from '../../../electron/common/measurements.ts';
import type { MeasurementKind } from '../../../electron/common/study.ts';
import { type ToolHost, type ToolPointer, ToolState, type Transition } from '../tool.ts';
import { clampToFrame, placedPoints, shapeOf } from './shapes.ts';

/** A pointer that moved less than this, in CSS pixels, was not dragged. */
const slack = 4;

export class Placing extends ToolState {
  readonly id = 'placing';
  private readonly host: ToolHost;
  private readonly transition: Transition;
  private readonly kind: MeasurementKind;
  private placed: ImagePoint[] = [];
  private pressed: CanvasPoint = { x: 0, y: 0 };
  /** The press that began the measurement has not ended: without a drag it only placed the first point. */
  private isFirstPress = true;

  constructor(host: ToolHost, transition: Transition, kind: MeasurementKind) {
    super();
    this.host = host;
    this.transition = transition;
    this.kind = kind;
  }

  override onEnter(pointer: ToolPointer): void {
    this.placed = [this.pointOf(pointer)];
    this.pressed = pointer.canvas;
    this.isFirstPress = true;
    this.host.measurements.select(null);
  }

  override onPointerDown(pointer: ToolPointer): void {
    this.pressed = pointer.canvas;
    this.show(pointer);
  }

  override onPointerMove(pointer: ToolPointer): void {
    this.show(pointer);
  }

  override onHover(pointer: ToolPointer): void {
    this.show(pointer);
  }

  override onPointerUp(pointer: ToolPointer): void {
    const { canvas } = pointer;
    const dragged = Math.hypot(canvas.x - this.pressed.x, canvas.y - this.pressed.y) >= slack;
    const onlyBegan = this.isFirstPress && !dragged;
    this.isFirstPress = false;
    if (onlyBegan) return;
    this.placed.push(this.pointOf(pointer));
    if (this.placed.length < placedPoints[this.kind]) this.show(pointer);
    else this.complete();
  }

  override onStepBack(): boolean {
    this.placed.pop();
    if (this.placed.length === 0) this.cancel();
    else this.host.measurements.draft(shapeOf(this.kind, this.placed, this.host.pixelAspectRatio()), null);
    return true;
  }

  override onCancel(): void {
    this.cancel();
  }

  private complete(): void {
    const shape = shapeOf(this.kind, this.placed, this.host.pixelAspectRatio());
    this.transition('idle', null);
    this.host.measurements.draft(null, null);
    // A slip of the hand measures nothing.
    if (shape && !isTooSmall(shape)) this.host.measurements.save(shape, null);
  }

  private cancel(): void {
    this.transition('idle', null);
    this.host.measurements.draft(null, null);
  }

  private show(pointer: ToolPointer): void {
    const points = [...this.placed, this.pointOf(pointer)];
    this.host.measurements.draft(shapeOf(this.kind, points, this.host.pixelAspectRatio()), null);
  }

  private pointOf(pointer: ToolPointer): ImagePoint {
    return clampToFrame(pointer.image, this.host.measurements.frame() ?? { width: 1, height: 1 });
  }
}
