// What a model knows of classes, in the real application: told with a proposal and its worth, kept back where it would mislead.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serializeManifest, type ModelManifest } from '../../models/manifest.ts';
import { skipWithoutChromium } from '../support/browser.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';

const starter = join(import.meta.dirname, '../../models/perceptguide-starter');

skipWithoutChromium();

/** The starter under another id, with classes that are good enough of whole frames and not of local ones. */
function installModel(home: string): void {
  const folder = join(home, 'models', 'classes');
  mkdirSync(folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(starter, 'manifest.json'), 'utf8')) as ModelManifest; // the shipped one
  for (const { name } of manifest.files) copyFileSync(join(starter, name), join(folder, name));
  const metrics = { n: 266, positives: 67, accuracy: 0.81, balancedAccuracy: 0.74, sensitivity: 0.6, specificity: 0.88, majorityRate: 0.75, expectedCalibrationError: 0.04 }; // prettier-ignore
  const classification = (['whole', 'local'] as const).map((mode) => ({
    position: 'breast' as const,
    type: 'tumor' as const,
    mode,
    classes: ['benign', 'malignant'] as [string, string],
    temperature: 0.5,
    bias: -0.3,
    metrics: { ...metrics, auc: mode === 'whole' ? 0.82 : 0.6 },
  }));
  writeFileSync(join(folder, 'manifest.json'), serializeManifest({ ...manifest, id: 'classes', classification }));
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ model: 'classes' }));
}

let app: ServedApp;
test.beforeAll(async () => {
  app = await serveApp(installModel);
});
test.afterAll(() => app.stop());

test('classes are told with a proposal, and kept back for the input of which too little is known', async ({ page }) => {
  test.setTimeout(240_000);
  await page.goto(app.address);
  await page.getByTestId('study-row').first().click();
  await page.getByTestId('frame-item').first().click();
  const facts = page.getByTestId('class-facts');
  await expect(facts).toBeVisible({ timeout: 120_000 });
  const shares = await Promise.all(
    ['benign', 'malignant'].map(async (name) =>
      parseInt((await page.getByTestId(`class-${name}`).innerText()).replace(/\D+/, ''), 10),
    ),
  );
  expect(shares[0] + shares[1]).toBeGreaterThanOrEqual(99);
  expect(shares[0] + shares[1]).toBeLessThanOrEqual(101);
  await expect(page.getByTestId('class-calibration')).toContainText('266 validation images (25% malignant)');

  await page.getByTestId('prompt-mode').click();
  await page.getByTestId('prompt-mode-local').click();
  await expect(facts).toBeHidden({ timeout: 60_000 });

  await page.getByTestId('model-button').click();
  const rows = page.getByTestId('class-table').getByRole('row');
  await expect(rows.nth(1)).toContainText('breast tumor, whole');
  await expect(rows.nth(1)).toContainText('0.82');
  await expect(rows.nth(2)).toContainText('not shown');
  await expect(page.getByTestId('classes-not-shown')).toBeVisible();
});
