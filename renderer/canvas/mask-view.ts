// Owns what is drawn of the open document: its mask's fill and outline, and the proposal's outline. It follows the editor and holds no truth.
import type { ImageBox } from '../../electron/common/geometry.ts';
import type { BinaryMask } from '../../electron/common/mask.ts';
import { unionBoxes } from '../editor/brush.ts';
import { LiveContours } from '../editor/live-contours.ts';
import { expandBox } from '../editor/masks/distance-field.ts';
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
  /** What was proposed before the adapter changed; null for nothing. */
  readonly earlier: BinaryMask | null;
  /** Something else shows what is proposed. */
  readonly proposalHidden: boolean;
}

export const proposalColor = '#74b0ff';
export const earlierColor = '#e8ecef';

/** How the layer is drawn that calls `draw`. */
export interface MaskLayer {
  /** Empties it first. */
  readonly drawAll: () => void;
  /** Draws over what is there; this view empties the part that it draws. */
  readonly drawOver: () => void;
}

/** How far an outline reaches beyond the edge that it follows, in CSS pixels: half its width, halo included, and some for smooth edges. */
const outlineReach = 4;

/** Everything that the layer's picture depends on besides the pixels of the mask. */
interface Look {
  readonly mask: BinaryMask | null;
  readonly proposalMask: BinaryMask | null;
  readonly style: MaskStyle | null;
  /** The mask is the reader's own: filled, with an outline. */
  readonly isOwn: boolean;
  /** Carried over from other frames, waiting to be looked at. */
  readonly isCarried: boolean;
  readonly isAbsent: boolean;
}

export class MaskView {
  private readonly editor: Editor;
  private readonly picture = new MaskPicture();
  private readonly contours = new LiveContours();
  private layer: MaskLayer | null = null;
  private style: MaskStyle | null = null;
  private proposalContours: readonly Contour[] = [];
  private earlierContours: readonly Contour[] = [];
  /** The mask that the picture and the contours are of. It is painted in place; another document has another one. */
  private shownMask: BinaryMask | null = null;
  private shownProposal: BinaryMask | null = null;
  /** What was painted since the picture and the contours were brought up to date. */
  private dirty: ImageBox | null = null;
  private drawn: Look | null = null;
  /** The part of the frame to be drawn again; null for all of it. */
  private part: ImageBox | null = null;
  private scheduled: number | null = null;

  constructor(editor: Editor) {
    this.editor = editor;
  }

  /** Follows the editor from now on, on a layer that calls `draw`. Returns the function that ends it. */
  attach(layer: MaskLayer): () => void {
    this.layer = layer;
    this.shownMask = null;
    this.drawn = null;
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
    this.present();
  }

  /** Draws into a canvas whose unit is one CSS pixel. */
  draw(context: CanvasRenderingContext2D): void {
    const look = this.look();
    this.drawn = look;
    if (!look.mask || !look.style || look.style.hidden) return;
    if (!this.part) {
      this.drawLook(context, look, look.style);
      return;
    }
    context.save();
    clipToPart(context, this.part, look.style);
    this.drawLook(context, look, look.style);
    context.restore();
  }

  private drawLook(context: CanvasRenderingContext2D, look: Look, style: MaskStyle): void {
    const { view, pixelAspectRatio } = style;
    if (look.isOwn && look.mask) {
      context.save();
      context.imageSmoothingEnabled = false;
      context.globalAlpha = style.fillOpacity;
      const { width, height } = look.mask;
      const drawnHeight = height * view.scale * pixelAspectRatio;
      context.drawImage(this.picture.canvas, view.x, view.y, width * view.scale, drawnHeight);
      context.restore();
    }
    if (!look.isAbsent && !style.proposalHidden) {
      const earlier = outlinePath(this.earlierContours, view, pixelAspectRatio);
      strokeOutline(context, earlier, { color: earlierColor, width: 1.25, dash: [1.5, 3] });
      const proposal = outlinePath(this.proposalContours, view, pixelAspectRatio);
      strokeOutline(context, proposal, { color: proposalColor, width: 1.75, dash: [6, 5] });
    }
    if (look.isOwn || look.isCarried) {
      // As far around the part as an outline reaches into it, in pixels of the image.
      const margin = 1 + outlineReach / (view.scale * Math.min(1, pixelAspectRatio));
      const contours = this.part ? this.contours.inside(expandBox(this.part, margin)) : this.contours.all;
      const outline = outlinePath(contours, view, pixelAspectRatio);
      strokeOutline(context, outline, { color: style.labelColor, width: 1.75, dash: look.isCarried ? [8, 4] : [] });
    }
  }

