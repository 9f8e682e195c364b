// Owns what is drawn of the other labels' masks: each is made a picture and an outline once, and drawn again only when it or the view changes,
// so that painting on the mask over them costs nothing here. Accepted ones have a solid outline, those still in work a dash-dotted one.
import type { CanvasPoint } from '../../electron/common/geometry.ts';
import type { Contour } from '../../electron/common/contour.ts';
import type { ImageBox } from '../../electron/common/geometry.ts';
import { croppedContours, decodeCropped } from '../editor/masks/cropped-mask.ts';
import type { OtherMask } from '../session/frame-masks.ts';
import { shownOpacity } from '../session/label-looks.ts';
import type { Size, View } from '../session/view.ts';
import { MaskPicture } from './mask-picture.ts';
import { overFont, type Projection } from './projection.ts';
import { outlinePath, strokeOutline } from './outline.ts';

interface Drawn {
  readonly mask: Uint8Array;
  readonly color: string;
  readonly picture: MaskPicture;
  /** Where the picture lies in the frame; null for an empty mask. */
  readonly box: ImageBox | null;
  readonly contours: readonly Contour[];
}

const inWorkDash = [8, 3, 1.5, 3];

export class LabelMasksView {
  private readonly drawn = new Map<string, Drawn>();
  private masks: readonly OtherMask[] = [];
  private size: Size = { width: 0, height: 0 };

  /** `size` is that of the frame that the masks are of. What is no longer there is let go. False where they are those of before. */
  setMasks(masks: readonly OtherMask[], size: Size): boolean {
    const resized = size.width !== this.size.width || size.height !== this.size.height;
    if (resized) this.drawn.clear();
    for (const labelId of this.drawn.keys()) {
      if (!masks.some((mask) => mask.labelId === labelId)) this.drawn.delete(labelId);
    }
    const isNew =
      resized || masks.length !== this.masks.length || masks.some((mask, at) => !isSame(mask, this.masks[at]));
    this.masks = masks;
    this.size = size;
    return isNew;
  }

  /** Draws into a canvas whose unit is one CSS pixel. */
  draw(context: CanvasRenderingContext2D, view: View, pixelAspectRatio: number): void {
    for (const mask of this.masks) {
      const { picture, box, contours } = this.prepare(mask);
      if (!box) continue;
      context.save();
      context.imageSmoothingEnabled = false;
      context.globalAlpha = shownOpacity(mask.look);
      const scaleY = view.scale * pixelAspectRatio;
      const [x, y] = [view.x + box.x * view.scale, view.y + box.y * scaleY];
      context.drawImage(picture.canvas, x, y, box.width * view.scale, box.height * scaleY);
      context.restore();
      const dash = mask.reviewState === 'accepted' ? [] : inWorkDash;
      const path = outlinePath(contours, view, pixelAspectRatio);
      strokeOutline(context, path, { color: mask.color, width: 1.5, dash });
    }
  }

  /** Writes each label's number at the top of its mask, since colours alone do not tell labels apart for everyone. */
  drawNumbers(context: CanvasRenderingContext2D, project: Projection): void {
    context.save();
    context.font = overFont;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    const placed: CanvasPoint[] = [];
    for (const mask of this.masks) {
      const [first] = this.prepare(mask).contours;
      if (!first) continue;
      const { x, y } = besideOthers(project({ x: first[0], y: first[1] }), placed);
      placed.push({ x, y });
      context.beginPath();
      context.arc(x, y, 8, 0, 2 * Math.PI);
      context.fillStyle = 'rgba(12, 15, 18, 0.85)';
      context.fill();
      context.lineWidth = 1.5;
      context.strokeStyle = mask.color;
      context.stroke();
      context.fillStyle = '#ffffff';
      context.fillText(String(mask.number), x, y + 0.5);
    }
    context.restore();
  }

  private prepare({ labelId, mask: bytes, color }: OtherMask): Drawn {
    const known = this.drawn.get(labelId);
    if (known && known.mask === bytes && known.color === color) return known;
    const cropped = decodeCropped(bytes, this.size.width);
    const picture = known?.picture ?? new MaskPicture();
    if (cropped) picture.reset(cropped.mask, color);
    const contours = cropped ? croppedContours(cropped) : [];
    const drawn = { mask: bytes, color, picture, box: cropped?.box ?? null, contours };
    this.drawn.set(labelId, drawn);
    return drawn;
  }
}

/** Where a number finds room to the right of those that are there. */
function besideOthers(point: CanvasPoint, placed: readonly CanvasPoint[]): CanvasPoint {
  const near = (other: CanvasPoint): boolean => Math.hypot(other.x - point.x, other.y - point.y) < 18;
  const other = placed.find(near);
  return other ? besideOthers({ x: other.x + 19, y: other.y }, placed) : point;
}

function isSame(a: OtherMask, b: OtherMask): boolean {
  return (
    a.labelId === b.labelId &&
    a.number === b.number &&
    a.mask === b.mask &&
    a.color === b.color &&
    shownOpacity(a.look) === shownOpacity(b.look) &&
    a.reviewState === b.reviewState
  );
}
