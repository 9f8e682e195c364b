// Owns the reader's language: chosen, remembered, and shown again at the next start.
import { isLanguage, type LanguageTag, showLanguage, shownLanguage } from '../strings/index.ts';
import type { Session } from './session.ts';

export const languageKey = 'sonosync.language';

/** Shows everything in another language from now on. What was said before stays as it was said. */
export async function chooseLanguage({ store, memory }: Session, language: LanguageTag): Promise<void> {
  await showLanguage(language);
  memory.setItem(languageKey, language);
  store.setState({ language });
}

/** The language of last time; English where there was none, or where that one is no longer there or cannot be loaded. */
export async function restoreLanguage({ store, memory }: Session): Promise<void> {
  const remembered = memory.getItem(languageKey);
  // In English it can still be worked with.
  if (isLanguage(remembered) && remembered !== shownLanguage()) await showLanguage(remembered).catch(() => {});
  store.setState({ language: shownLanguage() });
}
