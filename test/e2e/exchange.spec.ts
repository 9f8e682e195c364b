// Annotations leave the application and come back, in the real application with a real pointer: filters, what is lost, fidelity, a conflict.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { pictures, skipWithoutChromium } from '../support/browser.ts';
import { dragPointer, findMapping, maskArea } from '../support/canvas-pointer.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';

skipWithoutChromium();

const programs = mkdtempSync(join(tmpdir(), 'sonosync-programs-'));
let app: ServedApp;
test.beforeAll(async () => {
  // In place of the system's file manager, which would come up for whoever runs the tests.
  writeFileSync(join(programs, 'xdg-open'), '#!/bin/sh\nprintf %s "$1" > "${0%/*}/opened"\n', { mode: 0o755 });
  app = await serveApp(undefined, programs);
});
test.afterAll(async () => {
  await app.stop();
  rmSync(programs, { recursive: true });
});

const state = (page: Page): Locator => page.getByTestId('review-state');

/** Moves the right half of every polygon of the first file that has one by some pixels. */
function editLabelMe(folder: string, files: readonly string[]): string {
  const name = files.find((file) => {
    const path = join(folder, file);
    return file.endsWith('.json') && !file.startsWith('sonosync') && readFileSync(path, 'utf8').includes('"points"');
  });
  if (name === undefined) throw new Error('The export has no LabelMe file with a shape.');
  const path = join(folder, name);
  const file = JSON.parse(readFileSync(path, 'utf8')) as { shapes: { points: [number, number][] }[] };
  for (const shape of file.shapes) {
    const middle = shape.points.reduce((sum, [x]) => sum + x, 0) / shape.points.length;
    shape.points = shape.points.map(([x, y]) => [x > middle ? x + 25 : x, y]);
  }
  writeFileSync(path, JSON.stringify(file));
  return path;
}

test('annotations leave, are edited elsewhere, come back, and a conflict is decided', async ({ page }) => {
  test.setTimeout(300_000);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(app.address);
  await expect(state(page)).toHaveAttribute('data-state', 'proposed', { timeout: 90_000 });
  const firstFrame = page.getByTestId('frame-item').first();
  await page.keyboard.press('a');
  await expect(firstFrame).toHaveAttribute('data-mark', 'accepted');

  let folder = '';
  await test.step('export: what is lost is said before, fidelity after', async () => {
    await page.keyboard.press('Control+e');
    await page.getByTestId('format-labelme').click();
    await expect(page.getByTestId('export-preview')).toHaveAttribute('data-annotations', '1');
    await expect(page.getByTestId('export-preview')).toContainText('Outlines run along the edges of pixels');
    await page.screenshot({ path: join(pictures, 'exchange-1-export.png') });
    await page.getByTestId('export-accepted').uncheck();
    await expect(page.getByTestId('export-preview')).toHaveAttribute('data-annotations', '0');
    await expect(page.getByTestId('export-run')).toBeDisabled();
    await page.getByTestId('export-accepted').check();
    await page.getByTestId('export-run').click();
    await expect(page.getByTestId('export-result')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByTestId('export-fidelity')).toContainText('every mask is equal to the last pixel');
    folder = (await page.getByTestId('export-result-folder').textContent()) ?? '';
    await page.getByTestId('export-open').click();
    const opened = (): string =>
      existsSync(join(programs, 'opened')) ? readFileSync(join(programs, 'opened'), 'utf8') : '';
    await expect.poll(opened).toBe(folder);
    await expect(page.getByTestId('export-open-trouble')).toHaveCount(0);
    await page.screenshot({ path: join(pictures, 'exchange-2-exported.png') });
    await page.keyboard.press('Escape');
  });

  await test.step('import: both sides changed, so a person decides', async () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'sonosync-export.json'), 'utf8')) as {
      files: { path: string }[];
    };
    editLabelMe(folder, manifest.files.map(({ path }) => path)); // prettier-ignore
    await firstFrame.click();
    await expect(state(page)).toHaveAttribute('data-state', 'accepted');
    const before = await maskArea(page);
    const { toPage } = await findMapping(page);
    await page.keyboard.press('p');
    await dragPointer(page, [toPage(200, 150), toPage(260, 160)]);
    await expect(state(page)).toHaveAttribute('data-state', 'edited');
    const mine = await maskArea(page);
    expect(mine).toBeGreaterThan(before);
    await page.keyboard.press('Control+Shift+e');
    await page.getByTestId('annotation-folder').setInputFiles(folder);
    await expect(page.getByTestId('annotation-report')).toContainText('1 conflict', { timeout: 60_000 });
    await expect(page.getByTestId('conflict')).toHaveCount(1);
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(pictures, 'exchange-3-conflict.png') });
    expect(await maskArea(page)).toBe(mine);
    await page.getByTestId('take-theirs').click();
    await expect(page.getByTestId('conflict')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(state(page)).toHaveAttribute('data-state', 'accepted');
    await expect.poll(() => maskArea(page)).not.toBe(mine);
    await page.screenshot({ path: join(pictures, 'exchange-4-taken.png') });
  });
  expect(troubles).toEqual([]);
});
