// What is seen is what is kept: dabs and polygons drawn with a real pointer, at any zoom, on pixels that are not square, turned and mirrored. The
// mapping is read off the picture on the canvas; what was saved is read back through the application, and compared with the canvas too.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { type BinaryMask, decodeMask } from '../../electron/common/mask.ts';
import type { TestElement } from '../dicom/write-dicom.ts';
import { pictures, skipWithoutChromium } from '../support/browser.ts';
import { askApp } from '../support/page-api.ts';
import {
  fitCircle,
  fitMapping,
  type LayerPixels,
  rampFile,
  rampSize,
  readLayer,
  type SeenMapping,
} from '../support/seen-frame.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';

skipWithoutChromium();
test.use({ viewport: { width: 1280, height: 720 } });

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Keys that turn the upright view. Over the files, every way of turning and mirroring comes up. */
interface Shown {
  readonly zoom: 'fit' | '1:1' | '7×';
  readonly turn: string;
}

interface Case {
  readonly title: string;
  readonly elements: readonly TestElement[];
  /** Pixel height over width. */
  readonly aspect: number;
  readonly shown: readonly Shown[];
}

const cases: readonly Case[] = [
  {
    title: 'PixelAspectRatio 3:2',
    elements: [['00280034', 'IS', '3\\2']],
    aspect: 1.5,
    shown: [
      { zoom: 'fit', turn: '' },
      { zoom: '1:1', turn: '.' },
      { zoom: '7×', turn: '/' },
    ],
  },
  {
    title: 'PixelSpacing 0.15 by 0.25 mm',
    elements: [['00280030', 'DS', '0.15\\0.25']],
    aspect: 0.6,
    shown: [
      { zoom: 'fit', turn: './' },
      { zoom: '1:1', turn: '..' },
      { zoom: '7×', turn: '...' },
    ],
  },
  {
    title: 'square pixels',
    elements: [],
    aspect: 1,
    shown: [
      { zoom: 'fit', turn: '/..' },
      { zoom: '1:1', turn: '/.' },
      { zoom: '7×', turn: '' },
    ],
  },
];

let app: ServedApp;
// Without a network nothing lies in the frame but what the hand draws.
test.beforeEach(async () => {
  app = await serveApp((home) => writeFileSync(join(home, 'settings.json'), JSON.stringify({ model: 'none' })));
});
test.afterEach(() => app.stop());

for (const { title, elements, aspect, shown } of cases) {
  for (const deviceScaleFactor of aspect === 1 ? [1] : [1, 1.5]) {
    test.describe(`on a screen of ${deviceScaleFactor} pixels a CSS pixel`, () => {
      test.use({ deviceScaleFactor });
      test(`${title}: what is drawn is saved as it is seen`, async ({ page }) => {
        const frameIds = await openRamp(page, rampFile('ramp.dcm', shown.length, elements));
        for (const [index, { zoom, turn }] of shown.entries()) {
          await test.step(`${zoom}, turned by "${turn}"`, async () => {
            if (index > 0) await page.keyboard.press('ArrowRight');
            await expect(page.getByTestId('cine-place')).toContainText(`${index + 1} `);
            await expect(page.getByTestId('fact-area')).toContainText('0 px');
            await page.keyboard.press(',');
            for (const key of turn) await page.keyboard.press(key);
            const mapping = await zoomTo(page, zoom, aspect);
            await drawAndCompare(page, frameIds[index], mapping, aspect);
            const name = `exactness-${aspect}-${deviceScaleFactor}-${index + 1}.png`;
            await page.screenshot({ path: join(pictures, name) });
          });
        }
      });
    });
  }
}

