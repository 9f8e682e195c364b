import { describe, expect, it } from 'vitest';
import { allCommands } from '../../../renderer/commands/index.ts';
import {
  isLanguage,
  languageNames,
  shownLanguage,
  shownList,
  shownNumber,
  shownPercent,
  t,
} from '../../../renderer/strings/index.ts';
import { languageOf } from '../../../renderer/strings/languages.ts';
import { faultsOfTranslation } from './translation-faults.ts';
import { en } from '../../../renderer/strings/en/index.ts';

describe('the catalogue', () => {
  it('gives every command a title of its own', () => {
    const titles = allCommands.map((command) => command.title());
    expect(titles.filter((title) => title.includes('.') || title === '')).toEqual([]);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('puts values into texts as they are', () => {
    expect(t('keys.assigned', { key: 'A', command: 'Grow & <shrink>' })).toBe('A runs "Grow & <shrink>" now.');
  });

  it('is checked by the compiler: keys, and the values that a text needs', () => {
    // @ts-expect-error there is no such key
    expect(t('keys.nowhere')).toBe('keys.nowhere');
    // @ts-expect-error the command is missing
    expect(t('keys.cleared', {})).toContain('has no key now');
    // @ts-expect-error all values are missing
    expect(t('keys.cleared')).toContain('has no key now');
  });

  it('is complete in every language, with the same values in each text', async () => {
    for (const { tag } of languageNames) {
      const language = languageOf(tag);
      expect(faultsOfTranslation(en, await language.load()), tag).toEqual([]);
      expect(Intl.NumberFormat.supportedLocalesOf(language.locale), tag).toEqual([language.locale]);
    }
  });

  it('says what a translation lacks', () => {
    const original = { kept: 'a {{name}}', lost: 'b', group: { more_one: 'one', more_other: '{{count}}' } };
    const translated = { kept: 'a {{nom}}', group: { more_few: '{{count}}', extra: 'c' } };
    expect(faultsOfTranslation(original, translated)).toEqual([
      'kept: has {{nom}}, needs {{name}}',
      'lost: is missing',
      'group.more_other: is missing',
      'group.extra: is in no other language',
    ]);
  });
});

describe('languages', () => {
  it('begins in English, and knows which ones there are', () => {
    expect(shownLanguage()).toBe('en');
    expect(languageNames).toContainEqual({ tag: 'en', name: 'English' });
    expect(isLanguage('xx')).toBe(false);
    expect(isLanguage('constructor')).toBe(false);
    expect(isLanguage(null)).toBe(false);
  });
});

describe('figures', () => {
  it('are written as English does', () => {
    expect(t('commands.go.label', { number: 1234567 })).toBe('Label 1,234,567');
    expect(t('commands.go.label', { number: 0.25 })).toBe('Label 0.25');
    expect(shownNumber(0.5, 3)).toBe('0.500');
    expect(shownNumber(12, 1, 0)).toBe('12');
    expect(shownPercent(0.416, 1)).toBe('41.6%');
    expect(shownList(['Ctrl Y', 'Ctrl Shift Z'], 'disjunction')).toBe('Ctrl Y or Ctrl Shift Z');
  });
});
