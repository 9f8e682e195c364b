// Owns what outlives the page: kept by the app, since a browser forgets it with the address, which is another one at each start.
import type { Api } from '../../electron/common/api.ts';
import type { PreferenceScope } from '../../electron/common/api/preferences.ts';
import { AppError } from '../../electron/common/errors.ts';
import { type RetryOptions, RetryQueue } from '../editor/retry-queue.ts';
import { looksKey } from './label-looks.ts';
import { placeKey } from './navigation.ts';
import type { Memory } from './session.ts';

/** As the browser's localStorage. */
export interface BrowserStorage extends Memory {
  readonly length: number;
  key(index: number): string | null;
  removeItem(key: string): void;
}

/** What names frames and labels means nothing in another workspace. */
const ofWorkspace: ReadonlySet<string> = new Set([placeKey, looksKey]);

/** What an earlier version wrote into the browser. */
const ownKey = /^sonosync\./;

function scopeOf(key: string): PreferenceScope {
  return ofWorkspace.has(key) ? 'workspace' : 'user';
}

/**
 * What the app remembers, ready to be read. What an earlier version left in the browser is taken over, and goes from there once it is kept.
 * Where the app does not answer, nothing is remembered so far, and what changes is kept when it does.
 */
export async function loadMemory(
  api: Pick<Api, 'send'>,
  browser: BrowserStorage,
  options: RetryOptions = {},
): Promise<KeptMemory> {
  const loaded = await api.send('preference:load', {}).catch(() => null);
  const memory = new KeptMemory(api, { ...loaded?.user, ...loaded?.workspace }, options);
  if (loaded) memory.takeOver(browser);
  return memory;
}

export class KeptMemory implements Memory {
  private readonly api: Pick<Api, 'send'>;
  private readonly values: Map<string, string>;
  /** Keys that wait for their turn; what is sent is their value by then. */
  private readonly waiting = new Set<string>();
  private readonly queue: RetryQueue<string>;
  private browser: BrowserStorage | null = null;

  constructor(api: Pick<Api, 'send'>, entries: Readonly<Record<string, string>>, options: RetryOptions) {
    this.api = api;
    this.values = new Map(Object.entries(entries));
    this.queue = new RetryQueue({ ...options, send: (key) => this.send(key), onChange: () => {} });
  }

  getItem(key: string): string | null {
    return this.values.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.values.get(key) === value) return;
    this.values.set(key, value);
    if (this.waiting.has(key)) return;
    this.waiting.add(key);
    this.queue.add(key);
  }

  /** What the browser has and the app has not. */
  takeOver(browser: BrowserStorage): void {
    this.browser = browser;
    const keys = Array.from({ length: browser.length }, (_, index) => browser.key(index));
    for (const key of keys) {
      if (key === null || !ownKey.test(key)) continue;
      const value = browser.getItem(key);
      if (this.values.has(key) || value === null) browser.removeItem(key);
      else this.setItem(key, value);
    }
  }

  /** Settles when everything is kept. */
  async whenSettled(): Promise<void> {
    await this.queue.whenSettled();
  }

  private async send(key: string): Promise<void> {
    this.waiting.delete(key);
    try {
      await this.api.send('preference:save', { scope: scopeOf(key), entries: { [key]: this.values.get(key) ?? '' } });
      this.browser?.removeItem(key);
    } catch (error) {
      // What will never be kept holds up nothing else.
      if (error instanceof AppError && error.code === 'bad-input') return;
      this.waiting.add(key);
      throw error;
    }
  }
}