/** A dab, then a polygon beside it whose corner lies over its edge; each is compared with what was saved. */
async function drawAndCompare(page: Page, frameId: string, mapping: SeenMapping, aspect: number): Promise<void> {
  const canvas = (await page.getByTestId('frame-canvas').boundingBox())!;
  const middle = { x: Math.round(canvas.width / 2), y: Math.round(canvas.height / 2) };
  const onPage = ({ x, y }: Point): [number, number] => [canvas.x + x, canvas.y + y];

  await page.keyboard.press('p');
  await page.mouse.move(...onPage(middle));
  const size = Number.parseFloat((await page.getByTestId('brush-size').textContent())!);
  const radius = size / 2;
  expectCursor(await readLayer(page, 'tool'), middle, radius * mapping.column);
  await page.mouse.down();
  await page.mouse.up();
  const dab = await savedMask(page, frameId);
  const centre = mapping.toImage(middle);
  const fromEdge = ({ x, y }: Point): number => radius - Math.hypot(x - centre.x, (y - centre.y) * aspect);
  expectPixels(dab, fromEdge);
  expectSeen(await readLayer(page, 'mask'), dab, mapping, true);

  await page.keyboard.press('g');
  const away = radius * mapping.column;
  const corners = [
    { x: middle.x + Math.round(away * 0.5), y: middle.y },
    { x: middle.x + Math.round(away * 0.5) + 70, y: middle.y - 47 },
    { x: middle.x + Math.round(away * 0.5) + 83, y: middle.y + 38 },
    { x: middle.x + Math.round(away * 0.5) + 31, y: middle.y + 20 },
    { x: middle.x + 12, y: middle.y + Math.round(away) + 60 },
  ];
  for (const corner of corners) await page.mouse.click(...onPage(corner));
  await page.keyboard.press('Enter');
  const both = await savedMask(page, frameId);
  const outline = corners.map((corner) => mapping.toImage(corner));
  expectPixels(both, (point) => Math.max(fromEdge(point), insidePolygon(point, outline, aspect)));

  expectSeen(await readLayer(page, 'mask'), both, mapping, false);
}

/** Opens the file as the only thing to look at, with a label; returns the ids of its frames. */
async function openRamp(page: Page, file: { readonly name: string; readonly bytes: Uint8Array }): Promise<string[]> {
  await page.goto(app.address);
  await expect(page.getByTestId('study-row').first()).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('Control+o');
  const { name, bytes } = file;
  const chosen = { name, mimeType: 'application/dicom', buffer: Buffer.from(bytes) };
  await page.locator('input[type=file]').first().setInputFiles(chosen);
  await expect(page.getByTestId('cine-bar')).toBeVisible({ timeout: 30_000 });
  await expect(async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('import-zone')).toBeHidden({ timeout: 500 });
  }).toPass();
  const hints = page.getByLabel('Dismiss the hints');
  if (await hints.isVisible()) await hints.click();
  const studies = await askApp(page, 'study:list', {});
  const study = studies.find(({ cineCount }) => cineCount === 1)!;
  return (await askApp(page, 'study:frames', { studyId: study.id })).map(({ id }) => id);
}

async function zoomTo(page: Page, zoom: Shown['zoom'], aspect: number): Promise<SeenMapping> {
  const canvas = (await page.getByTestId('frame-canvas').boundingBox())!;
  await page.mouse.move(Math.round(canvas.x + canvas.width / 2), Math.round(canvas.y + canvas.height / 2));
  await page.keyboard.press('0');
  const ratio = await page.evaluate(() => window.devicePixelRatio);
  if (zoom !== 'fit') await page.keyboard.press('Alt+0');
  // A step of the wheel zooms by exp(0.0015) for each CSS pixel; the driver counts pixels of the screen.
  const wheel = (-Math.log(7 * ratio) / 0.0015) * ratio;
  const steps = zoom === '7×' ? 8 : 0;
  for (let step = 0; step < steps; step += 1) await page.mouse.wheel(0, wheel / steps);
  let mapping: SeenMapping | null = null;
  await expect(async () => {
    mapping = fitMapping(await readLayer(page, 'frame'));
    if (zoom === '1:1') expect(mapping.column).toBeCloseTo(1 / ratio, 2);
    if (zoom === '7×') expect(Math.abs(mapping.column - 7)).toBeLessThan(0.1);
    if (zoom === 'fit') expect(mapping.column).toBeGreaterThan(1.2);
    expect(mapping.row / mapping.column).toBeCloseTo(aspect, 2);
  }).toPass({ timeout: 5000 });
  return mapping!;
}

/** The latest revision on the disk, once everything is there. */
async function savedMask(page: Page, frameId: string): Promise<BinaryMask> {
  await expect(page.locator('[data-testid="save-state"][data-state="saved"]')).toBeVisible();
  const [{ id: labelId }] = await askApp(page, 'label:list', {});
  const { revision } = await askApp(page, 'annotation:load', { frameId, labelId });
  return decodeMask(revision!.mask, rampSize.width, rampSize.height);
}

/** The ring of the brush is a circle about the pointer, as large as what it paints. */
function expectCursor(layer: LayerPixels, pointer: Point, radius: number): void {
  const { width, ratio, data } = layer;
  const ring: { x: number; y: number; weight: number }[] = [];
  for (let at = 0; at < data.length / 4; at += 1) {
    // The white line, not the dark halo around it.
    if (data[4 * at] < 128 || data[4 * at + 3] < 128) continue;
    const [x, y] = [((at % width) + 0.5) / ratio - pointer.x, (Math.floor(at / width) + 0.5) / ratio - pointer.y];
    ring.push({ x, y, weight: (data[4 * at] * data[4 * at + 3]) / 255 ** 2 });
  }
  const circle = fitCircle(ring);
  expect(Math.hypot(circle.x, circle.y)).toBeLessThan(0.1);
  expect(Math.abs(circle.radius - radius)).toBeLessThan(0.2);
}

