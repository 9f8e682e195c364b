// Owns the list of languages. Another one is a folder beside `en` and a line here; it is loaded when it is chosen:
//   de: { name: 'Deutsch', locale: 'de-DE', load: async () => (await import('./de/index.ts')).de },
import type { Catalogue } from './catalogue.ts';
import { en } from './en/index.ts';

export interface Language {
  /** In the language itself. */
  readonly name: string;
  /** How numbers and dates are written (BCP 47). */
  readonly locale: string;
  readonly load: () => Catalogue | Promise<Catalogue>;
}

/** By tag (BCP 47). */
export const languages = {
  en: { name: 'English', locale: 'en-GB', load: () => en },
} satisfies Readonly<Record<string, Language>>;

export type LanguageTag = keyof typeof languages;

export function languageOf(tag: LanguageTag): Language {
  return languages[tag];
}
