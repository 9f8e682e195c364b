// A folder as it comes from a disc or a colleague, good files and bad: what can be read comes in, the rest is listed in plain words.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { encodePng } from '../../electron/files/image.ts';
import { imageElements, writeDicom } from '../dicom/write-dicom.ts';
import { animatedGif, pagedTiff } from '../files/animated-pictures.ts';
import { pictures, skipWithoutChromium } from '../support/browser.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';

skipWithoutChromium();

let app: ServedApp;
let folder: string;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sonosync-import-'));
  app = await serveApp();
});
test.afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Speckle: such a picture is as large as a real one of its size. */
async function scan(seed: number): Promise<Uint8Array> {
  const pixels = Uint8Array.from({ length: 320 * 240 }, (_, index) => ((index * 7919) ^ (seed * 104_729)) % 251);
  return encodePng({ width: 320, height: 240, channels: 1, pixels });
}

async function writeMixedFolder(): Promise<string> {
  const disc = join(folder, 'Disc of 3 May');
  mkdirSync(join(disc, 'Left kidney'), { recursive: true });
  const good = await scan(1);
  writeFileSync(join(disc, 'Left kidney', 'scan_1.png'), good);
  writeFileSync(join(disc, 'Left kidney', 'scan_2.png'), await scan(2));
  writeFileSync(join(disc, 'Left kidney', 'scan_3.png'), good.subarray(0, 2000));
  writeFileSync(join(disc, 'Left kidney', 'letter.pdf'), '%PDF-1.4 A letter.');
  writeFileSync(join(disc, 'sweep.tif'), await pagedTiff([40, 80, 120]));
  writeFileSync(join(disc, 'loop.gif'), await animatedGif([40, 80], [50, 50]));
  writeFileSync(join(disc, 'IM0001'), writeDicom(imageElements()));
  writeFileSync(join(disc, 'IM0002.dcm'), writeDicom(imageElements()).subarray(0, 300));
  writeFileSync(join(disc, 'old.zip'), 'PK\u0003\u0004 an archive');
  writeFileSync(join(disc, 'empty.dcm'), '');
  writeFileSync(join(disc, 'readme.txt'), 'How to use the viewer on this disc.');
  writeFileSync(join(disc, '.DS_Store'), 'hidden');
  return disc;
}

async function openImportDialog(page: Page): Promise<void> {
  await page.goto(app.address);
  await expect(page.getByTestId('workspace')).toBeVisible();
  await page.keyboard.press('Control+o');
  await expect(page.getByTestId('import-zone')).toBeVisible();
}

test('a folder of good and bad files: the good ones come in, the others are named with the reason', async ({
  page,
}) => {
  const disc = await writeMixedFolder();
  await openImportDialog(page);
  await page.getByTestId('import-folder').setInputFiles(disc);
  const report = page.getByTestId('import-report');
  await expect(report).toContainText('5 files were imported.');
  const reasons = await page.getByTestId('import-failure').allInnerTexts();
  expect(reasons.map((reason) => reason.replaceAll(/\s+/g, ' ')).toSorted()).toEqual([
    expect.stringMatching(/^IM0002\.dcm Is damaged or cut short/),
    'empty.dcm Is empty.',
    expect.stringMatching(/^scan_3\.png Is damaged or incomplete/),
  ]);
  await page.getByText('3 files beside them are no images').click();
  const beside = await page.getByTestId('import-beside').allInnerTexts();
  expect(beside.map((reason) => reason.replaceAll(/\s+/g, ' ')).toSorted()).toEqual([
    'letter.pdf Is a PDF document.',
    expect.stringContaining('unpack an archive'),
    'readme.txt Is a text file.',
  ]);
  await page.screenshot({ path: join(pictures, 'import-report-dark.png') });
  await page.keyboard.press('Escape');
  await expect(page.getByText('Left kidney').first()).toBeVisible();
  await page.screenshot({ path: join(pictures, 'import-after.png') });

  await page.keyboard.press('Control+o');
  await expect(page.getByTestId('import-report')).toHaveCount(0);
  await page.getByTestId('import-folder').setInputFiles(disc);
  await expect(page.getByTestId('import-report')).toContainText('5 files were here already.');
  await page.keyboard.press('Escape');

  // Dropped on the window: where there is nothing to tell, the dialog goes by itself.
  const transfer = await page.evaluateHandle(
    (content) => {
      const dropped = new DataTransfer();
      dropped.items.add(new File([Uint8Array.from(content)], 'Dropped scan.png'));
      return dropped;
    },
    [...(await scan(5))],
  );
  await page.dispatchEvent('[data-testid="workspace"]', 'dragover', { dataTransfer: transfer });
  await expect(page.getByTestId('drop-target')).toBeVisible();
  await page.dispatchEvent('[data-testid="workspace"]', 'drop', { dataTransfer: transfer });
  await expect(page.getByText('Dropped scan').first()).toBeVisible();
  await expect(page.getByTestId('import-zone')).toHaveCount(0);
});

test('an import shows how far it is and is cancelled, and what is finished stays', async ({ page }) => {
  const many = join(folder, 'Many');
  mkdirSync(many);
  for (let number = 0; number < 400; number += 1) writeFileSync(join(many, `f_${number}.png`), await scan(number + 10));
  await page.emulateMedia({ colorScheme: 'light' });
  await app.stop();
  app = await serveApp();
  await openImportDialog(page);
  await page.getByTestId('import-folder').setInputFiles(many);
  const progress = page.getByTestId('import-progress');
  await expect(progress).toContainText('Importing', { timeout: 60_000 });
  await expect.poll(async () => Number(await progress.getAttribute('data-done'))).toBeGreaterThan(5);
  await page.screenshot({ path: join(pictures, 'import-progress.png') });
  await page.getByTestId('import-cancel').click();
  const report = page.getByTestId('import-report');
  await expect(report).toContainText('The import was cancelled. What had been imported by then is kept.');
  const imported = Number(/(\d+) files were imported/.exec(await report.innerText())?.[1]);
  expect(imported).toBeGreaterThan(0);
  expect(imported).toBeLessThan(400);
  await page.screenshot({ path: join(pictures, 'import-cancelled.png') });
  // The rest comes in with the next import.
  await page.getByTestId('import-folder').setInputFiles(many);
  await expect(report).toContainText(`${400 - imported} files were imported, ${imported} files were here already.`, {
    timeout: 60_000,
  });
});
