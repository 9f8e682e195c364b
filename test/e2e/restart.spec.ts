// What the reader set up is there after a restart of the application, at another address and in a browser that remembers nothing.
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { pictures, skipWithoutChromium } from '../support/browser.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';

skipWithoutChromium();
test.use({ viewport: { width: 1280, height: 720 } });

let app: ServedApp;
test.beforeAll(async () => {
  app = await serveApp();
});
test.afterAll(() => app.stop());

async function open(page: Page): Promise<void> {
  await page.goto(app.address);
  await expect(page.getByTestId('review-state')).toBeVisible({ timeout: 60_000 });
}

/** What a reader sees of the choices that were made. */
async function choices(page: Page) {
  await page.getByTestId('view-card-button').click();
  await expect(page.getByTestId('view-card')).toBeVisible();
  const seen = {
    scheme: await page.locator('html').getAttribute('data-mantine-color-scheme'),
    textScale: await page
      .getByTestId('workspace')
      .evaluate((element) => getComputedStyle(element).getPropertyValue('--text-scale')),
    rightPanel: await page.getByTestId('panel-edge-right').getAttribute('aria-valuenow'),
    leftPanelShown: await page.getByTestId('workspace').getAttribute('data-left'),
    level: await page.getByTestId('window-figure-center').textContent(),
    crosshair: await page.getByTestId('command-display.crosshair').getAttribute('aria-pressed'),
    frame: await page.getByTestId('frame-position').textContent(),
    accepting: await page.getByTestId('command-decide.accept').getAttribute('aria-keyshortcuts'),
  };
  await page.keyboard.press('Escape');
  await page.getByTestId('label-menu').first().click();
  const outline = await page.getByTestId('label-outline').textContent();
  await page.keyboard.press('Escape');
  // Until it is gone, keys are the menu's.
  await expect(page.getByTestId('label-outline')).toBeHidden();
  return { ...seen, outline };
}

test('choices outlive a restart', async ({ browser }) => {
  test.setTimeout(150_000);
  const first = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await first.newPage();
  await open(page);
  const before = await choices(page);

  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('frame-position')).toContainText('2');
  await page.keyboard.press('Control+Shift+L');
  await page.keyboard.press('Control+Alt+ArrowUp');
  await page.getByTestId('panel-edge-right').focus();
  await page.keyboard.press('ArrowLeft');
  await page.locator('body').click({ position: { x: 640, y: 4 } });
  await page.keyboard.press('Control+b');
  await page.keyboard.press('i');
  await page.keyboard.press('Alt+ArrowUp');
  await page.keyboard.press('Shift+F');
  await page.keyboard.press('?');
  await page.getByTestId('key-of-decide.accept').click();
  await page.keyboard.press('Shift+A');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('command-decide.accept')).toHaveAttribute('aria-keyshortcuts', 'Shift+A');
  const chosen = await choices(page);
  for (const name of Object.keys(before) as (keyof typeof before)[]) expect(chosen[name], name).not.toBe(before[name]);
  await page.screenshot({ path: join(pictures, 'restart-1-before.png') });
  const { origin } = new URL(page.url());
  await first.close();

  await app.restart();
  const second = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const later = await second.newPage();
  await open(later);
  expect(new URL(later.url()).origin).not.toBe(origin);
  expect(await choices(later)).toEqual(chosen);
  await later.screenshot({ path: join(pictures, 'restart-2-after.png') });
  expect(await later.evaluate(() => window.localStorage.length)).toBe(0);
  await second.close();
});
