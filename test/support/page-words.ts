// What a page says, and what of it came from the application behind it: to tell the interface's own words from data.
import type { Page } from '@playwright/test';
import { decodeMessage } from '../../electron/web/codec.ts';

/** Every text that the application has sent to a page, as names, reasons and messages. */
export class SaidByApp {
  private readonly texts = new Set<string>();

  constructor(page: Page) {
    page.on('response', (response) => {
      if (!new URL(response.url()).pathname.startsWith('/api/')) return;
      response.body().then(
        (body) => this.collect(decodeMessage(body)),
        // A page that is left takes its answers with it.
        () => {},
      );
    });
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => {
        if (typeof payload !== 'string') this.collect(decodeMessage(payload));
      });
    });
  }

  /** A text without what the application said, and what a reader of it gave as names. */
  without(text: string): string {
    let rest = text;
    const said = [...this.texts].filter((one) => rest.includes(one)).sort((a, b) => b.length - a.length);
    for (const one of said) rest = rest.replaceAll(one, ' ');
    return rest;
  }

  private collect(value: unknown): void {
    if (typeof value === 'string') {
      // Shorter ones are in every text.
      if (value.length > 2) this.texts.add(value.replaceAll(/\s+/g, ' ').trim());
      return;
    }
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      this.collect(inner);
      // Keys of records are names too, as those of a model's metrics.
      if (key.length > 2 && !/^[a-z]+[A-Z]|^[a-z]+$/.test(key)) this.collect(key);
    }
  }
}

/** All text of a page that is shown or read out, each piece once. */
export function wordsOfPage(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = new Set<string>();
    const add = (text: string | null): void => {
      const words = text?.replaceAll(/\s+/g, ' ').trim();
      if (words) found.add(words);
    };
    const attributes = ['aria-label', 'aria-description', 'aria-valuetext', 'title', 'placeholder', 'alt'];
    for (const element of document.body.querySelectorAll('*')) {
      if (element.closest('script, style, [hidden]')) continue;
      for (const name of attributes) add(element.getAttribute(name));
      for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) add(node.textContent);
      // What the library keeps for itself is no word of ours, but what a field shows is.
      if (element instanceof HTMLInputElement && element.readOnly) add(element.value);
    }
    return [...found];
  });
}
