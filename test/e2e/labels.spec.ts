// Several labels in one frame, the view, and measuring by hand, as a sonographer does it in the real application.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { pictures, skipWithoutChromium } from '../support/browser.ts';
import { dragPointer, findMapping, maskArea } from '../support/canvas-pointer.ts';
import { calibratedDicom } from '../support/regions.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';

skipWithoutChromium();
test.use({ viewport: { width: 1280, height: 720 } });

let app: ServedApp;
let folder: string;
let troubles: string[];

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sonosync-labels-'));
  writeFileSync(join(folder, 'calibrated.dcm'), calibratedDicom());
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));
// Each test has an app of its own: an address is good for one page.
test.beforeEach(async () => {
  app = await serveApp();
});
test.afterEach(() => app.stop());

const row = (page: Page, name: string): Locator => page.getByTestId('label-row').filter({ hasText: name });
const picture = (page: Page, name: string) => page.screenshot({ path: join(pictures, `labels-${name}.png`) });

/** The colour on the screen at a place of the page, as what was drawn there. */
async function colorAt(page: Page, { x, y }: { x: number; y: number }): Promise<readonly [number, number, number]> {
  const png = await page.screenshot({ clip: { x: Math.round(x), y: Math.round(y), width: 1, height: 1 } });
  return page.evaluate(
    async (bytes) => {
      const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
      const context = new OffscreenCanvas(1, 1).getContext('2d')!;
      context.drawImage(image, 0, 0);
      const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
      return [red, green, blue] as const;
    },
    [...png],
  );
}

/** What is drawn on the layer of the other labels: a hash of it (FNV-1a), and how many pixels are not empty. */
async function labelPixels(page: Page): Promise<{ readonly hash: number; readonly inked: number }> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-layer="labels"]')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return {
      hash: data.reduce((hash, byte) => Math.imul(hash ^ byte, 16_777_619) >>> 0, 2_166_136_261),
      inked: data.filter((value, index) => index % 4 === 3 && value > 0).length,
    };
  });
}

/** How far a colour is from grey. */
const colorfulness = (color: readonly number[]): number => Math.max(...color) - Math.min(...color);

async function open(page: Page): Promise<void> {
  troubles = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(app.address);
  await expect(page.getByTestId('review-state')).toBeVisible({ timeout: 60_000 });
  const hints = page.getByLabel('Dismiss the hints');
  if (await hints.isVisible()) await hints.click();
}

