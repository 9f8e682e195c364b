// Owns what is measured inside the page. These functions run in the browser: they are handed over as text and share nothing with this file.
import { strokeMeasure } from '../../renderer/canvas/pointer-input.ts';
import type { Page } from '@playwright/test';

/** What the page keeps for the measurement. */
declare global {
  // An interface, to be merged with the browser's own.
  interface Window {
    benchStrokes?: { drawn: number[]; rasterized: number[] };
  }
}

/**
 * From now on collects the time of every painted pointer event: from the entry of the handler to the end of the canvas draw, and to when
 * the pixels of every layer are there. The browser draws later than it is told to; reading one pixel back makes it draw now.
 */
export async function collectStrokes(page: Page): Promise<void> {
  await page.evaluate((measureName) => {
    const strokes: { drawn: number[]; rasterized: number[] } = { drawn: [], rasterized: [] };
    window.benchStrokes = strokes;
    const measure = performance.measure.bind(performance);
    performance.measure = (name: string, options?: PerformanceMeasureOptions | string): PerformanceMeasure => {
      if (name === measureName && typeof options === 'object') {
        strokes.drawn.push(Number(options.end) - Number(options.start));
        for (const canvas of document.querySelectorAll<HTMLCanvasElement>('[data-testid="frame-canvas"] canvas')) {
          canvas.getContext('2d')?.getImageData(0, 0, 1, 1);
        }
        strokes.rasterized.push(performance.now() - Number(options.start));
      }
      return typeof options === 'object' ? measure(name, options) : measure(name, options);
    };
  }, strokeMeasure);
}

export async function takeStrokes(page: Page): Promise<{ drawn: number[]; rasterized: number[] }> {
  return page.evaluate(() => {
    const { drawn, rasterized } = window.benchStrokes!;
    window.benchStrokes!.drawn = [];
    window.benchStrokes!.rasterized = [];
    return { drawn: [...drawn], rasterized: [...rasterized] };
  });
}

/** What a key leads to: the frame of this name with its picture, or another area of the mask. */
export type Awaited = { readonly frame: string } | 'another area';

/** Milliseconds from a key to the end of the screen's frame in which the page shows what is awaited. */
export async function timeKey(page: Page, key: string, awaited: Awaited): Promise<number> {
  const result = page.evaluate(
    (awaited) =>
      new Promise<number>((resolve) => {
        const area = (): string => document.querySelector('[data-testid="fact-area"]')?.textContent ?? '';
        const listener = (): void => {
          window.removeEventListener('keydown', listener, { capture: true });
          const started = performance.now();
          const areaBefore = area();
          const isThere = (): boolean => {
            if (awaited === 'another area') return area() !== areaBefore;
            const stage = document.querySelector('[data-testid="frame-stage"]');
            return stage?.getAttribute('data-picture') === 'shown' && document.body.textContent.includes(awaited.frame);
          };
          const channel = new MessageChannel();
          // After the frame: its drawing and layout are done when the next task runs.
          channel.port1.addEventListener('message', () => {
            if (isThere()) resolve(performance.now() - started);
            else requestAnimationFrame(() => channel.port2.postMessage(null));
          });
          channel.port1.start();
          requestAnimationFrame(() => channel.port2.postMessage(null));
        };
        window.addEventListener('keydown', listener, { capture: true });
      }),
    awaited,
  );
  // The listener stands before the key comes.
  await page.evaluate(() => null);
  await page.keyboard.press(key);
  return result;
}
