// Owns a measuring tool at rest: a handle under the pointer is taken hold of, anywhere else a new measurement begins.
import { handleAt } from '../preview.ts';
import { type ToolHost, type ToolPointer, ToolState, type Transition } from '../tool.ts';

/** What was measured before, by its number in the list, and which of its points. */
export interface TakenHandle {
  readonly trackingUID: string;
  readonly index: number;
}

/** The handle under the pointer; of several the nearest of the latest measurement. */
export function takeHandle(host: ToolHost, pointer: ToolPointer): TakenHandle | null {
  for (const { trackingUID, shape } of host.measurements.list().toReversed()) {
    const index = handleAt(shape.points, pointer.image, host.scale(), host.pixelAspectRatio());
    if (index >= 0) return { trackingUID, index };
  }
  return null;
}

export class Idle extends ToolState {
  readonly id = 'idle';
  private readonly host: ToolHost;
  private readonly transition: Transition;

  constructor(host: ToolHost, transition: Transition) {
    super();
    this.host = host;
    this.transition = transition;
  }

  override onPointerDown(pointer: ToolPointer): void {
    if (!this.host.measurements.frame()) return;
    this.transition(takeHandle(this.host, pointer) ? 'moving' : 'placing', pointer);
  }
}
