// Owns what is drawn of the open document: its mask's fill and outline, and the proposal's outline. It follows the editor and holds no truth.
import type { ImageBox } from '../../electron/common/geometry.ts';
import type { BinaryMask } from '../../electron/common/mask.ts';
import { unionBoxes } from '../editor/brush.ts';
import { type Contour, traceContours } from '../../electron/common/contour.ts';
import type { Editor } from '../editor/editor.ts';
import { isCarriedOver } from '../editor/history.ts';
import type { View } from '../session/view.ts';
import { MaskPicture } from './mask-picture.ts';
import { outlinePath, strokeOutline } from './outline.ts';

/** How the frame lies on the canvas and how its mask is to be shown. */
export interface MaskStyle {
  readonly view: View;
  readonly pixelAspectRatio: number;
  readonly labelColor: string;
  readonly fillOpacity: number;
  readonly hidden: boolean;
  /** The mask that was proposed before the adapter changed; null for none. */
  readonly earlier: BinaryMask | null;
}

export const proposalColor = '#74b0ff';
const earlierColor = '#e8ecef';

export class MaskView {
  private readonly editor: Editor;
  private readonly picture = new MaskPicture();
  private redraw: () => void = () => {};
  private style: MaskStyle | null = null;
  private contours: readonly Contour[] = [];
  private proposalContours: readonly Contour[] = [];
  private earlierContours: readonly Contour[] = [];
  private shownProposal: BinaryMask | null = null;
  private dirty: ImageBox | null = null;
  /** The mask that the picture and the contours are of. It is painted in place; another document has another one. */
  private shownMask: BinaryMask | null = null;
  private scheduled: number | null = null;

  constructor(editor: Editor) {
    this.editor = editor;
  }

  /** Follows the editor from now on; `redraw` draws the layer that calls `draw`. Returns the function that ends it. */
  attach(redraw: () => void): () => void {
    this.redraw = redraw;
    this.shownMask = null;
    this.schedule();
    const unsubscribe = this.editor.subscribe((change) => {
      if (change.kind === 'pixels') this.dirty = unionBoxes(this.dirty, change.box);
      this.schedule();
    });
    return () => {
      unsubscribe();
      if (this.scheduled !== null) cancelAnimationFrame(this.scheduled);
      this.scheduled = null;
    };
  }

  setStyle(style: MaskStyle): void {
    if (style.labelColor !== this.style?.labelColor) this.shownMask = null;
    if (style.earlier !== this.style?.earlier) this.earlierContours = style.earlier ? traceContours(style.earlier) : [];
    this.style = style;
    this.schedule();
  }

  /** Draws now what changed since the last time; otherwise it is drawn with the next frame of the screen. */
  flush(): void {
    if (this.scheduled === null) return;
    cancelAnimationFrame(this.scheduled);
    this.scheduled = null;
    this.update();
    this.redraw();
  }

  /** Draws into a canvas whose unit is one CSS pixel. */
  draw(context: CanvasRenderingContext2D): void {
    const { style } = this;
    const document = this.editor.document;
    if (!document || !style || style.hidden) return;
    const { view, pixelAspectRatio } = style;
    const { reviewState } = document.state;
    // A proposal that nobody has touched is shown as what it is: dashed, without fill.
    const isOwn = (reviewState !== null && reviewState !== 'proposed') || this.editor.isInGesture;
    const isCarried = isCarriedOver(document.state) && !this.editor.isInGesture;
    if (isOwn) {
      context.save();
      context.imageSmoothingEnabled = false;
      context.globalAlpha = style.fillOpacity;
      const { width, height } = document.mask;
      const drawnHeight = height * view.scale * pixelAspectRatio;
      context.drawImage(this.picture.canvas, view.x, view.y, width * view.scale, drawnHeight);
      context.restore();
    }
    if (reviewState !== 'absent') {
      const earlier = outlinePath(this.earlierContours, view, pixelAspectRatio);
      strokeOutline(context, earlier, { color: earlierColor, width: 1.25, dash: [1.5, 3] });
      const proposal = outlinePath(this.proposalContours, view, pixelAspectRatio);
      strokeOutline(context, proposal, { color: proposalColor, width: 1.75, dash: [6, 5] });
    }
    if (isOwn || isCarried) {
      const outline = outlinePath(this.contours, view, pixelAspectRatio);
      strokeOutline(context, outline, { color: style.labelColor, width: 1.75, dash: isCarried ? [8, 4] : [] });
    }
  }

  private schedule(): void {
    this.scheduled ??= requestAnimationFrame(() => {
      this.scheduled = null;
      this.update();
      this.redraw();
    });
  }

  private update(): void {
    const document = this.editor.document;
    if (document && this.style && (document.mask !== this.shownMask || this.dirty)) {
      if (document.mask !== this.shownMask) this.picture.reset(document.mask, this.style.labelColor);
      else if (this.dirty) this.picture.update(document.mask, this.dirty);
      this.shownMask = document.mask;
      this.contours = traceContours(document.mask);
    }
    if (document?.proposalMask !== this.shownProposal) {
      this.shownProposal = document?.proposalMask ?? null;
      this.proposalContours = this.shownProposal ? traceContours(this.shownProposal) : [];
    }
    this.dirty = null;
  }
}
