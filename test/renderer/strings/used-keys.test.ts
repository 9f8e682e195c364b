import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '../../../renderer/strings/en/index.ts';
import type { Texts } from './translation-faults.ts';

const root = join(import.meta.dirname, '../../..');

/** The keys as sources name them: plural forms are one. */
function keysOf(texts: Texts, path = ''): string[] {
  return Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'string' ? [(path + key).replace(/_(one|other)$/, '')] : keysOf(text, `${path}${key}.`),
  );
}

/** Keys that a source names, and patterns of those that it puts together: t(`tools.${id}.title`). */
function namedKeys(source: string): { readonly keys: string[]; readonly patterns: RegExp[] } {
  const keys = [...source.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key]) => key);
  const patterns = [...source.matchAll(/\bt\(\s*`([^`]+)`/g)].map(([, template]) => {
    const parts = template.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', '\\.'));
    return new RegExp(`^${parts.join('[^.]+')}$`);
  });
  return { keys, patterns };
}

/** Keys of the catalogue that no source names. */
function unusedKeys(texts: Texts, sources: readonly string[]): string[] {
  const named = sources.map(namedKeys);
  const keys = new Set(named.flatMap((one) => one.keys));
  const patterns = named.flatMap((one) => one.patterns);
  return [...new Set(keysOf(texts))].filter((key) => !keys.has(key) && !patterns.some((pattern) => pattern.test(key)));
}

describe('texts that nothing shows', () => {
  it('are found', () => {
    const texts = { a: 'a', b_one: 'b', b_other: 'b', tools: { brush: { title: 'c', size: 'd' } } };
    expect(unusedKeys(texts, [])).toEqual(['a', 'b', 'tools.brush.title', 'tools.brush.size']);
    expect(unusedKeys(texts, [`t('b', { count })`, 't(`tools.${id}.title`)'])).toEqual(['a', 'tools.brush.size']);
  });

  it('are none', () => {
    const files = globSync('renderer/**/*.{ts,tsx}', { cwd: root, exclude: ['renderer/strings/**'] });
    const sources = files.map((file) => readFileSync(join(root, file), 'utf8'));
    expect(unusedKeys(en, sources)).toEqual([]);
  });
});
