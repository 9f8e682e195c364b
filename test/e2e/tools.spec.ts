// The gestures that a reader uses most, with a real pointer in the real application: what each leaves in the mask, and that it is one undo.
import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { pictures, skipWithoutChromium } from '../support/browser.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';
import { dragPointer, findMapping, type ImageMapping, maskArea } from '../support/canvas-pointer.ts';

skipWithoutChromium();

let app: ServedApp;
test.beforeAll(async () => {
  app = await serveApp();
});
test.afterAll(() => app.stop());

const saved = (page: Page): Locator => page.locator('[data-testid="save-state"][data-state="saved"]');
const tool = (page: Page, id: string): Locator => page.getByTestId(`command-tool.${id}`);

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(pictures, `tools-${name}.png`) });
}

/** The area that a gesture leaves; one undo gives the area before it, one redo the same again. */
async function isOneUndo(page: Page, before: number): Promise<number> {
  const after = await maskArea(page);
  expect(after).not.toBe(before);
  await page.keyboard.press('Control+z');
  await expect.poll(() => maskArea(page)).toBe(before);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => maskArea(page)).toBe(after);
  return after;
}

test('the gestures used most', async ({ page }) => {
  test.setTimeout(300_000);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.goto(app.address);
  await expect(page.getByTestId('review-state')).toHaveAttribute('data-state', 'proposed', { timeout: 60_000 });
  await expect(page.getByTestId('engine-state')).toContainText('refined after');
  const mapping: ImageMapping = await findMapping(page);
  const at = mapping.toPage;
  let area = await maskArea(page);

  await test.step('paint with the brush', async () => {
    await page.keyboard.press('p');
    await page.mouse.move(at(300, 300).x, at(300, 300).y);
    await page.mouse.down();
    await page.mouse.move(at(360, 320).x, at(360, 320).y, { steps: 4 });
    await picture(page, '01-brush');
    await page.mouse.up();
    area = await isOneUndo(page, area);
  });

  await test.step('rub out with the eraser, its size set with Shift and the wheel', async () => {
    await page.keyboard.press('e');
    await page.mouse.move(at(320, 310).x, at(320, 310).y);
    await page.keyboard.down('Shift');
    await page.mouse.wheel(0, -100);
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Shift');
    await expect(page.getByTestId('brush-size')).toContainText('28');
    await dragPointer(page, [at(300, 300), at(330, 310)]);
    await picture(page, '02-eraser');
    area = await isOneUndo(page, area);
    // What was drawn stroke by stroke is what is drawn at once.
    const drawn = await maskPixels(page);
    await page.keyboard.press('h');
    await expect.poll(() => maskPixels(page)).not.toBe(drawn);
    await page.keyboard.press('h');
    await expect.poll(() => maskPixels(page)).toBe(drawn);
  });

  await test.step('move the view with the space bar, whatever was pressed before', async () => {
    await page.getByTestId('command-tool.eraser').click();
    const zoomed = await page.getByTestId('zoom').textContent();
    const [from, to] = [at(320, 310), { x: at(320, 310).x + 60, y: at(320, 310).y + 30 }];
    await page.mouse.move(from.x, from.y);
    await page.keyboard.down(' ');
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up(' ');
    expect(await maskArea(page)).toBe(area);
    const moved = await findMapping(page);
    // The pointer is read to a whole pixel of the image.
    expect(Math.abs(moved.toPage(320, 310).x - to.x)).toBeLessThan(2);
    expect(Math.abs(moved.toPage(320, 310).y - to.y)).toBeLessThan(2);
    await page.keyboard.press('0');
    expect(await page.getByTestId('zoom').textContent()).toBe(zoomed);
  });

  await test.step('set a polygon corner by corner, drag one, close it with Enter', async () => {
    await page.keyboard.press('g');
    await expect(tool(page, 'polygon')).toHaveAttribute('aria-pressed', 'true');
    for (const [x, y] of [
      [120, 120],
      [200, 110],
      [230, 170],
      [150, 200],
    ]) {
      await page.mouse.click(at(x, y).x, at(x, y).y);
    }
    await dragPointer(page, [at(230, 170), at(215, 185)]);
    await page.mouse.move(at(110, 170).x, at(110, 170).y);
    await picture(page, '03-polygon');
    expect(await maskArea(page)).toBe(area);
    // Which key closed it again? The Escape that leaves the list of keys is not for the outline.
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    // Nor is it decided over: Accept waits until it is closed.
    await page.keyboard.press('a');
    await expect(page.getByText('Finish what you are drawing first')).toBeVisible();
    await page.keyboard.press('Enter');
    area = await isOneUndo(page, area);
  });

  await test.step('press a button that was reached by the keyboard with Enter', async () => {
    const fit = page.getByTestId('command-view.fit');
    await page.keyboard.press('Tab');
    await fit.focus();
    const zoom = page.getByTestId('zoom');
    await page.keyboard.press('+');
    const closer = await zoom.textContent();
    await page.keyboard.press('Enter');
    await expect(zoom).not.toHaveText(closer!);
  });

  await test.step('put its corners right: drag one, set another on a side, take one away, all of it seen and saved', async () => {
    await expect(tool(page, 'vertices')).toHaveAttribute('aria-pressed', 'true');
    await picture(page, '03-vertices');
    await dragPointer(page, [at(200, 110), at(214, 98)]);
    await picture(page, '03-vertices-dragged');
    area = await isOneUndo(page, area);
    // The lower side, from (150, 200) to (120, 120): a click sets a point and changes nothing; it can be taken back.
    await page.mouse.click(at(135, 160).x, at(135, 160).y);
    await picture(page, '03-vertices-added');
    expect(await maskArea(page)).toBe(area);
    await page.mouse.move(at(135, 160).x, at(135, 160).y);
    await page.mouse.down();
    await page.mouse.move(at(110, 165).x, at(110, 165).y, { steps: 4 });
    await picture(page, '03-vertices-bent');
    await page.mouse.up();
    area = await isOneUndo(page, area);
    await page.keyboard.down('Alt');
    await page.mouse.click(at(110, 165).x, at(110, 165).y);
    await page.keyboard.up('Alt');
    area = await isOneUndo(page, area);
    // Coarser and finer.
    const points = async (): Promise<number> => Number(await page.getByTestId('vertex-tolerance').textContent());
    const usual = await points();
    await page.keyboard.press(']');
    await page.keyboard.press(']');
    await expect.poll(points).toBeLessThan(usual);
    await picture(page, '03-vertices-coarse');
    await page.keyboard.press('[');
    await page.keyboard.press('[');
    await page.keyboard.press('[');
    await expect.poll(points).toBeGreaterThanOrEqual(usual);
    await picture(page, '03-vertices-fine');
    expect(await maskArea(page)).toBe(area);
  });

  await test.step('cut a piece off it with an outline and Alt', async () => {
    await page.keyboard.press('d');
    await page.keyboard.down('Alt');
    await page.mouse.move(at(140, 130).x, at(140, 130).y);
    await page.mouse.down();
    for (const [x, y] of [
      [180, 128],
      [182, 160],
      [145, 165],
    ]) {
      await page.mouse.move(at(x, y).x, at(x, y).y, { steps: 5 });
    }
    await picture(page, '04-outline');
    await page.mouse.up();
    await page.keyboard.up('Alt');
    expect(await maskArea(page)).toBeLessThan(area);
    area = await isOneUndo(page, area);
  });

  await test.step('fill the hole, keep the largest part', async () => {
    await page.keyboard.press('f');
    area = await isOneUndo(page, area);
    await page.keyboard.press('k');
    await expect(page.getByTestId('fact-parts')).toContainText('1 · 0');
    area = await isOneUndo(page, area);
  });

  await test.step('smooth, grow and shrink', async () => {
    await page.keyboard.press('Shift+S');
    area = await isOneUndo(page, area);
    await page.keyboard.press('Shift+ArrowUp');
    expect(await maskArea(page)).toBeGreaterThan(area);
    area = await isOneUndo(page, area);
    await page.keyboard.press('Shift+ArrowDown');
    expect(await maskArea(page)).toBeLessThan(area);
    area = await isOneUndo(page, area);
    await picture(page, '05-smooth');
  });

  await test.step('move the mask and scale it by a handle', async () => {
    await page.keyboard.press('t');
    await picture(page, '06-handles');
    const middle = await maskMiddle(page, mapping);
    await dragPointer(page, [middle, { x: middle.x + 30, y: middle.y - 20 }]);
    await picture(page, '07-moved');
    expect(await maskArea(page)).toBe(area);
    const moved = await maskMiddle(page, mapping);
    expect(moved.x - middle.x).toBeGreaterThan(25);
    expect(moved.y - middle.y).toBeLessThan(-15);
    await page.keyboard.press('Control+z');
    // The handles are drawn with the screen's next frame.
    await expect.poll(() => maskMiddle(page, mapping)).toEqual(middle);
  });

  await test.step('take what is about as bright with the magic wand, more of it while dragging', async () => {
    await page.keyboard.press('w');
    await page.waitForTimeout(500);
    await page.mouse.move(at(300, 60).x, at(300, 60).y);
    await page.mouse.down();
    const little = await canvasInk(page);
    await page.mouse.move(at(300, 60).x + 60, at(300, 60).y, { steps: 5 });
    expect(await canvasInk(page)).toBeGreaterThan(little);
    await picture(page, '08-wand');
    await page.mouse.up();
    area = await isOneUndo(page, area);
    await page.keyboard.press('Control+z');
    area = await maskArea(page);
  });

  await test.step('follow an edge with the smart edge', async () => {
    await page.keyboard.press('l');
    await page.waitForTimeout(500);
    for (const [x, y] of [
      [409, 159],
      [457, 128],
      [505, 159],
    ]) {
      await page.mouse.click(at(x, y).x, at(x, y).y);
    }
    await page.mouse.move(at(462, 192).x, at(462, 192).y, { steps: 4 });
    await picture(page, '09-livewire');
    await page.mouse.click(at(457, 190).x, at(457, 190).y);
    await page.mouse.click(at(409, 159).x, at(409, 159).y);
    await picture(page, '09-livewire-closed');
    area = await isOneUndo(page, area);
  });

  await test.step('scribble over what belongs to it: the network answers around there', async () => {
    await page.keyboard.press('s');
    await page.mouse.move(at(360, 220).x, at(360, 220).y);
    await page.mouse.down();
    await page.mouse.move(at(390, 250).x, at(390, 250).y, { steps: 5 });
    await picture(page, '10-scribble');
    await page.mouse.up();
    const line = await maskArea(page);
    expect(line).toBeGreaterThan(area);
    // Whatever the network says, the line does not stay as thin as it was drawn.
    await expect.poll(() => maskArea(page), { timeout: 30_000 }).toBeGreaterThan(line + 0.5 * (line - area));
    await expect(saved(page)).toBeVisible();
    await picture(page, '11-scribbled');
    area = await isOneUndo(page, area);
  });

  await test.step('box a target, and accept what is proposed', async () => {
    await page.keyboard.press('b');
    await page.mouse.move(at(200, 150).x, at(200, 150).y);
    await page.mouse.down();
    await page.mouse.move(at(420, 360).x, at(420, 360).y, { steps: 4 });
    await picture(page, '12-box');
    await page.mouse.up();
    await page.keyboard.press('a');
    await expect(saved(page)).toBeVisible();
  });
  await test.step('accept once while the key is held down, and never what comes after it', async () => {
    const button = page.getByRole('button', { name: /^Synchronize/ });
    const corrections = async (): Promise<number> => Number(/(\d+) of 4/.exec((await button.textContent())!)![1]);
    await page.keyboard.press('n');
    await expect(page.getByTestId('review-state')).toHaveAttribute('data-state', 'proposed');
    // The step before accepted one.
    await expect.poll(corrections).toBe(1);
    for (let press = 0; press < 4; press += 1) {
      await page.keyboard.down('a');
      await page.waitForTimeout(300);
    }
    await page.keyboard.up('a');
    await expect.poll(corrections).toBe(2);
    await expect(page.getByTestId('review-state')).toHaveAttribute('data-state', 'proposed');
  });

  expect(troubles).toEqual([]);
});

