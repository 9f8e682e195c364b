// Another language, in the real application: a line in the registry is enough, everything shown follows it, and nothing bypasses the catalogue.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { skipWithoutChromium } from '../support/browser.ts';
import { SaidByApp, wordsOfPage } from '../support/page-words.ts';
import { pseudoText } from '../support/pseudo-language.ts';
import { buildPseudoInterface } from '../support/pseudo-interface.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';

skipWithoutChromium();

let app: ServedApp;
const folder = mkdtempSync(join(tmpdir(), 'sonosync-languages-'));
test.beforeAll(async () => {
  await buildPseudoInterface(folder);
  app = await serveApp(undefined, undefined, ['test/support/interface-host.ts', folder]);
});
test.afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Names of products and of languages, and hashes: the same in every language. */
const sameEverywhere = /\b(English|Pseudo|SonoSync|WebGPU|CPU|CUDA|DirectML|CoreML|[0-9a-f]{8})\b/g;

/** What the page shows in plain letters that neither the application said nor a name is. */
async function plainWords(page: Page, said: SaidByApp): Promise<string[]> {
  const words = await wordsOfPage(page);
  return words.filter((text) => {
    return /[A-Za-z]{2,}/.test(said.without(text).replaceAll(sameEverywhere, ' '));
  });
}

async function runCommand(page: Page, id: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByTestId(`palette-${id}`).click();
  await expect(page.getByTestId('command-palette')).toBeHidden();
}

test('everything is said in another language once it is chosen', async ({ page }) => {
  test.setTimeout(280_000);
  page.setDefaultTimeout(20_000);
  const said = new SaidByApp(page);
  await page.goto(app.address);
  await expect(page.getByTestId('workspace')).toBeVisible();
  await expect(page.getByTestId('review-state')).toBeVisible({ timeout: 120_000 });
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');

  // Before: the interface is full of plain words, so that finding none later says something.
  expect((await plainWords(page, said)).length).toBeGreaterThan(40);
  await page.keyboard.press('Control+k');
  await page.getByTestId('command-palette').getByRole('combobox').fill('pseudo');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('lang', 'qps');
  await expect(page.getByTestId('command-palette')).toBeHidden();

  const bypassing: Record<string, string[]> = {};
  const look = async (place: string): Promise<void> => {
    const words = await plainWords(page, said);
    if (words.length > 0) bypassing[place] = words;
  };
  const inDialog = async (command: string, ready: string, more?: () => Promise<void>): Promise<void> => {
    await runCommand(page, command);
    const dialog = page.getByRole('dialog');
    await expect(dialog.locator(ready).first()).toBeVisible();
    await look(command);
    await more?.();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  };

  await look('screen');
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette-edit.smooth')).toBeVisible();
  await look('palette');
  // What is searched for is what is shown.
  await page.getByTestId('command-palette').getByRole('combobox').fill(pseudoText('Smooth').slice(0, 5).toUpperCase());
  await expect(page.getByTestId('command-palette').getByRole('option')).toHaveCount(1);
  await expect(page.getByTestId('palette-edit.smooth')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('command-palette')).toBeHidden();
  await inDialog('view.shortcuts', '[data-testid=shortcuts]');
  await inDialog('work.import', '[data-testid=import-zone]');
  await inDialog('work.export', '[data-testid=export-preview]');
  await inDialog('work.import-annotations', 'p');
  await inDialog('work.receive', '[data-testid=intake-standing]');
  await inDialog('work.models', 'section');
  await inDialog('work.add-label', '[data-testid=label-set-labels]', async () => {
    await page.getByTestId('label-way').locator('label').nth(1).click();
    await expect(page.getByTestId('label-name')).toBeVisible();
    await look('a label of one’s own');
  });
  await page.getByTestId('view-card-button').click();
  await expect(page.getByTestId('view-card')).toBeVisible();
  await look('brightness and contrast');
  await page.keyboard.press('Escape');
  await page.getByTestId('study-filter').click();
  await look('filter');
  await page.keyboard.press('Escape');
  await page.getByTestId('label-menu').first().click();
  await expect(page.getByTestId('label-menu-items')).toBeVisible();
  await look('label menu');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('label-menu-items')).toBeHidden();
  await page.getByTestId('prompt-position').click();
  await expect(page.locator('[role=menu]:focus-within')).toBeVisible();
  await look('prompts');
  await page.keyboard.press('Escape');
  // While it is there, it has the keys.
  await expect(page.getByTestId('prompt-position-breast')).toBeHidden();
  // Notices, figures of a measurement and the place below the pointer.
  await runCommand(page, 'cine.copy-before');
  await look('notice');
  await runCommand(page, 'tool.caliper');
  const stage = (await page.getByTestId('frame-stage').boundingBox())!;
  const [x, y] = [stage.x + stage.width / 2, stage.y + stage.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y + 20, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByTestId('measurement-row')).toBeVisible();
  await look('measurement');
  expect(bypassing).toEqual({});

  // The choice outlives the page.
  await page.reload();
  await expect(page.getByTestId('workspace')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'qps');
});
