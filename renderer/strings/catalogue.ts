// Owns the shape of a catalogue: the keys of the English one, each with a text.
import type { en } from './en/index.ts';

type PluralForm = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other';

/** The same keys with other texts. Of a text with plural forms every language has `_other`, and of the others those that it knows. */
type Translated<Texts> = {
  readonly [
    Key in keyof Texts as Key extends `${string}_${Exclude<PluralForm, 'other'>}` ? never : Key
  ]: Texts[Key] extends string ? string : Translated<Texts[Key]>;
} & {
  readonly [
    Key in keyof Texts as Key extends `${infer Name}_other` ? `${Name}_${Exclude<PluralForm, 'other'>}` : never
  ]?: string;
};

export type Catalogue = Translated<typeof en>;
