// What the model does not see is shown where its input leaves some of the frame out, and nowhere else; the contrast tool has its button.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { decodeMask, maskBox } from '../../electron/common/mask.ts';
import { serializeManifest, type ModelManifest } from '../../models/manifest.ts';
import { pictures, skipWithoutChromium } from '../support/browser.ts';
import { findMapping } from '../support/canvas-pointer.ts';
import { askApp } from '../support/page-api.ts';
import { readLayer } from '../support/seen-frame.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';

const starter = join(import.meta.dirname, '../../models/perceptguide-starter');

skipWithoutChromium();
test.use({ viewport: { width: 1280, height: 720 } });

/** The starter as the authors feed theirs: the middle square of the frame. */
function installCropping(home: string): void {
  const folder = join(home, 'models', 'cropping');
  mkdirSync(folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(starter, 'manifest.json'), 'utf8')) as ModelManifest; // the shipped one
  for (const { name } of manifest.files) copyFileSync(join(starter, name), join(folder, name));
  const input = { ...manifest.input, resize: 'center-crop' as const };
  writeFileSync(
    join(folder, 'manifest.json'),
    serializeManifest({ ...manifest, id: 'cropping', title: 'Crops', input }),
  );
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ model: 'cropping' }));
}

let app: ServedApp;
test.beforeAll(async () => {
  app = await serveApp(installCropping);
});
test.afterAll(() => app.stop());

/** How opaque the overlay is at points of the image, 0..255. */
async function shadeAt(page: Page, points: readonly (readonly [number, number])[]): Promise<number[]> {
  const { toPage } = await findMapping(page);
  const box = (await page.getByTestId('frame-canvas').boundingBox())!;
  const { width, ratio, data } = await readLayer(page, 'overlay');
  return points.map(([x, y]) => {
    const at = toPage(x, y);
    const [column, row] = [Math.round((at.x - box.x) * ratio), Math.round((at.y - box.y) * ratio)];
    return data[4 * (row * width + column) + 3];
  });
}

test('the part of the frame that the model does not see', async ({ page }) => {
  test.setTimeout(150_000);
  await page.goto(app.address);
  await expect(page.getByTestId('review-state')).toHaveAttribute('data-state', 'proposed', { timeout: 60_000 });
  const hints = page.getByLabel('Dismiss the hints');
  if (await hints.isVisible()) await hints.click();
  // Of 640 × 480, columns 80 to 559 are seen. Beside the ruler's words, near either edge.
  const [outside, inside] = [
    [
      [40, 100],
      [74, 440],
      [566, 440],
      [600, 100],
    ],
    [
      [86, 440],
      [320, 100],
      [554, 440],
    ],
  ] as const;

  await test.step('is shaded where the input is a crop, in the turned view too', async () => {
    for (const shade of await shadeAt(page, outside)) expect(shade).toBeGreaterThan(90);
    expect(await shadeAt(page, inside)).toEqual([0, 0, 0]);
    await page.screenshot({ path: join(pictures, 'field-of-view-1-upright.png') });
    await page.keyboard.press('.');
    // Turned, the strips lie above and below.
    const canvas = await readLayer(page, 'overlay');
    const alphaAt = (x: number, y: number): number =>
      canvas.data[4 * (Math.round(y * canvas.height) * canvas.width + Math.round(x * canvas.width)) + 3];
    await page.screenshot({ path: join(pictures, 'field-of-view-2-turned.png') });
    expect(alphaAt(0.5, 0.5)).toBe(0);
    expect(alphaAt(0.42, 0.12)).toBeGreaterThan(90);
    expect(alphaAt(0.42, 0.83)).toBeGreaterThan(90);
    await page.keyboard.press(',');
  });

  await test.step('holds nothing of what is proposed', async () => {
    const [{ id: labelId }] = await askApp(page, 'label:list', {});
    const [{ firstFrameId: frameId }] = await askApp(page, 'study:list', {});
    const { proposal } = await askApp(page, 'annotation:load', { frameId, labelId });
    const box = maskBox(decodeMask(proposal!.mask, 640, 480))!;
    expect(box.x).toBeGreaterThanOrEqual(80);
    expect(box.x + box.width).toBeLessThanOrEqual(560);
  });

  await test.step('is not shaded where only a target is asked for, nor while the outlines are hidden', async () => {
    await page.keyboard.press('h');
    await expect.poll(async () => shadeAt(page, outside)).toEqual([0, 0, 0, 0]);
    await page.keyboard.press('h');
    await page.getByTestId('prompt-mode').click();
    await page.getByTestId('prompt-mode-local').click();
    await expect.poll(async () => shadeAt(page, outside)).toEqual([0, 0, 0, 0]);
  });

  await test.step('is nothing for a model that sees the whole frame', async () => {
    await page.getByTestId('prompt-mode').click();
    await page.getByTestId('prompt-mode-whole').click();
    await expect.poll(async () => Math.min(...(await shadeAt(page, outside)))).toBeGreaterThan(90);
    await askApp(page, 'model:choose', { id: 'perceptguide-starter' });
    await expect(page.getByTestId('model-button')).not.toContainText('Crops');
    await expect.poll(async () => shadeAt(page, outside), { timeout: 15_000 }).toEqual([0, 0, 0, 0]);
  });

  await test.step('the contrast tool is a button, and a drag with it changes the picture', async () => {
    const button = page.getByTestId('view-bar').getByTestId('command-tool.window');
    await button.click();
    await expect(button).toHaveAttribute('aria-pressed', 'true');
    const { toPage } = await findMapping(page);
    const [from, to] = [toPage(300, 300), toPage(300, 200)];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
    await page.getByTestId('view-card-button').click();
    await expect(page.getByTestId('window-figure-center')).not.toHaveText('level 128');
    await page.screenshot({ path: join(pictures, 'field-of-view-3-contrast.png') });
  });
});
