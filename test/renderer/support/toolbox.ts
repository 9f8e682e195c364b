// Owns a toolbox on an open document for tests: pointer events in, state path, document and what was asked for out.
import type { ImageBox, ImagePoint } from '../../../electron/common/geometry.ts';
import type { MeasurementShape } from '../../../electron/common/measurements.ts';
import { type BinaryMask, countMaskPixels } from '../../../electron/common/mask.ts';
import { Editor } from '../../../renderer/editor/editor.ts';
import type { GreyPicture } from '../../../renderer/editor/grey/grey-picture.ts';
import { type GreyWindow, wholeWindow } from '../../../renderer/editor/grey/grey-window.ts';
import { Toolbox } from '../../../renderer/tools/index.ts';
import type { ToolPreview } from '../../../renderer/tools/preview.ts';
import type { Scribble } from '../../../renderer/tools/scribble/scribble.ts';
import type { ToolPointer } from '../../../renderer/tools/tool.ts';
import { frameSize, ScriptedApi } from './scripted-api.ts';

export type Held = Pick<ToolPointer, 'alt' | 'shift' | 'pressure'>;

export class ToolboxOnFrame {
  readonly api = new ScriptedApi();
  readonly editor = new Editor(this.api);
  readonly tools: Toolbox;
  readonly pans: [number, number][] = [];
  readonly boxes: ImageBox[] = [];
  readonly scribbles: Scribble[] = [];
  previewBox: ImageBox | null = null;
  preview: ToolPreview | null = null;
  grey: GreyPicture | null = null;
  tolerance = 10;
  vertexTolerance = 1.5;
  window: GreyWindow = wholeWindow;
  pixelAspectRatio = 1;
  measurements: { trackingUID: string; shape: MeasurementShape }[] = [];
  readonly saved: { shape: MeasurementShape; trackingUID: string | null }[] = [];
  draft: { shape: MeasurementShape; replaces: string | null } | null = null;
  selected: string | null = null;

  /** The canvas shows the image at twice its size. */
  constructor(mask: BinaryMask | null = null) {
    this.openFrame('a', mask);
    this.tools = new Toolbox({
      editor: this.editor,
      brushRadius: () => 3,
      vertexTolerance: () => this.vertexTolerance,
      pixelAspectRatio: () => this.pixelAspectRatio,
      scale: () => 2,
      grey: () => this.grey,
      tolerance: { get: () => this.tolerance, set: (value) => (this.tolerance = value) },
      window: { get: () => this.window, set: (value) => (this.window = value) },
      measurements: {
        frame: () => frameSize,
        list: () => this.measurements,
        draft: (shape, replaces) => (this.draft = shape && { shape, replaces }),
        save: (shape, trackingUID) => this.saved.push({ shape, trackingUID }),
        select: (trackingUID) => (this.selected = trackingUID),
      },
      selectTool: (id) => this.tools.select(id),
      panBy: (dx, dy) => this.pans.push([dx, dy]),
      previewBox: (box) => (this.previewBox = box),
      preview: (preview) => (this.preview = preview),
      proposeInBox: (box) => this.boxes.push(box),
      correctAround: (scribble) => this.scribbles.push(scribble),
    });
  }

  openFrame(frameId: string, mask: BinaryMask | null = null): void {
    const revision = mask && this.api.writeElsewhere(frameId, 'lesion', mask);
    this.editor.open({ frameId, labelId: 'lesion', ...frameSize, revision, proposal: null });
  }

  get mask(): Uint8Array {
    return this.editor.document!.mask.data.slice();
  }

  get painted(): number {
    return countMaskPixels(this.editor.document!.mask);
  }

  get path(): string {
    return this.tools.path;
  }

  pixel(x: number, y: number): number {
    return this.editor.document!.mask.data[y * frameSize.width + x];
  }

  down(x: number, y: number, held: Held & { readonly pan?: boolean } = {}): void {
    const { pan = false, ...keys } = held;
    this.tools.pointerDown(at(x, y, keys), { pan });
  }

  move(x: number, y: number, held: Held = {}): void {
    this.tools.pointerMove(at(x, y, held));
  }

  up(x: number, y: number, held: Held = {}): void {
    this.tools.pointerUp(at(x, y, held));
  }

  hover(x: number, y: number): void {
    this.tools.hover(at(x, y, {}));
  }

  click(x: number, y: number, held: Held = {}): void {
    this.down(x, y, held);
    this.up(x, y, held);
  }

  /** As a browser tells it: two clicks, then the word. */
  doubleClick(x: number, y: number): void {
    this.click(x, y);
    this.click(x, y);
    this.tools.doubleClick(at(x, y, {}));
  }

  drag(points: readonly ImagePoint[], held: Held = {}): void {
    const last = points.at(-1)!;
    this.down(points[0].x, points[0].y, held);
    for (const { x, y } of points.slice(1)) this.move(x, y, held);
    this.up(last.x, last.y, held);
  }
}

function at(x: number, y: number, held: Held): ToolPointer {
  return { image: { x, y }, canvas: { x: 2 * x, y: 2 * y }, ...held };
}
