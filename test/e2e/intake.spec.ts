// Receiving from a scanner, as it is set up and used: switched on in the dialog, called by a scanner, the image on the screen.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { imageElements, writeDicom } from '../dicom/write-dicom.ts';
import { call, echo, store } from '../intake/scanner.ts';
import { pictures, skipWithoutChromium } from '../support/browser.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';

skipWithoutChromium();

let app: ServedApp;
let folder: string;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sonosync-intake-'));
  app = await serveApp();
});
test.afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo; // of a TCP server
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

function scan(): string {
  const file = join(folder, 'scan.dcm');
  const pixels = Uint8Array.from({ length: 320 * 240 }, (_, index) => (index * 7919) % 251);
  const described = [
    ['00081030', 'LO', 'From the scanner in room 7'],
    ['00280010', 'US', 240],
    ['00280011', 'US', 320],
    ['7FE00010', 'OW', pixels],
  ] as const;
  writeFileSync(file, writeDicom(imageElements(...described)));
  return file;
}

test('a scanner is let in by its name, and what it sends is there at once', async ({ page }) => {
  const port = await freePort();
  await page.goto(app.address);
  await expect(page.getByTestId('workspace')).toBeVisible();
  await expect(page.getByTestId('intake-state')).toHaveCount(0);
  await page.keyboard.press('Control+Shift+O');
  await expect(page.getByTestId('intake-standing')).toHaveText('Switched off');
  await page.getByTestId('intake-enabled').check();
  await page.getByTestId('intake-title').fill('ROOM7');
  await page.getByTestId('intake-port').fill(String(port));
  await page.getByTestId('intake-these').check();
  await expect(page.getByTestId('intake-apply')).toBeDisabled();
  await page.getByTestId('caller-title').fill('SCANNER');
  await page.getByTestId('intake-apply').click();
  const standing = page.getByTestId('intake-standing');
  await expect(standing).toContainText(`Listening as ROOM7 at 127.0.0.1, port ${port}`);

  expect((await call([echo()], { port, calledAeTitle: 'ROOM7', callingAeTitle: 'STRANGER' })).rejected).not.toBeNull();
  await expect(standing).toContainText('1 call refused');
  await expect(standing).toContainText('"STRANGER" is not among the allowed callers');
  expect((await call([store(scan())], { port, calledAeTitle: 'ROOM7' })).statuses).toEqual([0]);
  await expect(standing).toContainText('1 received');
  await page.screenshot({ path: join(pictures, 'intake-dialog.png') });
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('intake-state')).toHaveText('Scanner: 1 received');
  await page.getByText('From the scanner in room 7').first().click();
  await expect(page.locator('[data-testid="frame-stage"][data-picture="shown"]')).toBeVisible();
  await page.screenshot({ path: join(pictures, 'intake-received.png') });

  // The settings outlive the page, and a port that is taken is said where it is chosen.
  await page.getByTestId('intake-state').click();
  await expect(page.getByTestId('intake-title')).toHaveValue('ROOM7');
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', () => resolve()));
  const taken = (blocker.address() as AddressInfo).port; // of a TCP server
  await page.getByTestId('intake-port').fill(String(taken));
  await page.getByTestId('intake-apply').click();
  await expect(page.getByTestId('intake-not-listening')).toContainText(`Port ${taken} is in use`);
  await page.screenshot({ path: join(pictures, 'intake-trouble.png') });
  blocker.close();
});
