// Owns the outline drawn in one go: it closes where the pointer goes up, and is filled. With Alt it takes away.
import type { ImagePoint } from '../../../electron/common/geometry.ts';
import { fillOutline, outlineTone } from '../fill-outline.ts';
import { Tool, type ToolHost, type ToolPointer, ToolState, type Transition } from '../tool.ts';
import { Waiting } from '../waiting.ts';

/** The line so far; it takes away where Alt was held when the pointer went down. */
interface Draft {
  points: ImagePoint[];
  subtract: boolean;
}

export function createOutlineTool(host: ToolHost): Tool {
  const draft: Draft = { points: [], subtract: false };
  return new Tool('outline', 'crosshair', (transition) => [
    new Waiting(host, transition),
    new Pointing(transition, draft),
    new Drawing(host, transition, draft),
  ]);
}

/** A click alone surrounds nothing. */
class Pointing extends ToolState {
  readonly id = 'pointing';
  private readonly transition: Transition;
  private readonly draft: Draft;

  constructor(transition: Transition, draft: Draft) {
    super();
    this.transition = transition;
    this.draft = draft;
  }

  override onEnter(pointer: ToolPointer): void {
    this.draft.points = [pointer.image];
    this.draft.subtract = pointer.alt ?? false;
  }

  override onPointerMove(pointer: ToolPointer): void {
    this.transition('drawing', pointer);
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
  private readonly draft: Draft;

  constructor(host: ToolHost, transition: Transition, draft: Draft) {
    super();
    this.host = host;
    this.transition = transition;
    this.draft = draft;
  }

  override onEnter(pointer: ToolPointer): void {
    this.onPointerMove(pointer);
  }

  override onPointerMove(pointer: ToolPointer): void {
    const { points, subtract } = this.draft;
    points.push(pointer.image);
    this.host.preview({ lines: [{ points, closed: true, tone: outlineTone(subtract) }], handles: [] });
  }

  override onPointerUp(): void {
    this.complete();
  }

  override onCancel(): void {
    this.cancel();
  }

  private complete(): void {
    const { points, subtract } = this.draft;
    this.cancel();
    fillOutline(this.host, 'outline', points, subtract);
  }

  private cancel(): void {
    this.transition('idle', null);
    this.host.preview(null);
  }
}
