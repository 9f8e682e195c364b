// Owns what every browser test stands on: the Chromium that it needs, and where its pictures go.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@playwright/test';

export const chromium = process.env.SONOSYNC_CHROMIUM ?? '/usr/bin/chromium';

/** Screenshots of the tests, to be looked at; Playwright makes the folder. */
export const pictures = join(import.meta.dirname, '../../test-results/pictures');

/** Skips all tests of the file that calls it where there is no Chromium, and says where one was looked for. */
export function skipWithoutChromium(): void {
  test.skip(!existsSync(chromium), `No Chromium at ${chromium}: the browser tests need one.`);
}
