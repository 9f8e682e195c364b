// Owns the words of the interface: every module that shows some takes them here by key, in the language that the reader chose. A wrong key
// and a value that a text needs and does not get are errors of the compiler; how many of something there are chooses between `_one` and
// `_other`, or what other forms the language has (i18next's plurals, Unicode CLDR).
//
// What the main process reports in an AppError is shown as it comes: such a message names files, tags and figures that only it knows, and is
// the same one on the command line. So are the reader's own names: of labels, studies, models.
import { createInstance } from 'i18next';
import { en } from './en/index.ts';
import { languageOf, languages, type LanguageTag } from './languages.ts';

export type { LanguageTag } from './languages.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

const original: LanguageTag = 'en';

// English is part of the page, so that the first text is there at once; what a translation lacks is shown in English.
const i18n = createInstance({
  lng: original,
  fallbackLng: original,
  resources: { [original]: { translation: en } },
  // React escapes what it shows.
  interpolation: { escapeValue: false },
  initAsync: false,
});
void i18n.init();

/** The text of a key in the language shown, as in t('commands.edit.undo'), with what it needs, as in t('foot.zoom', { percent: 100 }). */
export const t = i18n.t;

/** The language shown. */
export function shownLanguage(): LanguageTag {
  return isLanguage(i18n.language) ? i18n.language : original;
}

/** Shows another language; its catalogue is loaded first. What was said before stays as it was said. */
export async function showLanguage(tag: LanguageTag): Promise<void> {
  if (!i18n.hasResourceBundle(tag, 'translation')) {
    i18n.addResourceBundle(tag, 'translation', await languageOf(tag).load());
  }
  await i18n.changeLanguage(tag);
}

export function isLanguage(value: unknown): value is LanguageTag {
  return typeof value === 'string' && Object.hasOwn(languages, value);
}

/** The languages to choose from, each named in its own. */
export const languageNames: readonly { readonly tag: LanguageTag; readonly name: string }[] = Object.keys(languages)
  .filter(isLanguage)
  .map((tag) => ({ tag, name: languageOf(tag).name }));
