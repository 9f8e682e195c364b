// The main job, as a sonographer does it, in the real application: open, look, paint, undo, redo, come back, correct, synchronize, export.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { decodeMaskPng } from '../../electron/files/mask-image.ts';
import { decodeCocoRuns } from '../../electron/export/run-length.ts';
import { pictures, skipWithoutChromium } from '../support/browser.ts';
import { dragPointer, findMapping, maskArea } from '../support/canvas-pointer.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';

const root = join(import.meta.dirname, '../..');
const sample = join(root, 'resources/sample-study');

skipWithoutChromium();

let app: ServedApp;
test.beforeAll(async () => {
  app = await serveApp();
});
test.afterAll(() => app.stop());

const state = (page: Page): Locator => page.getByTestId('review-state');
const saved = (page: Page): Locator => page.locator('[data-testid="save-state"][data-state="saved"]');

async function openFrame(page: Page, study: number, frame: number): Promise<void> {
  await page.getByTestId('study-row').nth(study).click();
  await page.getByTestId('frame-item').nth(frame).click();
  await expect(page.locator('[data-testid="frame-stage"][data-picture="shown"][data-opening="idle"]')).toBeVisible();
  await expect(state(page)).not.toHaveAttribute('data-state', 'none');
}

/**
 * Corrects as a reader who outlines lesions with a margin: rubs the frame out with a large eraser, paints the lesion row by row with a
 * brush that reaches well beyond it. The network does not know this habit, and has to learn it.
 */
async function correctWithMargin(page: Page, maskFile: string): Promise<void> {
  const truth = await decodeMaskPng(readFileSync(maskFile), maskFile);
  const { toPage } = await findMapping(page);
  await page.keyboard.press('e');
  for (let i = 0; i < 12; i += 1) await page.keyboard.press(']');
  for (let y = 60; y < truth.height - 40; y += 40)
    await dragPointer(page, [toPage(150, y), toPage(truth.width - 150, y)]);
  for (let i = 0; i < 12; i += 1) await page.keyboard.press('[');
  await page.keyboard.press('p');
  for (let i = 0; i < 4; i += 1) await page.keyboard.press(']');
  for (let y = 0; y < truth.height; y += 12) {
    const row = truth.data.subarray(y * truth.width, (y + 1) * truth.width);
    const first = row.indexOf(1);
    if (first >= 0) await dragPointer(page, [toPage(first, y), toPage(row.lastIndexOf(1), y)]);
  }
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('[');
}

test('the whole loop on the sample study', async ({ page }) => {
  test.setTimeout(600_000);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));

  await test.step('open: the simulated study is there, with a proposal on its first frame', async () => {
    await page.goto(app.address);
    await expect(page.getByTestId('study-row').first()).toContainText(/simulated/i);
    await expect(state(page)).toHaveAttribute('data-state', 'proposed', { timeout: 60_000 });
    expect(await maskArea(page)).toBeGreaterThan(0);
    // The first look is there; the second takes its place.
    await expect(page.getByTestId('engine-state')).toContainText('refined after');
    await expect(state(page)).toHaveAttribute('data-state', 'proposed');
    await page.screenshot({ path: join(pictures, '1-proposal.png') });
  });

  let painted = 0;
  await test.step('paint with the mouse, undo, redo: each is saved by itself', async () => {
    const proposed = await maskArea(page);
    const { toPage } = await findMapping(page);
    await page.keyboard.press('p');
    await dragPointer(page, [toPage(250, 330), toPage(330, 350), toPage(420, 335)]);
    await expect(state(page)).toHaveAttribute('data-state', 'edited');
    painted = await maskArea(page);
    expect(painted).toBeGreaterThan(proposed + 2000);
    await expect(saved(page)).toBeVisible();
    await page.keyboard.press('Control+z');
    expect(await maskArea(page)).toBe(proposed);
    await page.keyboard.press('Control+Shift+z');
    expect(await maskArea(page)).toBe(painted);
    await expect(saved(page)).toContainText(/Saved \d/);
  });

  await test.step('reload the page: the annotation is there again', async () => {
    await page.reload();
    await expect(state(page)).toHaveAttribute('data-state', 'edited', { timeout: 30_000 });
    expect(await maskArea(page)).toBe(painted);
  });

  await test.step('correct enough frames of different patients', async () => {
    const record = JSON.parse(readFileSync(join(sample, 'sample-study.json'), 'utf8')) as {
      patients: { frames: { mask: string }[] }[];
    };
    for (let study = 0; study < 6; study += 1) {
      await openFrame(page, study, 0);
      await correctWithMargin(page, join(sample, record.patients[study].frames[0].mask));
      await page.keyboard.press('a');
      await expect(saved(page)).toBeVisible();
      if (study === 2) await page.screenshot({ path: join(pictures, '2-corrected.png') });
    }
    await openFrame(page, 0, 0);
    await expect(state(page)).toHaveAttribute('data-state', 'accepted');
  });

  let before = 0;
  await test.step('synchronize, and stay able to paint meanwhile', async () => {
    await openFrame(page, 6, 0);
    before = await maskArea(page);
    await page.getByTestId('command-work.synchronize').first().click();
    await expect(page.getByTestId('training-progress')).toBeVisible();
    await expect(page.locator('[data-testid="training-progress"][data-phase="training"]')).toBeVisible({
      timeout: 120_000,
    });
    await page.screenshot({ path: join(pictures, '3-synchronizing.png') });
    await expect(page.getByTestId('training-result')).toBeVisible({ timeout: 240_000 });
    await expect(page.getByTestId('training-result')).toHaveAttribute('data-activated', 'true');
  });

  await test.step('see the new proposal', async () => {
    await openFrame(page, 6, 1);
    await openFrame(page, 6, 0);
    await expect(state(page)).toHaveAttribute('data-state', 'proposed');
    await expect.poll(() => maskArea(page), { timeout: 30_000 }).not.toBe(before);
    await page.screenshot({ path: join(pictures, '4-new-proposal.png') });
    // The picture of the README: a corrected frame, with what was learned beside it.
    await openFrame(page, 1, 0);
    await page.mouse.move(700, 300);
    await page.screenshot({ path: join(pictures, 'application.png') });
  });

  await test.step('export, and read the export back', async () => {
    await page.keyboard.press('Control+e');
    await page.getByTestId('format-coco').click();
    await page.getByTestId('export-run').click();
    const result = page.getByTestId('export-result');
    await expect(result).toHaveAttribute('data-verified', 'true', { timeout: 60_000 });
    await page.screenshot({ path: join(pictures, '5-export.png') });
    const folder = (await page.getByTestId('export-result-folder').textContent())!;
    const coco = JSON.parse(readFileSync(join(folder, 'annotations/instances.json'), 'utf8')) as {
      images: { id: number; width: number; height: number }[];
      annotations: { area: number; segmentation: { counts: string; size: [number, number] } }[];
    };
    expect(coco.annotations).toHaveLength(6);
    for (const { area, segmentation } of coco.annotations) {
      const mask = decodeCocoRuns(segmentation);
      expect(mask.data.reduce((sum, value) => sum + value, 0)).toBe(area);
      expect(area).toBeGreaterThan(1000);
    }
  });
  expect(troubles).toEqual([]);
});
