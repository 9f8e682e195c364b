// Two adapters side by side in the real application: one view over two pictures, figures that are those of the masks, and a way out by one key.
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { homeAt } from '../../electron/app/home.ts';
import { launchApp } from '../../electron/app/launch.ts';
import { decodeMask, maskDice } from '../../electron/common/mask.ts';
import { serializeAdapter } from '../../electron/inference/adapter.ts';
import { LoadedModel } from '../../electron/inference/loaded-model.ts';
import { isPromptProjection } from '../../models/perceptguide/parameters.ts';
import { pictures, skipWithoutChromium } from '../support/browser.ts';
import { askApp } from '../support/page-api.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';

const starter = join(import.meta.dirname, '../../models/perceptguide-starter');

skipWithoutChromium();
test.use({ viewport: { width: 1280, height: 720 } });

/** The sample study with two adapters of its label, one more unlike the base model than the other. */
async function addAdapters(home: string): Promise<void> {
  const app = await launchApp({ host: 'cli', workspaceFolder: null, home: homeAt(home), warn: () => {} });
  try {
    const { hash, runner } = await LoadedModel.load(starter, 'cpu');
    const { network } = runner;
    const [label] = app.context.store.listLabels();
    const prompts = { position: label.position, task: 'segmentation', mode: 'whole', type: label.type } as const;
    const record = { modelHash: hash, prompts, trainRevisionIds: [], validationRevisionIds: [], seed: 1, settings: {} };
    const metrics = { validationBefore: 0.6, validationAfter: 0.8, caution: null };
    for (const factor of [1.15, 0.8]) {
      const projections = new Map(
        [...network.weights]
          .filter(([name]) => isPromptProjection(name))
          .map(([name, { data }]) => [name, data.map((value) => value * factor)] as const),
      );
      const bytes = serializeAdapter(network.weights, projections, { ...record, ...metrics });
      const { id } = await app.context.store.saveAdapter({ ...record, labelId: label.id, metrics }, bytes);
      await app.send('adapter:activate', { labelId: label.id, adapterId: id });
    }
  } finally {
    await app.close();
  }
}

let app: ServedApp;
test.beforeAll(async () => {
  app = await serveApp(addAdapters);
});
test.afterAll(() => app.stop());

const picture = (page: Page, name: string) => page.screenshot({ path: join(pictures, `comparison-${name}.png`) });

/** What is drawn on the first layer of a pane, the frame's picture: a hash of its pixels. */
async function shownPicture(page: Page, pane: 'before-canvas' | 'frame-canvas'): Promise<number> {
  return page.evaluate((testId) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`[data-testid="${testId}"] canvas`)!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return data.reduce((hash, byte) => Math.imul(hash ^ byte, 16_777_619) >>> 0, 2_166_136_261);
  }, pane);
}

/** Both panes show the same picture at the same place; returns it. */
async function samePicture(page: Page): Promise<number> {
  let shown = 0;
  await expect(async () => {
    shown = await shownPicture(page, 'frame-canvas');
    expect(await shownPicture(page, 'before-canvas')).toBe(shown);
  }).toPass();
  return shown;
}