  private schedule(): void {
    this.scheduled ??= requestAnimationFrame(() => {
      this.scheduled = null;
      this.present();
    });
  }

  private present(): void {
    const dirty = this.dirty;
    this.update();
    // Where nothing but pixels changed since the layer was drawn, nothing else is drawn again.
    this.part = dirty && this.drawn && sameLook(this.drawn, this.look()) ? dirty : null;
    if (this.part) this.layer?.drawOver();
    else this.layer?.drawAll();
    this.part = null;
  }

  private look(): Look {
    const document = this.editor.document;
    const { isInGesture } = this.editor;
    const reviewState = document?.state.reviewState ?? null;
    return {
      mask: document?.mask ?? null,
      proposalMask: document?.proposalMask ?? null,
      style: this.style,
      // A proposal that nobody has touched is shown as what it is: dashed, without fill.
      isOwn: (reviewState !== null && reviewState !== 'proposed') || isInGesture,
      isCarried: document !== null && isCarriedOver(document.state) && !isInGesture,
      isAbsent: reviewState === 'absent',
    };
  }

  /** Brings the picture and the contours up to date. */
  private update(): void {
    const document = this.editor.document;
    if (document && this.style && document.mask !== this.shownMask) {
      this.picture.reset(document.mask, this.style.labelColor);
      this.contours.reset(document.mask);
      this.shownMask = document.mask;
    } else if (document && this.style && this.dirty) {
      this.picture.update(document.mask, this.dirty);
      this.contours.update(this.dirty);
    }
    if (document?.proposalMask !== this.shownProposal) {
      this.shownProposal = document?.proposalMask ?? null;
      this.proposalContours = this.shownProposal ? traceContours(this.shownProposal) : [];
    }
    this.dirty = null;
  }
}

function sameLook(a: Look, b: Look): boolean {
  return (
    a.mask === b.mask &&
    a.proposalMask === b.proposalMask &&
    a.style === b.style &&
    a.isOwn === b.isOwn &&
    a.isCarried === b.isCarried &&
    a.isAbsent === b.isAbsent
  );
}

/**
 * Limits the drawing to a part of the frame and what its outlines reach beyond it, and empties that. On whole pixels of the canvas, so that
 * no seam is left; the view is turned by quarters only, so the part stays a rectangle there.
 */
function clipToPart(context: CanvasRenderingContext2D, part: ImageBox, { view, pixelAspectRatio }: MaskStyle): void {
  const transform = context.getTransform();
  const scaleY = view.scale * pixelAspectRatio;
  const corner = (x: number, y: number): DOMPoint =>
    transform.transformPoint({ x: view.x + x * view.scale, y: view.y + y * scaleY });
  // An outline that cuts corners is moved by half a pixel of the image beside what changed.
  const [a, b] = [corner(part.x - 1, part.y - 1), corner(part.x + part.width + 1, part.y + part.height + 1)];
  const reach = outlineReach * Math.max(Math.abs(transform.a), Math.abs(transform.b));
  const left = Math.floor(Math.min(a.x, b.x) - reach);
  const top = Math.floor(Math.min(a.y, b.y) - reach);
  const width = Math.ceil(Math.max(a.x, b.x) + reach) - left;
  const height = Math.ceil(Math.max(a.y, b.y) + reach) - top;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.clearRect(left, top, width, height);
  context.setTransform(transform);
}
