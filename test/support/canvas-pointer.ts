// Owns the pointer over the frame in browser tests: from image pixels to page pixels, drags, and the area that the interface says.
import type { Page } from '@playwright/test';

interface PagePoint {
  readonly x: number;
  readonly y: number;
}

export interface ImageMapping {
  /** The page point of an image point. */
  readonly toPage: (x: number, y: number) => PagePoint;
  /** The page point of a point of the canvas in CSS pixels. */
  readonly fromCanvas: (x: number, y: number) => PagePoint;
}

/** Found by pointing at two places and reading what the interface says of them. */
export async function findMapping(page: Page): Promise<ImageMapping> {
  const box = (await page.getByTestId('frame-canvas').boundingBox())!;
  const a = { x: box.x + box.width * 0.4, y: box.y + box.height * 0.35 };
  const b = { x: box.x + box.width * 0.65, y: box.y + box.height * 0.7 };
  const [imageA, imageB] = [await readPointer(page, a), await readPointer(page, b)];
  const scale = (b.x - a.x) / (imageB.x - imageA.x);
  return {
    toPage: (x, y) => ({ x: a.x + (x - imageA.x) * scale, y: a.y + (y - imageA.y) * scale }),
    fromCanvas: (x, y) => ({ x: box.x + x, y: box.y + y }),
  };
}

export async function dragPointer(page: Page, points: readonly PagePoint[]): Promise<void> {
  await page.mouse.move(points[0].x, points[0].y);
  await page.mouse.down();
  for (const point of points.slice(1)) await page.mouse.move(point.x, point.y, { steps: 3 });
  await page.mouse.up();
}

/** In pixels. */
export async function maskArea(page: Page): Promise<number> {
  const text = (await page.getByTestId('fact-area').textContent()) ?? '';
  return Number(/([\d,]+) px/.exec(text)![1].replaceAll(',', ''));
}

async function readPointer(page: Page, { x, y }: PagePoint): Promise<PagePoint> {
  await page.mouse.move(x, y);
  const text = await page.getByTestId('pointer-position').textContent();
  const [column, row] = (text ?? '').match(/\d+/g)!.map(Number);
  return { x: column + 0.5, y: row + 0.5 };
}
