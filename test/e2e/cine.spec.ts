// Going through studies and cines as a sonographer does, with a real pointer and keyboard in the real application.
import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { pictures, skipWithoutChromium } from '../support/browser.ts';
import { cineFile } from '../support/cine-file.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';

const frames = 30;

skipWithoutChromium();

let app: ServedApp;
test.beforeAll(async () => {
  app = await serveApp();
});
test.afterAll(() => app.stop());

async function importCines(page: Page): Promise<void> {
  const size = { width: 320, height: 240 };
  const files = [
    cineFile({ name: 'a-sweep.dcm', frames, ...size }),
    cineFile({ name: 'b-short.dcm', frames: 8, instance: 2, ...size }),
    cineFile({ name: 'c-still.dcm', frames: 1, instance: 3, ...size }),
  ];
  await page.keyboard.press('Control+o');
  const chosen = files.map(({ name, bytes }) => ({ name, mimeType: 'application/dicom', buffer: Buffer.from(bytes) }));
  await page.locator('input[type=file]').first().setInputFiles(chosen);
  await expect(page.getByTestId('cine-bar')).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Escape');
}

const place = (page: Page): Locator => page.getByTestId('cine-place');
const playing = (page: Page): Locator => page.locator('[data-testid="cine-play"][data-playing="true"]');
const state = (page: Page): Locator => page.getByTestId('review-state');

async function shownFrame(page: Page): Promise<number> {
  return Number.parseInt((await place(page).textContent()) ?? '', 10);
}

/** A place on the timeline, 0 at its left end and 1 at its right. */
async function onTimeline(page: Page, share: number): Promise<{ x: number; y: number }> {
  const box = (await page.getByTestId('cine-timeline').boundingBox())!;
  return { x: box.x + 1 + (box.width - 2) * share, y: box.y + box.height / 2 };
}

test('studies and cines', async ({ page }) => {
  test.setTimeout(240_000);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));

  await test.step('a study shows its patient, its cines and its pictures; the keyboard goes through them', async () => {
    await page.goto(app.address);
    await expect(page.getByTestId('study-row').first()).toBeVisible({ timeout: 30_000 });
    await importCines(page);
    const study = page.locator('[role=treeitem][data-kind=study][aria-selected=true], [data-kind=study][data-open]');
    await page.keyboard.press('Control+f');
    await page.keyboard.type('ultrasound');
    await expect(page.getByTestId('study-row')).toHaveCount(1);
    await expect(study).toContainText('2 cines');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await expect(page.getByTestId('instance-row')).toHaveCount(3);
    await expect(page.getByTestId('instance-row').nth(0)).toContainText('30 frames');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('cine-bar')).toBeHidden();
    await expect(page.getByTestId('frame-item')).toHaveCount(1);
    await page.keyboard.press('PageUp');
    await expect(place(page)).toHaveText('1 / 8');
    await page.keyboard.press('PageUp');
    await expect(place(page)).toHaveText('1 / 30');
  });

  await test.step('whose study it is stays hidden until it is asked for', async () => {
    const name = page.getByTestId('patient-name');
    await expect(name).toHaveText(/^Patient \d+$/);
    await page.keyboard.press('Control+i');
    await expect(name).toHaveText('Secretname, Anna · PID-4711');
    await page.keyboard.press('Control+i');
    await expect(name).toHaveText(/^Patient \d+$/);
  });

  await test.step('the space bar plays and pauses; the frame that it stops at is open', async () => {
    await expect(state(page)).toHaveAttribute('data-state', 'proposed', { timeout: 60_000 });
    await page.keyboard.press('Space');
    await expect(playing(page)).toBeVisible();
    await expect(state(page)).toBeHidden();
    await expect.poll(() => shownFrame(page)).toBeGreaterThan(5);
    await page.screenshot({ path: join(pictures, 'cine-playing.png') });
    await page.keyboard.press('Space');
    await expect(playing(page)).toBeHidden();
    const stopped = await shownFrame(page);
    await expect(page.locator('[data-testid="frame-item"][data-on]')).toHaveAttribute(
      'aria-label',
      new RegExp(`^Frame ${stopped}\\b`),
    );
    await expect(state(page)).toBeVisible({ timeout: 30_000 });
  });

  await test.step('dragging along the timeline scrubs', async () => {
    const [from, middle, to] = [await onTimeline(page, 0), await onTimeline(page, 0.5), await onTimeline(page, 1)];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await expect(place(page)).toHaveText('1 / 30');
    await page.mouse.move(middle.x, middle.y, { steps: 5 });
    await expect.poll(() => shownFrame(page)).toBeGreaterThanOrEqual(15);
    expect(await shownFrame(page)).toBeLessThanOrEqual(16);
    await page.mouse.move(to.x, to.y, { steps: 5 });
    await expect(place(page)).toHaveText('30 / 30');
    await page.mouse.up();
    await expect(state(page)).toBeVisible({ timeout: 30_000 });
    await page.keyboard.press('Home');
    await expect(place(page)).toHaveText('1 / 30');
  });

  await test.step('a stroke stops a playing cine and paints nothing on a frame that passes by', async () => {
    await page.keyboard.press('p');
    await page.keyboard.press('Space');
    await expect(playing(page)).toBeVisible();
    const canvas = (await page.getByTestId('frame-canvas').boundingBox())!;
    await page.mouse.move(canvas.x + canvas.width / 2, canvas.y + canvas.height / 3);
    await page.mouse.down();
    await page.mouse.move(canvas.x + canvas.width / 2 + 60, canvas.y + canvas.height / 3, { steps: 4 });
    await page.mouse.up();
    await expect(playing(page)).toBeHidden();
    await expect(state(page)).toHaveAttribute('data-state', 'proposed', { timeout: 30_000 });
  });

  await test.step('a mask is followed through the cine, and one undo takes that back', async () => {
    await page.keyboard.press('Home');
    await expect(state(page)).toHaveAttribute('data-state', 'proposed', { timeout: 30_000 });
    await page.keyboard.press('k');
    await page.keyboard.press('Control+Shift+ArrowRight');
    const notice = page.getByTestId('notice');
    await expect(notice).toContainText(/Carried over to [1-9]\d* frames?\./, { timeout: 120_000 });
    const told = Number(/over to (\d+)/.exec((await notice.textContent()) ?? '')![1]);
    const proposed = page.locator('[data-testid="frame-item"][data-mark="proposed"]');
    await expect(proposed.first()).toBeVisible();
    await page.screenshot({ path: join(pictures, 'cine-followed.png') });
    await page.keyboard.press('ArrowRight');
    await expect(state(page)).toContainText('carried over');
    await page.keyboard.press('Control+z');
    await expect(state(page)).not.toContainText('carried over');
    expect(told).toBeGreaterThan(3);
  });

  await test.step('every frame of the cine gets a proposal, with its progress', async () => {
    await page.keyboard.press('Control+Shift+P');
    await expect(page.getByTestId('propose-progress')).toBeVisible();
    await expect(page.getByTestId('propose-progress')).toBeHidden({ timeout: 120_000 });
    await expect(page.getByTestId('notice')).toContainText(/frames a second|already/);
  });
  expect(troubles).toEqual([]);
});