test('several labels, seen, hidden, locked and put away', async ({ page }) => {
  await open(page);
  const { toPage } = await findMapping(page);

  await test.step('labels come from a set, with their codes', async () => {
    await page.keyboard.press('Shift+L');
    await expect(page.getByTestId('label-set')).toHaveValue('Breast');
    await page.getByText('Breast cyst', { exact: true }).click();
    await page.getByText('Axillary lymph node', { exact: true }).click();
    await picture(page, '1-set');
    await page.getByTestId('label-set-add').click();
    await expect(page.getByTestId('label-set')).toBeHidden();
    await expect(page.getByTestId('label-row')).toHaveCount(3);
    await expect(row(page, 'Breast cyst')).toHaveAttribute('data-on', 'true');
    await expect(row(page, 'Breast cyst')).toContainText('Cyst · breast');
  });

  const inCyst = toPage(500, 400);
  await test.step('the mask of one stays in sight while another is worked on', async () => {
    await page.keyboard.press('p');
    await dragPointer(page, [toPage(480, 400), toPage(520, 400)]);
    await expect(page.getByTestId('review-state')).toHaveAttribute('data-state', 'edited');
    await page.keyboard.press('3');
    await expect(row(page, 'Axillary lymph node')).toHaveAttribute('data-on', 'true');
    await page.mouse.move(5, 5);
    await expect.poll(async () => colorfulness(await colorAt(page, inCyst))).toBeGreaterThan(20);
    await expect(row(page, 'Breast cyst').getByLabel('corrected, not accepted yet')).toBeVisible();
    await page.keyboard.press('p');
    await dragPointer(page, [toPage(440, 380), toPage(500, 380)]);
    await picture(page, '2-several');
  });

  await test.step('back from another frame they look as before, pixel by pixel', async () => {
    await page.keyboard.press('1');
    await expect(row(page, 'Lesion')).toHaveAttribute('data-on', 'true');
    const drawn = await labelPixels(page);
    expect(drawn.inked).toBeGreaterThan(500);
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await labelPixels(page)).inked).toBe(0);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => labelPixels(page)).toEqual(drawn);
    // Drawn anew for another view, and again for this one.
    await page.keyboard.press('+');
    await expect.poll(async () => (await labelPixels(page)).hash).not.toBe(drawn.hash);
    await page.keyboard.press('0');
    await expect.poll(() => labelPixels(page)).toEqual(drawn);
    await page.keyboard.press('3');
    await expect(row(page, 'Axillary lymph node')).toHaveAttribute('data-on', 'true');
  });

  await test.step('the eye hides it, and the key of the others all of them', async () => {
    await page.keyboard.press('1');
    await row(page, 'Breast cyst').getByTestId('label-eye').click();
    await row(page, 'Axillary lymph node').getByTestId('label-eye').click();
    await page.mouse.move(5, 5);
    await expect.poll(async () => colorfulness(await colorAt(page, inCyst))).toBeLessThan(5);
    await row(page, 'Breast cyst').getByTestId('label-eye').click();
    await expect.poll(async () => colorfulness(await colorAt(page, inCyst))).toBeGreaterThan(20);
    await page.keyboard.press('Shift+H');
    await expect.poll(async () => colorfulness(await colorAt(page, inCyst))).toBeLessThan(5);
    await page.keyboard.press('Shift+H');
  });

  await test.step('a locked label is not painted on, and says so', async () => {
    await page.keyboard.press('2');
    await expect(row(page, 'Breast cyst')).toHaveAttribute('data-on', 'true');
    const before = await maskArea(page);
    await row(page, 'Breast cyst').getByTestId('label-lock').click();
    await page.keyboard.press('p');
    await dragPointer(page, [toPage(200, 200), toPage(260, 200)]);
    await expect(page.getByTestId('notice')).toContainText('Breast cyst is locked');
    expect(await maskArea(page)).toBe(before);
    await picture(page, '3-locked');
    await row(page, 'Breast cyst').getByTestId('label-lock').click();
    await dragPointer(page, [toPage(200, 200), toPage(260, 200)]);
    expect(await maskArea(page)).toBeGreaterThan(before);
    await page.keyboard.press('Control+z');
  });

  await test.step('its colour and code are changed; in use, it is put away instead of removed', async () => {
    await row(page, 'Breast cyst').getByTestId('label-menu').click();
    await expect(page.getByTestId('label-menu-items')).toContainText('It has 1 annotated frame');
    await expect(page.getByTestId('label-remove')).toHaveCount(0);
    await page.getByTestId('label-edit').click();
    await page.getByTestId('label-color').fill('#3366ff');
    await picture(page, '4-edit');
    await page.getByTestId('label-submit').click();
    await expect(page.getByTestId('edit-label-dialog')).toBeHidden();
    await row(page, 'Breast cyst').getByTestId('label-menu').click();
    await page.getByTestId('label-hide').click();
    await expect(page.getByTestId('label-row')).toHaveCount(2);
    await page.getByTestId('hidden-labels').getByText('1 put away').click();
    await page.getByText('Bring back').click();
    await expect(page.getByTestId('label-row')).toHaveCount(3);
  });
  expect(troubles).toEqual([]);
});

test('the view is turned and brightened without a pixel of the work changing place', async ({ page }) => {
  await open(page);
  const upright = await findMapping(page);
  const place = upright.toPage(300, 120);
  const position = page.getByTestId('pointer-position');

  await test.step('brightness and contrast with the right button; the grey value stays the stored one', async () => {
    await page.mouse.move(place.x, place.y);
    const stored = await position.textContent();
    expect(stored).toMatch(/\d+, \d+ px · grey \d+/);
    const before = await colorAt(page, place);
    await page.mouse.down({ button: 'right' });
    await page.mouse.move(place.x, place.y - 120, { steps: 6 });
    await page.mouse.up({ button: 'right' });
    await page.mouse.move(place.x, place.y);
    await expect(position).toHaveText(stored!);
    await page.mouse.move(5, 5);
    await expect.poll(async () => (await colorAt(page, place))[0]).toBeGreaterThan(before[0] + 20);
    await page.getByTestId('view-card-button').click();
    await expect(page.getByTestId('window-figure-center')).not.toHaveText('level 128');
    await picture(page, '5-view');
    await page.getByTestId('window-whole').click();
    await expect.poll(async () => (await colorAt(page, place))[0]).toBe(before[0]);
    await page.mouse.click(place.x, place.y);
    await expect(page.getByTestId('view-card')).toBeHidden();
    await page.keyboard.press('Control+z');
  });

  await test.step('what is painted in a turned and mirrored view lies where it was pointed at', async () => {
    await page.keyboard.press('.');
    await page.keyboard.press('/');
    const box = (await page.getByTestId('frame-canvas').boundingBox())!;
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 - 10 };
    await page.mouse.move(middle.x, middle.y);
    const [column, row] = (await position.textContent())!.match(/\d+/g)!.map(Number);
    await page.keyboard.press('e');
    for (let i = 0; i < 6; i += 1) await page.keyboard.press(']');
    await page.mouse.click(middle.x, middle.y);
    await page.keyboard.press('p');
    await page.mouse.click(middle.x, middle.y);
    await picture(page, '6-turned');
    await page.keyboard.press(',');
    const { toPage } = await findMapping(page);
    const back = toPage(column + 0.5, row + 0.5);
    await page.mouse.move(5, 5);
    expect(colorfulness(await colorAt(page, back))).toBeGreaterThan(15);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
  });
  expect(troubles).toEqual([]);
});

