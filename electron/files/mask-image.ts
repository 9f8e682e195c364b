// Owns the reading of masks from pictures: which pixels of a grey, palette or colour image are foreground.
import { AppError } from '../common/errors.ts';
import type { BinaryMask } from '../common/mask.ts';
import type { Picture } from '../common/picture.ts';
import { decodeImage } from './image.ts';

/**
 * A mask from a picture's bytes. Where a picture has just black and one other value or colour, that other is the foreground, so 0 and 1 or black and
 * red do as well as 0 and 255. Other grey pictures are cut at > 127; other colour pictures are refused.
 * Throws AppError('bad-input') that names the file and says what it holds.
 */
export async function decodeMaskPng(bytes: Uint8Array, fileName: string): Promise<BinaryMask> {
  return pictureToMask(await decodeImage(bytes, fileName), fileName);
}

/** decodeMaskPng for a picture that is decoded already. */
export function pictureToMask(picture: Picture, fileName: string): BinaryMask {
  const colors = distinctColors(picture, 3);
  const { width, height } = picture;
  if (colors.length <= 2 && colors.includes(0)) {
    return { width, height, data: mapPixels(picture, (color) => (color === 0 ? 0 : 1)) };
  }
  if (isGrey(picture)) {
    const data = mapPixels(picture, (color) => ((color & 0xff) > 127 ? 1 : 0));
    if (data.includes(1)) return { width, height, data };
    throw new AppError(
      'bad-input',
      `${fileName}: expected a mask of 0 and 255; it has several grey values, none above 127.`,
    );
  }
  throw new AppError(
    'bad-input',
    `${fileName}: expected a mask of black and one other value; it is a colour picture${colors.length > 2 ? ' of three colours or more' : ' without black'}.`,
  );
}

/** What a pixel value in a mask stands for; index 0 is background. */
export interface LabelValue {
  readonly index: number;
  readonly name: string;
  readonly value: number;
}

/**
 * The foreground of a mask whose values are listed: every label with an index above 0, together. A pixel means the label of the nearest value,
 * so that soft edges do no harm. Throws AppError('bad-input') for a mask that is not empty but has none of the foreground values.
 */
export function labelsToMask(picture: Picture, labels: readonly LabelValue[], maskPath: string): BinaryMask {
  const levels = greyLevels(picture);
  const values = labels.some((label) => label.index === 0)
    ? labels
    : [{ index: 0, name: 'background', value: 0 }, ...labels];
  const isForeground = Uint8Array.from({ length: 256 }, (_, level) => (nearest(values, level).index > 0 ? 1 : 0));
  const exact = new Set(labels.map((label) => label.value));
  const background = new Set(values.filter((label) => label.index === 0).map((label) => label.value));
  let unknown: number | null = null;
  let known = false;
  for (const level of levels) {
    if (background.has(level)) continue;
    if (exact.has(level)) known = true;
    else unknown ??= level;
  }
  if (unknown !== null && !known) {
    const expected = labels.map((label) => label.value).join(', ');
    throw new AppError(
      'bad-input',
      `${maskPath} has pixels of value ${unknown} and none of a foreground; its set's config.yaml lists the values ${expected}.`,
    );
  }
  return { width: picture.width, height: picture.height, data: levels.map((level) => isForeground[level]) };
}

function nearest(labels: readonly LabelValue[], level: number): LabelValue {
  return labels.reduce((best, label) => (Math.abs(label.value - level) < Math.abs(best.value - level) ? label : best));
}

/** The grey level of each pixel; colour pictures by their luminance, as OpenCV reads them. Row-major, one byte a pixel. */
function greyLevels(picture: Picture): Uint8Array {
  if (picture.channels === 1) return picture.pixels;
  // ITU-R BT.601
  return mapPixels(picture, (color) =>
    Math.round(0.299 * (color >> 16) + 0.587 * ((color >> 8) & 0xff) + 0.114 * (color & 0xff)),
  );
}

function isGrey(picture: Picture): boolean {
  if (picture.channels === 1) return true;
  const { pixels } = picture;
  for (let i = 0; i < pixels.length; i += 3) {
    if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2]) return false;
  }
  return true;
}

/** Up to `limit` different colours as 0xRRGGBB, in the order in which they occur. */
function distinctColors(picture: Picture, limit: number): number[] {
  const found: number[] = [];
  let last = -1;
  mapPixels(picture, (color) => {
    if (color !== last && found.length < limit && !found.includes(color)) found.push(color);
    last = color;
    return 0;
  });
  return found;
}

/** Calls `value` with each pixel as 0xRRGGBB and collects what it returns. */
function mapPixels({ width, height, channels, pixels }: Picture, value: (color: number) => number): Uint8Array {
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i += 1) {
    const at = i * channels;
    const color = channels === 1 ? pixels[at] * 0x010101 : (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
    data[i] = value(color);
  }
  return data;
}
