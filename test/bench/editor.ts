// Measures the editor in a browser, software rendering: strokes, undo, going from frame to frame, a long cine, and memory.
//   npm run bench:editor [-- --quick]
// Prints a table and, on the last line, one JSON object.
import { existsSync } from 'node:fs';
import { chromium, type CDPSession, type Page } from '@playwright/test';
import { chromium as executablePath } from '../support/browser.ts';
import { collectStrokes, takeStrokes, timeKey } from './page-probe.ts';
import { serveBenchWorkspace } from './editor-workspace.ts';

const isQuick = process.argv.includes('--quick');
const frames = isQuick ? 40 : 200;
const manyStrokes = isQuick ? 200 : 2000;

interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'MB';
  readonly median: number;
  readonly p95: number;
  readonly most: { readonly median: number; readonly p95?: number } | null;
}

const figures: Figure[] = [];

function add(name: string, values: readonly number[], most: Figure['most'] = null, unit: Figure['unit'] = 'ms'): void {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  figures.push({ name, unit, median: at(0.5), p95: at(0.95), most });
}

async function heapMegabytes(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await cdp.send('Runtime.getHeapUsage');
  return (usedSize + embedderHeapUsedSize + backingStorageSize) / 2 ** 20;
}

async function stroke(page: Page, box: Box, number: number, moves: number): Promise<void> {
  const angle = number * 2.4;
  const x = box.x + box.width * (0.5 + 0.25 * Math.cos(angle));
  const y = box.y + box.height * (0.5 + 0.25 * Math.sin(angle));
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let move = 1; move <= moves; move += 1) await page.mouse.move(x + 5 * move, y + 30 * Math.sin(move / 4));
  await page.mouse.up();
}

async function measureStrokes(page: Page, box: Box, name: string, count: number): Promise<void> {
  await takeStrokes(page);
  for (let number = 0; number < count; number += 1) await stroke(page, box, number, 20);
  const { drawn, rasterized } = await takeStrokes(page);
  add(`${name}: pointer event to drawn`, drawn, { median: 8, p95: 16 });
  add(`${name}: the same, to pixels in every layer`, rasterized);
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function measure(page: Page): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await page.getByText('Structure 1', { exact: true }).first().waitFor();
  const stage = page.locator('[data-testid="frame-stage"][data-picture="shown"][data-opening="idle"]');
  await stage.waitFor({ timeout: 60_000 });
  const box = (await page.getByTestId('frame-canvas').boundingBox())!;
  await collectStrokes(page);
  const saved = page.locator('[data-testid="save-state"][data-state="saved"]');
  await page.keyboard.press('p');
  await measureStrokes(page, box, 'warm-up', 3);
  figures.length = 0;
  await measureStrokes(page, box, 'stroke, 20 labels', isQuick ? 10 : 40);

  const undos: number[] = [];
  for (let i = 0; i < (isQuick ? 8 : 30); i += 1) undos.push(await timeKey(page, 'Control+z', 'another area'));
  add('undo: key to painted screen', undos, { median: 30 });
  const redos: number[] = [];
  for (let i = 0; i < (isQuick ? 8 : 30); i += 1) redos.push(await timeKey(page, 'Control+Shift+z', 'another area'));
  add('redo: key to painted screen', redos, { median: 30 });

  // There and back once, so that pictures and masks are here; then it is measured.
  const switches: number[] = [];
  for (let round = 0; round < (isQuick ? 3 : 8); round += 1) {
    for (const [key, text] of [
      ['ArrowRight', `Frame 2 / ${frames}`],
      ['ArrowLeft', `Frame 1 / ${frames}`],
    ]) {
      const time = await timeKey(page, key, { frame: text });
      if (round > 0) switches.push(time);
      await stage.waitFor();
    }
  }
  add('frame switch from cache: key to painted screen', switches, { median: 60 });

  const before = await heapMegabytes(cdp);
  for (let number = 0; number < manyStrokes; number += 1) await stroke(page, box, number, 2);
  await saved.waitFor({ timeout: 120_000 });
  const after = await heapMegabytes(cdp);
  add(`memory before ${manyStrokes} strokes`, [before], null, 'MB');
  add(`memory after ${manyStrokes} strokes`, [after], null, 'MB');
  await measureStrokes(page, box, `stroke after ${manyStrokes} strokes`, isQuick ? 5 : 15);

  for (let frame = 2; frame <= frames; frame += 1) {
    await page.keyboard.press('ArrowRight');
    await page.getByText(`Frame ${frame} / ${frames}`).waitFor();
    for (const label of isQuick ? [1] : [1, 2, 3, 4, 5]) {
      await page.keyboard.press(String(label));
      await stage.waitFor();
    }
    if (frame % 20 === 0) await stroke(page, box, frame, 2);
  }
  await saved.waitFor({ timeout: 120_000 });
  await measureStrokes(page, box, `stroke, ${frames} frames × 5 labels opened`, isQuick ? 5 : 15);
  add(`memory with ${frames} frames × 5 labels opened`, [await heapMegabytes(cdp)], null, 'MB');
}

function report(): void {
  const number = (value: number): string => value.toFixed(1).padStart(8);
  console.log(`${'Editor, 1024×768, software rendering'.padEnd(58)}  median     95 %   at most`);
  for (const { name, unit, median, p95, most } of figures) {
    const limit = most ? `${most.median}${most.p95 === undefined ? '' : ` / ${most.p95}`} ${unit}` : '';
    console.log(`${name.padEnd(58)}${number(median)} ${number(p95)} ${unit}   ${limit}`);
  }
  console.log(JSON.stringify({ figures }));
}

if (!existsSync(executablePath)) {
  console.error(`No Chromium at ${executablePath}: set SONOSYNC_CHROMIUM.`);
  process.exit(2);
}
const workspace = await serveBenchWorkspace(frames, 20);
const browser = await chromium.launch({
  executablePath,
  args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(workspace.address);
  await measure(page);
  report();
} finally {
  await browser.close();
  await workspace.close();
}
