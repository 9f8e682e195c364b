// Owns what is drawn of the other labels' masks: each outline is traced once, and all are drawn again only when one of them or the view changes,
// so that painting on the mask over them costs nothing here. A frame that was shown before in the same view is shown as it was drawn then.
// Accepted masks have a solid outline, those still in work a dash-dotted one.
import type { CanvasPoint, ImageBox } from '../../electron/common/geometry.ts';
import type { Contour } from '../../electron/common/contour.ts';
import { croppedContours, decodeCropped } from '../editor/masks/cropped-mask.ts';
import type { OtherMask } from '../session/frame-masks.ts';
import { shownOpacity } from '../session/label-looks.ts';
import type { Size, View } from '../session/view.ts';
import { LayerSnapshots } from './layer-snapshots.ts';
import { MaskPicture } from './mask-picture.ts';
import { overFont, type Projection } from './projection.ts';
import { outlinePath, strokeOutline } from './outline.ts';

interface Traced {
  /** Around the mask; null for an empty one. */
  readonly box: ImageBox | null;
  /** Where they lie in the frame. */
  readonly contours: readonly Contour[];
  /** How many figures the contours have. */
  readonly weight: number;
}

interface Pictured {
  readonly mask: Uint8Array;
  readonly color: string;
  readonly picture: MaskPicture;
}

/** What the layer shows at present: its canvas can be kept until something else is drawn there. */
interface Shown {
  readonly masks: readonly OtherMask[];
  readonly place: string;
  readonly canvas: HTMLCanvasElement;
  readonly width: number;
  readonly height: number;
}

const inWorkDash = [8, 3, 1.5, 3];

/** So many figures of contours are kept, 8 bytes each: those of a thousand masks as a hand draws them. */
const keptFigures = 2 ** 21;

export class LabelMasksView {
  /** By the bytes of the mask, which never change; the latest used last. */
  private readonly traced = new Map<Uint8Array, Traced>();
  private tracedFigures = 0;
  /** By label. */
  private readonly pictured = new Map<string, Pictured>();
  /** Counts the changes of what is to be drawn, so that whoever else draws of it knows. */
  version = 0;
  private readonly snapshots = new LayerSnapshots<readonly OtherMask[]>(sameMasks);
  private shown: Shown | null = null;
  private masks: readonly OtherMask[] = [];
  private size: Size = { width: 0, height: 0 };

  /** `size` is that of the frame that the masks are of. False where they are those of before. */
  setMasks(masks: readonly OtherMask[], size: Size): boolean {
    const resized = size.width !== this.size.width || size.height !== this.size.height;
    if (resized) this.forget();
    const isNew = resized || !sameMasks(masks, this.masks);
    if (isNew) {
      this.keepShown();
      this.version += 1;
    }
    this.masks = masks;
    this.size = size;
    return isNew;
  }

  /** Draws into an empty canvas whose unit is one CSS pixel. */
  draw(context: CanvasRenderingContext2D, view: View, pixelAspectRatio: number): void {
    const { masks } = this;
    const { a, b, c, d, e, f } = context.getTransform();
    const place = [view.scale, view.x, view.y, pixelAspectRatio, a, b, c, d, e, f].join(' ');
    if (masks.length > 0 && !this.snapshots.draw(masks, place, context)) {
      for (const mask of masks) this.drawMask(context, mask, view, pixelAspectRatio);
    }
    const { canvas } = context;
    this.shown = { masks, place, canvas, width: canvas.width, height: canvas.height };
  }

  /** The layer was emptied, and nothing was drawn there. */
  drewNothing(): void {
    this.shown = null;
  }

  /** Writes each label's number at the top of its mask, since colours alone do not tell labels apart for everyone. */
  drawNumbers(context: CanvasRenderingContext2D, project: Projection): void {
    context.save();
    context.font = overFont;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    const placed: CanvasPoint[] = [];
    for (const mask of this.masks) {
      const [first] = this.trace(mask).contours;
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

  private drawMask(context: CanvasRenderingContext2D, mask: OtherMask, view: View, pixelAspectRatio: number): void {
    const { box, contours } = this.trace(mask);
    if (!box) return;
    context.save();
    context.imageSmoothingEnabled = false;
    context.globalAlpha = shownOpacity(mask.look);
    const scaleY = view.scale * pixelAspectRatio;
    const [x, y] = [view.x + box.x * view.scale, view.y + box.y * scaleY];
    context.drawImage(this.picture(mask), x, y, box.width * view.scale, box.height * scaleY);
    context.restore();
    const dash = mask.reviewState === 'accepted' ? [] : inWorkDash;
    const path = outlinePath(contours, view, pixelAspectRatio);
    strokeOutline(context, path, { color: mask.color, width: 1.5, dash });
  }

  private trace({ mask: bytes }: OtherMask): Traced {
    const known = this.traced.get(bytes);
    if (known) {
      // Taken out and put in again, the oldest use comes first in the map.
      this.traced.delete(bytes);
      this.traced.set(bytes, known);
      return known;
    }
    const cropped = decodeCropped(bytes, this.size.width);
    const contours = cropped ? croppedContours(cropped) : [];
    const weight = contours.reduce((sum, contour) => sum + contour.length, 0);
    const traced = { box: cropped?.box ?? null, contours, weight };
    this.traced.set(bytes, traced);
    this.tracedFigures += weight;
    for (const [oldest, { weight: freed }] of this.traced) {
      if (this.tracedFigures <= keptFigures || oldest === bytes) break;
      this.traced.delete(oldest);
      this.tracedFigures -= freed;
    }
    return traced;
  }

  private picture({ labelId, mask, color }: OtherMask): HTMLCanvasElement {
    const known = this.pictured.get(labelId);
    if (known && known.mask === mask && known.color === color) return known.picture.canvas;
    const picture = known?.picture ?? new MaskPicture();
    const cropped = decodeCropped(mask, this.size.width);
    if (cropped) picture.reset(cropped.mask, color);
    this.pictured.set(labelId, { mask, color, picture });
    return picture.canvas;
  }

  /** The layer is about to show other masks. */
  private keepShown(): void {
    const { shown } = this;
    this.shown = null;
    // A canvas of another size was emptied since.
    if (!shown || shown.masks.length === 0) return;
    if (shown.canvas.width !== shown.width || shown.canvas.height !== shown.height) return;
    this.snapshots.keep(shown.masks, shown.place, shown.canvas);
  }

  private forget(): void {
    this.shown = null;
    this.traced.clear();
    this.tracedFigures = 0;
    this.pictured.clear();
    this.snapshots.clear();
  }
}

/** Where a number finds room to the right of those that are there. */
function besideOthers(point: CanvasPoint, placed: readonly CanvasPoint[]): CanvasPoint {
  const near = (other: CanvasPoint): boolean => Math.hypot(other.x - point.x, other.y - point.y) < 18;
  const other = placed.find(near);
  return other ? besideOthers({ x: other.x + 19, y: other.y }, placed) : point;
}

function sameMasks(a: readonly OtherMask[], b: readonly OtherMask[]): boolean {
  return a.length === b.length && a.every((mask, at) => isSame(mask, b[at]));
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