/** The page point of the middle of the mask, where its handles are drawn around it. */
async function maskMiddle(page: Page, mapping: ImageMapping): Promise<{ x: number; y: number }> {
  const { columns, rows } = await page.evaluate(inkedBox);
  return mapping.fromCanvas((columns[0] + columns[1]) / 2, (rows[0] + rows[1]) / 2);
}

/** A hash of all that is drawn on the mask's layer (FNV-1a). */
async function maskPixels(page: Page): Promise<number> {
  return page.evaluate(async () => {
    // The figures of a mask may be told a frame before the canvas shows it.
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let frame = 0; frame < 3; frame += 1) await nextFrame();
    const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-layer="mask"]')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return data.reduce((hash, byte) => Math.imul(hash ^ byte, 16_777_619) >>> 0, 2_166_136_261);
  });
}

/** Pixels of the mask's layer that are not empty. */
async function canvasInk(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-layer="mask"]')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let ink = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) ink += 1;
    return ink;
  });
}

/** Runs in the page: the box of what is drawn on the layer of tools, in CSS pixels of the canvas. */
function inkedBox(): { columns: [number, number]; rows: [number, number] } {
  const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-layer="tool"]')!;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  const columns: [number, number] = [canvas.width, 0];
  const rows: [number, number] = [canvas.height, 0];
  for (let i = 3; i < data.length; i += 4) {
    if (data[i] < 200) continue;
    const x = ((i - 3) / 4) % canvas.width;
    const y = Math.floor((i - 3) / 4 / canvas.width);
    columns[0] = Math.min(columns[0], x);
    columns[1] = Math.max(columns[1], x);
    rows[0] = Math.min(rows[0], y);
    rows[1] = Math.max(rows[1], y);
  }
  return { columns, rows };
}
