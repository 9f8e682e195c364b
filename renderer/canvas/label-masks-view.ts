// Owns what is drawn of the other labels' masks: each is made a picture and an outline once, and drawn again only when it or the view changes,
// so that painting on the mask over them costs nothing here. Accepted ones have a solid outline, those still in work a dash-dotted one.
import { type Contour, traceContours } from '../../electron/common/contour.ts';
import { decodeMask } from '../../electron/common/mask.ts';
import type { OtherMask } from '../session/frame-masks.ts';
import { shownOpacity } from '../session/label-looks.ts';
import type { Size, View } from '../session/view.ts';
import { MaskPicture } from './mask-picture.ts';
import { outlinePath, strokeOutline } from './outline.ts';

interface Drawn {
  readonly mask: Uint8Array;
  readonly color: string;
  readonly picture: MaskPicture;
  readonly contours: readonly Contour[];
}

const inWorkDash = [8, 3, 1.5, 3];

export class LabelMasksView {
  private readonly drawn = new Map<string, Drawn>();
  private masks: readonly OtherMask[] = [];
  private size: Size = { width: 0, height: 0 };

  /** `size` is that of the frame that the masks are of. What is no longer there is let go. */
  setMasks(masks: readonly OtherMask[], size: Size): void {
    const resized = size.width !== this.size.width || size.height !== this.size.height;
    if (resized) this.drawn.clear();
    for (const labelId of this.drawn.keys()) {
      if (!masks.some((mask) => mask.labelId === labelId)) this.drawn.delete(labelId);
    }
    this.masks = masks;
    this.size = size;
  }

  /** Draws into a canvas whose unit is one CSS pixel. */
  draw(context: CanvasRenderingContext2D, view: View, pixelAspectRatio: number): void {
    for (const mask of this.masks) {
      const { picture, contours } = this.prepare(mask);
      context.save();
      context.imageSmoothingEnabled = false;
      context.globalAlpha = shownOpacity(mask.look);
      const height = this.size.height * view.scale * pixelAspectRatio;
      context.drawImage(picture.canvas, view.x, view.y, this.size.width * view.scale, height);
      context.restore();
      const dash = mask.reviewState === 'accepted' ? [] : inWorkDash;
      const path = outlinePath(contours, view, pixelAspectRatio);
      strokeOutline(context, path, { color: mask.color, width: 1.5, dash });
    }
  }

  private prepare({ labelId, mask: bytes, color }: OtherMask): Drawn {
    const known = this.drawn.get(labelId);
    if (known && known.mask === bytes && known.color === color) return known;
    const mask = decodeMask(bytes, this.size.width, this.size.height);
    const picture = known?.picture ?? new MaskPicture();
    picture.reset(mask, color);
    const drawn = { mask: bytes, color, picture, contours: traceContours(mask) };
    this.drawn.set(labelId, drawn);
    return drawn;
  }
}
