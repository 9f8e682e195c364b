// The main screen and its dialogs for those who see them badly or hear them, in the real application: contrast in both themes at several
// sizes of text, a name for every control, and room for all tools in the smallest window.
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { pictures, skipWithoutChromium } from '../support/browser.ts';
import { faintTexts, namelessControls } from '../support/seen-and-heard.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';

skipWithoutChromium();

let app: ServedApp;
test.beforeAll(async () => {
  app = await serveApp();
});
test.afterAll(() => app.stop());

const dialogs = [
  'view.shortcuts',
  'work.import',
  'work.export',
  'work.import-annotations',
  'work.receive',
  'work.models',
  'work.add-label',
  'label.edit',
];

async function runCommand(page: Page, id: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByTestId(`palette-${id}`).click();
  await expect(page.getByTestId('command-palette')).toBeHidden();
}

test('texts have contrast and controls have names', async ({ page }) => {
  test.setTimeout(280_000);
  page.setDefaultTimeout(20_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(app.address);
  await expect(page.getByTestId('review-state')).toBeVisible({ timeout: 120_000 });
  /** Where each was seen first. */
  const faults = new Map<string, string>();
  const look = async (place: string): Promise<void> => {
    for (const { text, ratio, color, behind } of await faintTexts(page)) {
      const fault = `${ratio}:1 ${color} on ${behind}: ${text}`;
      if (!faults.has(fault)) faults.set(fault, place);
    }
    for (const control of await namelessControls(page)) if (!faults.has(control)) faults.set(control, place);
  };
  const scaleIs = (scale: number) =>
    expect
      .poll(() =>
        page.locator('html').evaluate((element) => getComputedStyle(element).getPropertyValue('--text-scale')),
      )
      .toBe(String(scale));

  // That it finds what is wrong: dim grey on grey, and a button of nothing but a picture.
  await page.evaluate(() => {
    const planted = document.createElement('div');
    planted.id = 'planted';
    planted.innerHTML = '<p style="color: #777; background: #888">too faint</p><button><svg></svg></button>';
    document.body.append(planted);
  });
  expect((await faintTexts(page)).map(({ text }) => text)).toContain('too faint');
  expect((await namelessControls(page)).join()).toContain('<button><svg></svg></button>');
  await page.evaluate(() => document.getElementById('planted')?.remove());

  for (const theme of ['dark', 'light']) {
    if (theme === 'light') await page.keyboard.press('Control+Shift+L');
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
    await look(`${theme}, usual text`);
    await page.keyboard.press('Control+Alt+ArrowDown');
    await scaleIs(0.9);
    await look(`${theme}, small text`);
    for (let i = 0; i < 4; i += 1) await page.keyboard.press('Control+Alt+ArrowUp');
    await scaleIs(1.5);
    await look(`${theme}, large text`);
    await page.screenshot({ path: join(pictures, `large-text-${theme}.png`) });
    await runCommand(page, 'work.models');
    await expect(page.getByRole('dialog')).toBeVisible();
    await expect(page.getByRole('dialog').locator('.mantine-Modal-body')).toHaveCSS('zoom', '1.5');
    await look(`${theme}, a dialog in large text`);
    await page.screenshot({ path: join(pictures, `large-text-dialog-${theme}.png`) });
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('Control+Alt+ArrowDown');
    await scaleIs(1);
    await page.keyboard.press('Control+k');
    await expect(page.getByTestId('palette-edit.smooth')).toBeVisible();
    await look(`${theme}, palette`);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('command-palette')).toBeHidden();
    for (const id of dialogs) {
      await runCommand(page, id);
      await expect(page.getByRole('dialog')).toBeVisible();
      // What a dialog asks the application for is there.
      await expect(page.getByRole('dialog').locator('.mantine-Loader-root')).toHaveCount(0);
      await look(`${theme}, ${id}`);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
    }
    await page.getByTestId('view-card-button').click();
    await expect(page.getByTestId('view-card')).toBeVisible();
    await look(`${theme}, brightness and contrast`);
    await page.keyboard.press('Escape');
    await page.getByTestId('study-filter').click();
    await look(`${theme}, filter`);
    await page.keyboard.press('Escape');
    await page.getByTestId('label-menu').first().click();
    await expect(page.getByTestId('label-menu-items')).toBeVisible();
    await look(`${theme}, label menu`);
    await page.keyboard.press('Escape');
  }
  expect([...faults]).toEqual([]);

  await test.step('in the smallest window every tool is there at its full size', async () => {
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.keyboard.press('p');
    const bar = page.getByTestId('tool-bar');
    await expect(bar.getByTestId('brush-size')).toBeInViewport({ ratio: 1 });
    const tools = await bar.getByRole('button').all();
    expect(tools.length).toBeGreaterThan(10);
    for (const tool of tools) {
      await expect(tool).toBeInViewport({ ratio: 1 });
      const { width, height } = (await tool.boundingBox())!;
      expect([width, height]).toEqual([36, 36]);
    }
    expect(await bar.evaluate((element) => element.scrollHeight <= element.clientHeight)).toBe(true);
    await page.screenshot({ path: join(pictures, 'smallest-window.png') });
  });
});