/**
 * Every pixel of the mask is as the distance of its centre to the edge says: positive inside. Centres that lie on the edge, as far as the
 * mapping that was read off the screen can tell, are left out.
 */
function expectPixels(mask: BinaryMask, inside: (centre: Point) => number): void {
  const doubt = 0.06;
  let [wrong, doubtful, set] = [0, 0, 0];
  for (let at = 0; at < mask.data.length; at += 1) {
    const depth = inside({ x: (at % mask.width) + 0.5, y: Math.floor(at / mask.width) + 0.5 });
    if (Math.abs(depth) < doubt) doubtful += 1;
    else if (mask.data[at] !== (depth > 0 ? 1 : 0)) wrong += 1;
    set += mask.data[at];
  }
  expect(set).toBeGreaterThan(100);
  expect(doubtful).toBeLessThan(set / 10);
  expect(wrong).toBe(0);
}

/** How deep a point lies inside a polygon, in columns; negative outside. */
function insidePolygon(point: Point, corners: readonly Point[], aspect: number): number {
  let [isInside, nearest] = [false, Infinity];
  corners.forEach((a, index) => {
    const b = corners[(index + 1) % corners.length];
    if (a.y > point.y !== b.y > point.y && point.x < a.x + ((point.y - a.y) / (b.y - a.y)) * (b.x - a.x)) {
      isInside = !isInside;
    }
    const [dx, dy] = [b.x - a.x, (b.y - a.y) * aspect];
    const [px, py] = [point.x - a.x, (point.y - a.y) * aspect];
    const along = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy)));
    nearest = Math.min(nearest, Math.hypot(px - along * dx, py - along * dy));
  });
  return isInside ? nearest : -nearest;
}

/**
 * The canvas shows the fill over the pixels of the mask and over no others. Near an edge lies the outline, whose reach is left out there; of a
 * round mask it is as wide on all sides, so that the middle of all that is drawn is that of the mask.
 */
function expectSeen(layer: LayerPixels, mask: BinaryMask, mapping: SeenMapping, isRound: boolean): void {
  const { width, height, ratio, data } = layer;
  const drawn = Array.from({ length: width * height }, (_, at) => data[4 * at + 3] > 24);
  const kept = drawn.map((_, at) => {
    const [x, y] = [((at % width) + 0.5) / ratio, (Math.floor(at / width) + 0.5) / ratio];
    const { x: column, y: row } = mapping.toImage({ x, y });
    const isInside = column >= 0 && row >= 0 && column < mask.width && row < mask.height;
    return isInside && mask.data[Math.floor(row) * mask.width + Math.floor(column)] === 1;
  });
  // Half the outline with its halo, and as far as it cuts the corners of the pixels' staircase.
  const reach = Math.ceil((2.4 + 0.4 * Math.max(mapping.column, mapping.row)) * ratio);
  const inside = erode(kept, width, reach);
  const outside = erode(
    kept.map((value) => !value),
    width,
    reach,
  );
  expect(inside.filter(Boolean).length).toBeGreaterThan(20);
  expect(outside.filter(Boolean).length).toBeGreaterThan(1000);
  expect(inside.filter((value, at) => value && !drawn[at])).toEqual([]);
  expect(outside.filter((value, at) => value && drawn[at])).toEqual([]);
  if (!isRound) return;
  const [seen, saved] = [middleOf(drawn, width), middleOf(kept, width)];
  // Half a pixel of the image beside would be more.
  const most = Math.max(0.35, 0.2 * mapping.column, 0.2 * mapping.row);
  expect(Math.hypot(seen.x - saved.x, seen.y - saved.y) / ratio).toBeLessThan(most);
}

/** Those of which all around within `reach` is set too, in rows and columns. */
function erode(values: readonly boolean[], width: number, reach: number): boolean[] {
  const along = (from: readonly boolean[], step: number): boolean[] =>
    from.map((value, at) => {
      if (!value) return false;
      for (let away = 1; away <= reach; away += 1) {
        if (!from[at + away * step] || !from[at - away * step]) return false;
      }
      return true;
    });
  return along(along(values, 1), width);
}

function middleOf(values: readonly boolean[], width: number): Point {
  let [count, x, y] = [0, 0, 0];
  values.forEach((value, at) => {
    if (!value) return;
    count += 1;
    x += at % width;
    y += Math.floor(at / width);
  });
  return { x: x / count, y: y / count };
}
