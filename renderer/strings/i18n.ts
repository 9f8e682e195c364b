// Owns the language shown and the look-up of texts in it.
import { createInstance, type FormatterModule } from 'i18next';
import { en } from './en/index.ts';
import { numberFormat } from './formats.ts';
import { languageOf, languages, type LanguageTag } from './languages.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

const original: LanguageTag = 'en';

/** Every number in a text is written as the language writes numbers; there are no other formats. */
const writeNumbers: FormatterModule = {
  type: 'formatter',
  init() {},
  add() {},
  addCached() {},
  format: (value: unknown) =>
    typeof value === 'number' ? numberFormat(shownLocale(), {}).format(value) : String(value),
};

// English is part of the page, so that the first text is there at once; what a translation lacks is shown in English.
const i18n = createInstance({
  lng: original,
  fallbackLng: original,
  resources: { [original]: { translation: en } },
  // React escapes what it shows.
  interpolation: { escapeValue: false, alwaysFormat: true },
  initAsync: false,
});
void i18n.use(writeNumbers).init();

/** The text of a key in the language shown, as in t('commands.edit.undo'), with what it needs, as in t('foot.zoom', { percent: 100 }). */
export const t = i18n.t;

/** The language shown. */
export function shownLanguage(): LanguageTag {
  return isLanguage(i18n.language) ? i18n.language : original;
}

/** How the language shown writes numbers and dates (BCP 47). */
export function shownLocale(): string {
  return languageOf(shownLanguage()).locale;
}

/** Shows another language; its catalogue is loaded first. What was said before stays as it was said. */
export async function showLanguage(tag: LanguageTag): Promise<void> {
  if (!i18n.hasResourceBundle(tag, 'translation'))
    i18n.addResourceBundle(tag, 'translation', await languageOf(tag).load());
  await i18n.changeLanguage(tag);
}

export function isLanguage(value: unknown): value is LanguageTag {
  return typeof value === 'string' && Object.hasOwn(languages, value);
}

/** The languages to choose from, each named in its own. */
export const languageNames: readonly { readonly tag: LanguageTag; readonly name: string }[] = Object.keys(languages)
  .filter(isLanguage)
  .map((tag) => ({ tag, name: languageOf(tag).name }));
