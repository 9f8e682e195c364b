// Owns a measurement while one of its handles is dragged. A handle that is only clicked chooses the measurement.
import type { MeasurementShape } from '../../../electron/common/measurements.ts';
import { isTooSmall } from '../../../electron/common/measurements.ts';
import { type ToolHost, type ToolPointer, ToolState, type Transition } from '../tool.ts';
import { type TakenHandle, takeHandle } from './idle.ts';
import { clampToFrame, dragHandle } from './shapes.ts';

export class Moving extends ToolState {
  readonly id = 'moving';
  private readonly host: ToolHost;
  private readonly transition: Transition;
  private handle: TakenHandle | null = null;
  private before: MeasurementShape | null = null;
  private moved: MeasurementShape | null = null;

  constructor(host: ToolHost, transition: Transition) {
    super();
    this.host = host;
    this.transition = transition;
  }

  override onEnter(pointer: ToolPointer): void {
    const { measurements } = this.host;
    this.handle = takeHandle(this.host, pointer);
    const taken = measurements.list().find((one) => one.trackingUID === this.handle?.trackingUID);
    this.before = taken?.shape ?? null;
    this.moved = null;
    measurements.select(this.handle?.trackingUID ?? null);
  }

  override onPointerMove(pointer: ToolPointer): void {
    const { handle, before } = this;
    const frame = this.host.measurements.frame();
    if (!handle || !before || !frame) return;
    const to = clampToFrame(pointer.image, frame);
    this.moved = dragHandle(before, handle.index, to, this.host.pixelAspectRatio());
    this.host.measurements.draft(this.moved, handle.trackingUID);
  }

  override onPointerUp(): void {
    const { handle, moved } = this;
    this.transition('idle', null);
    this.host.measurements.draft(null, null);
    if (handle && moved && !isTooSmall(moved)) this.host.measurements.save(moved, handle.trackingUID);
  }

  override onCancel(): void {
    this.transition('idle', null);
    this.host.measurements.draft(null, null);
  }
}