test('two adapters side by side', async ({ page }) => {
  test.setTimeout(180_000);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(app.address);
  await expect(page.getByTestId('review-state')).toHaveAttribute('data-state', 'proposed', { timeout: 60_000 });
  const hints = page.getByLabel('Dismiss the hints');
  if (await hints.isVisible()) await hints.click();
  const titles = page.getByTestId('comparison');

  await test.step('one key opens it, with who proposed what', async () => {
    await page.keyboard.press('Shift+B');
    await expect(page.getByTestId('comparison-before')).toContainText('Adapter of');
    await expect(page.getByTestId('comparison-now')).toContainText('Adapter of');
    await expect(page.getByTestId('comparison-before')).toContainText('Nobody has corrected');
    await expect(page.getByTestId('comparison-between')).toContainText(/Dice 0\.\d{3}/);
    await picture(page, '1-proposed');
  });

  await test.step('the wheel and a drag on either picture move both', async () => {
    const [left, right] = await Promise.all(
      ['before-canvas', 'frame-canvas'].map(async (id) => (await page.getByTestId(id).boundingBox())!),
    );
    expect(left.width).toBe(right.width);
    const before = await samePicture(page);
    await page.mouse.move(left.x + 150, left.y + 250);
    await page.mouse.wheel(0, -400);
    const zoomed = await samePicture(page);
    expect(zoomed).not.toBe(before);
    await page.mouse.down();
    await page.mouse.move(left.x + 190, left.y + 230, { steps: 4 });
    await page.mouse.up();
    const moved = await samePicture(page);
    expect(moved).not.toBe(zoomed);
    await page.mouse.move(right.x + 150, right.y + 250);
    await page.mouse.wheel(0, -300);
    expect(await samePicture(page)).not.toBe(moved);
    await page.keyboard.press('0');
    expect(await samePicture(page)).toBe(before);
  });

  await test.step('a correction is what both are measured by, and where they differ can be marked', async () => {
    const right = (await page.getByTestId('frame-canvas').boundingBox())!;
    await page.keyboard.press('p');
    await page.mouse.move(right.x + 140, right.y + 310);
    await page.mouse.down();
    await page.mouse.move(right.x + 170, right.y + 340, { steps: 4 });
    await page.mouse.up();
    await expect(page.locator('[data-testid="save-state"][data-state="saved"]')).toBeVisible();
    await page.keyboard.press('Shift+N');
    await expect(page.getByTestId('comparison-only-now')).toContainText(/px only now/);
    await picture(page, '2-difference');
    const [{ id: labelId }] = await askApp(page, 'label:list', {});
    const { revision } = await loadCorrected(page, labelId);
    const adapters = await askApp(page, 'adapter:list', { labelId });
    const { frameId } = revision;
    const [frame] = (await askApp(page, 'strip:load', { frameId })).frames;
    const decode = (mask: Uint8Array) => decodeMask(mask, frame.width, frame.height);
    for (const [side, adapterId] of [
      ['before', adapters[1].id],
      ['now', adapters[0].id],
    ] as const) {
      const { mask } = await askApp(page, 'proposal:preview', { frameId, labelId, box: null, adapterId });
      const dice = maskDice(decode(mask), decode(revision.mask));
      await expect(page.getByTestId(`comparison-dice-${side}`)).toContainText(`Dice ${dice.toFixed(3)} with your`);
    }
  });

  await test.step('another can be chosen for the left', async () => {
    const before = await page.getByTestId('comparison-dice-before').textContent();
    await page.getByTestId('comparison-choice').click();
    await page.getByRole('menuitem', { name: 'Base model' }).click();
    await expect(page.getByTestId('comparison-before')).toContainText('Base model');
    await expect(page.getByTestId('comparison-dice-before')).not.toHaveText(before!);
    await page.keyboard.press('Control+Shift+L');
    await page.setViewportSize({ width: 2560, height: 1440 });
    await page.waitForTimeout(300);
    await picture(page, '3-light');
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.keyboard.press('Control+Shift+L');
  });

  await test.step('one key ends it', async () => {
    await page.keyboard.press('Escape');
    await expect(titles).toBeHidden();
    await expect(page.getByTestId('before-canvas')).toBeHidden();
    await page.keyboard.press('Shift+B');
    await expect(titles).toBeVisible();
    await page.keyboard.press('Shift+B');
    await expect(titles).toBeHidden();
  });
  expect(troubles).toEqual([]);
});

/** The one frame that has a revision. */
async function loadCorrected(page: Page, labelId: string) {
  for (const { id: studyId } of await askApp(page, 'study:list', {})) {
    for (const frame of await askApp(page, 'study:frames', { studyId })) {
      const { revision } = await askApp(page, 'annotation:load', { frameId: frame.id, labelId });
      if (revision) return { revision };
    }
  }
  throw new Error('No frame has a revision.');
}