test('lengths, ellipses and angles in millimetres, kept and taken back', async ({ page }) => {
  await open(page);
  await page.keyboard.press('Control+o');
  await page.locator('input[type=file]').first().setInputFiles(join(folder, 'calibrated.dcm'));
  await expect(page.getByTestId('frame-scale')).toContainText('mm/px', { timeout: 30_000 });
  // The dialog stays while the import goes on.
  await expect(async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('import-zone')).toBeHidden({ timeout: 500 });
  }).toPass();
  const { toPage } = await findMapping(page);
  const rows = page.getByTestId('measurement-row');
  const click = ({ x, y }: { x: number; y: number }) => page.mouse.click(x, y);

  await test.step('each axis has its own scale', async () => {
    await page.keyboard.press('m');
    // 30 columns of 0.1 mm and 20 rows of 0.2 mm: 3 by 4 is 5.
    await dragPointer(page, [toPage(10, 10), toPage(40, 30)]);
    await expect(rows).toHaveCount(1);
    expect(Number(/([\d.]+) mm/.exec((await page.getByTestId('measurement-figures').textContent())!)![1])).toBeCloseTo(
      5,
      0,
    );
    await expect(rows).toContainText('region 1');
    await page.keyboard.press('o');
    await dragPointer(page, [toPage(10, 45), toPage(40, 45)]);
    await click(toPage(25, 52));
    await page.keyboard.press('j');
    await dragPointer(page, [toPage(60, 50), toPage(60, 30)]);
    await click(toPage(80, 30));
    await expect(rows).toHaveCount(3);
    await expect(rows.nth(1)).toContainText('Circumference');
    await expect(rows.nth(2)).toContainText('90.0°');
    await expect(rows.nth(2)).toContainText('region 2');
    await page.keyboard.press('u');
    await picture(page, '7-measured');
  });

  await test.step('across regions it is refused, with the reason', async () => {
    await page.keyboard.press('m');
    await dragPointer(page, [toPage(30, 20), toPage(70, 20)]);
    await expect(page.getByTestId('notice')).toContainText('two regions');
    await expect(rows).toHaveCount(3);
  });

  await test.step('a handle changes it, Delete removes it, undo brings both back, a reload too', async () => {
    const before = (await rows.first().textContent())!;
    await dragPointer(page, [toPage(40, 30), toPage(45, 40)]);
    await expect(rows.first()).not.toHaveText(before);
    await page.keyboard.press('Delete');
    await expect(rows).toHaveCount(2);
    await page.keyboard.press('Control+z');
    await expect(rows).toHaveCount(3);
    await page.keyboard.press('Control+z');
    await expect(rows.first()).toHaveText(before);
    await page.reload();
    await expect(rows).toHaveCount(3, { timeout: 30_000 });
    await expect(rows.first()).toHaveText(before);
  });

  await test.step('what cannot be saved is kept and said to be unsaved, then saved', async () => {
    // Another program holds the database of the workspace.
    const other = new DatabaseSync(join(app.home, 'workspaces', 'sample', 'workspace.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    await page.keyboard.press('m');
    await dragPointer(page, [toPage(55, 10), toPage(85, 10)]);
    await expect(rows).toHaveCount(4);
    await expect(rows.nth(3).getByTestId('measurement-unsaved')).toBeVisible({ timeout: 10_000 });
    await expect(page.locator('[data-testid="save-state"][data-state="retrying"]')).toContainText('another program');
    await picture(page, '8-unsaved');
    other.exec('ROLLBACK');
    other.close();
    await expect(page.locator('[data-testid="save-state"][data-state="saved"]')).toBeVisible({ timeout: 15_000 });
    await expect(page.getByTestId('measurement-unsaved')).toHaveCount(0);
  });

  await test.step('its menu gives it to another label or to none', async () => {
    await rows.nth(3).getByTestId('measurement-menu').click();
    await picture(page, '9-move');
    await page.getByRole('menuitem', { name: 'No label' }).click();
    await expect(rows.nth(3)).not.toContainText('Lesion');
    await page.reload();
    await expect(rows).toHaveCount(4, { timeout: 30_000 });
    await expect(rows.nth(3)).not.toContainText('Lesion');
    await rows.nth(3).getByRole('button').first().click();
    await page.keyboard.press('Shift+M');
    await expect(rows.nth(3)).toContainText('Lesion');
  });

  await test.step('on a large screen and in the light', async () => {
    await page.setViewportSize({ width: 1920, height: 1080 });
    await page.keyboard.press('Control+Shift+L');
    await page.keyboard.press('i');
    await page.mouse.move(900, 400);
    await page.waitForTimeout(300);
    await picture(page, '10-light');
    await page.keyboard.press('Control+Shift+L');
  });
  expect(troubles).toEqual([]);
});
