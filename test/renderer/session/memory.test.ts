import { describe, expect, it } from 'vitest';
import type { CommandInput } from '../../../electron/common/api.ts';
import { AppError } from '../../../electron/common/errors.ts';
import { type BrowserStorage, loadMemory } from '../../../renderer/session/memory.ts';
import { openApp } from '../../support/apps.ts';
import { ScriptedApi } from '../support/scripted-api.ts';

class Storage implements BrowserStorage {
  readonly entries: Map<string, string>;

  constructor(entries: Readonly<Record<string, string>> = {}) {
    this.entries = new Map(Object.entries(entries));
  }

  get length(): number {
    return this.entries.size;
  }

  key(index: number): string | null {
    return [...this.entries.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.entries.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.entries.set(key, value);
  }

  removeItem(key: string): void {
    this.entries.delete(key);
  }
}

describe('what outlives the page', () => {
  it('is kept by the app, and what the browser had is taken over once', async () => {
    const app = await openApp();
    const browser = new Storage({
      'sonosync.color-scheme': 'light',
      'sonosync.place': '{"studyId":"s"}',
      'other.program': 'x',
    });
    const memory = await loadMemory(app, browser);
    expect(memory.getItem('sonosync.color-scheme')).toBe('light');
    memory.setItem('sonosync.text-scale', '1.3');
    await memory.whenSettled();
    expect(await app.send('preference:load', {})).toEqual({
      user: { 'sonosync.color-scheme': 'light', 'sonosync.text-scale': '1.3' },
      workspace: { 'sonosync.place': '{"studyId":"s"}' },
    });
    expect([...browser.entries.keys()]).toEqual(['other.program']);
    // What the app has is newer than what some browser still has.
    const stale = new Storage({ 'sonosync.color-scheme': 'dark' });
    const again = await loadMemory(app, stale);
    expect(again.getItem('sonosync.color-scheme')).toBe('light');
    expect(again.getItem('sonosync.text-scale')).toBe('1.3');
    expect(stale.length).toBe(0);
  });

  it('is tried again until it is kept, the latest value of each; the browser keeps its own until then', async () => {
    const api = new ScriptedApi();
    const kept: CommandInput<'preference:save'>[] = [];
    let trouble: AppError | null = new AppError('storage', 'The disk is full.');
    api.answers['preference:load'] = () => ({ user: {}, workspace: {} });
    api.answers['preference:save'] = (input) => {
      if (trouble) throw trouble;
      kept.push(input);
      return {};
    };
    const browser = new Storage({ 'sonosync.keys': '{}' });
    const memory = await loadMemory(api, browser, { retryDelaysMs: [1] });
    for (const value of ['200', '210', '220']) memory.setItem('sonosync.panels', value);
    await expect.poll(() => api.sent.length).toBeGreaterThan(3);
    expect([kept, browser.getItem('sonosync.keys')]).toEqual([[], '{}']);
    trouble = null;
    await memory.whenSettled();
    expect(kept).toEqual([
      { scope: 'user', entries: { 'sonosync.keys': '{}' } },
      { scope: 'user', entries: { 'sonosync.panels': '220' } },
    ]);
    expect(browser.length).toBe(0);
  });

  it('keeps what changes while its former value is on the way', async () => {
    const app = await openApp();
    const memory = await loadMemory(app, new Storage());
    memory.setItem('sonosync.panels', '200');
    memory.setItem('sonosync.panels', '210');
    await memory.whenSettled();
    expect((await app.send('preference:load', {})).user).toEqual({ 'sonosync.panels': '210' });
  });

  it('begins empty where the app does not answer, and leaves the browser’s own alone', async () => {
    const browser = new Storage({ 'sonosync.keys': '{}' });
    const memory = await loadMemory(new ScriptedApi(), browser);
    expect(memory.getItem('sonosync.keys')).toBeNull();
    expect(browser.length).toBe(1);
  });
});
