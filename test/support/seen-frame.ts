// Owns reading a frame's place off the screen: a cine whose colours say which column and row they are, and the mapping from the canvas to the
// image that is found in the pixels of the canvas, without a word of the application's own geometry.
import type { Page } from '@playwright/test';
import type { NamedBytes } from '../../electron/study/store.ts';
import { colorElements, type TestElement, writeDicom } from '../dicom/write-dicom.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

export const rampSize = { width: 120, height: 90 };
/** Red and green rise by this much a column and a row. */
const slope = 2;

/** A cine of `frames` equal frames: red tells the column, blue that from the other end, green the row. `elements` are added, as PixelAspectRatio. */
export function rampFile(name: string, frames: number, elements: readonly TestElement[]): NamedBytes {
  const { width, height } = rampSize;
  const pixels = new Uint8Array(frames * width * height * 3);
  for (let at = 0; at < frames * width * height; at += 1) {
    const [column, row] = [at % width, Math.floor(at / width) % height];
    pixels.set([slope * column, slope * row, 255 - slope * column], 3 * at);
  }
  const bytes = writeDicom(
    colorElements(
      'RGB',
      ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.3.1'],
      ['00080060', 'CS', 'US'],
      ['00181063', 'DS', '40'],
      ['00280008', 'IS', String(frames)],
      ['00280009', 'AT', Uint8Array.of(0x18, 0, 0x63, 0x10)],
      ['00280010', 'US', height],
      ['00280011', 'US', width],
      ['7FE00010', 'OW', pixels],
      ...elements,
    ),
  );
  return { name, bytes };
}

/** One layer of the canvas: RGBA samples, `ratio` of them a CSS pixel. */
export interface LayerPixels {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  readonly data: Uint8Array;
}

export async function readLayer(page: Page, layer: 'frame' | 'mask' | 'tool' | 'overlay'): Promise<LayerPixels> {
  const read = await page.evaluate((name) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`canvas[data-layer="${name}"]`)!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const parts: string[] = [];
    for (let at = 0; at < data.length; at += 32_768) parts.push(String.fromCharCode(...data.subarray(at, at + 32_768)));
    const { width, height } = canvas;
    return { width, height, ratio: width / canvas.getBoundingClientRect().width, base64: btoa(parts.join('')) };
  }, layer);
  const { base64, ...size } = read;
  return { ...size, data: new Uint8Array(Buffer.from(base64, 'base64')) };
}

/** From CSS pixels of the canvas to pixels of the image and back; affine, so that any turn and mirror is one. */
export interface SeenMapping {
  toImage(canvas: Point): Point;
  toCanvas(image: Point): Point;
  /** CSS pixels that a column and a row take. */
  readonly column: number;
  readonly row: number;
}

/**
 * Fits the mapping to the colours of the frame's layer. Colours stand for pixel centres, so a half is added. Browsers round the colours between
 * pixels in their own way: what red and blue lack together tells how.
 */
export function fitMapping(layer: LayerPixels): SeenMapping {
  const { width, ratio, data } = layer;
  const samples: { x: number; y: number; column: number; row: number }[] = [];
  let lacking = 0;
  for (let at = 0; at < data.length / 4; at += 1) {
    const [red, green, blue, alpha] = data.subarray(4 * at, 4 * at + 4);
    const [column, row] = [red / slope + 0.5, green / slope + 0.5];
    const isInside = column > 3 && row > 3 && column < rampSize.width - 3 && row < rampSize.height - 3;
    if (alpha !== 255 || Math.abs(red + blue - 255) > 2 || !isInside) continue;
    lacking += 255 - red - blue;
    samples.push({ x: ((at % width) + 0.5) / ratio, y: (Math.floor(at / width) + 0.5) / ratio, column, row });
  }
  if (samples.length < 500) throw new Error(`The frame is seen in only ${samples.length} pixels of the canvas.`);
  const rounded = lacking / samples.length / 2 / slope;
  const [a, b, c] = fitPlane(samples.map(({ x, y, column }) => [x, y, column + rounded]));
  const [d, e, f] = fitPlane(samples.map(({ x, y, row }) => [x, y, row + rounded]));
  const determinant = a * e - b * d;
  return {
    toImage: ({ x, y }) => ({ x: a * x + b * y + c, y: d * x + e * y + f }),
    toCanvas: ({ x, y }) => ({
      x: (e * (x - c) - b * (y - f)) / determinant,
      y: (a * (y - f) - d * (x - c)) / determinant,
    }),
    column: 1 / Math.hypot(a, b),
    row: 1 / Math.hypot(d, e),
  };
}

/** The circle x² + y² = 2 a x + 2 b y + c of least squares through weighted points. */
export function fitCircle(
  points: readonly (Point & { readonly weight: number })[],
): Point & { readonly radius: number } {
  const [a, b, c] = fitPlane(points.map(({ x, y, weight }) => [2 * x, 2 * y, x * x + y * y, weight]));
  return { x: a, y: b, radius: Math.sqrt(c + a * a + b * b) };
}

/** x, y, the value there, and what it counts for: 1 where it is left out. */
type WeightedSample = readonly [x: number, y: number, value: number, weight?: number];

/** Least squares of v = p x + q y + r. */
function fitPlane(samples: readonly WeightedSample[]): [number, number, number] {
  const weightOf = ([, , , weight = 1]: WeightedSample): number => weight;
  const weights = samples.reduce((sum, sample) => sum + weightOf(sample), 0);
  const meanOf = (part: 0 | 1 | 2): number =>
    samples.reduce((sum, sample) => sum + weightOf(sample) * sample[part], 0) / weights;
  const mean = [meanOf(0), meanOf(1), meanOf(2)];
  let [xx, xy, yy, xv, yv] = [0, 0, 0, 0, 0];
  for (const sample of samples) {
    const weight = weightOf(sample);
    const [x, y, v] = [sample[0] - mean[0], sample[1] - mean[1], sample[2] - mean[2]];
    xx += weight * x * x;
    xy += weight * x * y;
    yy += weight * y * y;
    xv += weight * x * v;
    yv += weight * y * v;
  }
  const determinant = xx * yy - xy * xy;
  const p = (xv * yy - yv * xy) / determinant;
  const q = (yv * xx - xv * xy) / determinant;
  return [p, q, mean[2] - p * mean[0] - q * mean[1]];
}
