// A language for tests: the English texts in letters that no English text has, and longer by a third, as many languages are. Whatever the
// interface shows in plain letters is not in the catalogue.
import type { Catalogue } from '../../renderer/strings/catalogue.ts';
import { en } from '../../renderer/strings/en/index.ts';

const plain = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const other = 'åƀçđẽƒğħïĵķłɱñöþɋřšŧüṽŵẋýžÅƁÇĐẼƑĞĦÏĴĶŁṀÑÖÞɊŘŠŦÜṼŴẊÝŽ';

/** A text in the pseudo-language; values and marks stay as they are. */
export function pseudoText(text: string): string {
  const written = text.replaceAll(/\{\{.*?\}\}|<\/?kbd>|[A-Za-z]/g, (part) =>
    part.length === 1 ? other[plain.indexOf(part)] : part,
  );
  return `${written}${'~'.repeat(Math.ceil(text.length / 3))}`;
}

interface Texts {
  readonly [key: string]: string | Texts;
}

function pseudoTexts(texts: Texts): Texts {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, typeof text === 'string' ? pseudoText(text) : pseudoTexts(text)]),
  );
}

// The same keys with other texts.
export const pseudo = pseudoTexts(en) as Texts & Catalogue;
