// Owns how the words of a file become suggested prompts: a table, which a site can edit, of words for each Position and Object. A suggestion
// only prefills what a reader can change.
import { z } from 'zod';
import type { CodedConcept } from './codes.ts';
import { positions, types } from './prompts.ts';
import type { ObjectType, Position } from './prompts.ts';

const words = z.array(z.string().min(1));

/** The table as its file has it. Letter case and accents do not matter; `*` at a word's end stands for any ending, and at its start for any beginning. */
export const suggestionTableSchema = z.object({
  positions: z.array(
    z.object({
      position: z.enum(positions),
      /** Words, and phrases of several words that follow each other. */
      words,
      /** "Designator value" of codes of the Anatomic Region Sequence, as in "SCT 76752008". */
      codes: z.array(z.string().min(1)).default([]),
      /** Steps back where another position is named too: "fetal heart" is about the heart. */
      general: z.boolean().default(false),
    }),
  ),
  objects: z.array(z.object({ type: z.enum(types), words })),
});

export type SuggestionTable = z.output<typeof suggestionTableSchema>;

/** What a file or a folder says of itself, the most telling first. */
export interface DescribedImage {
  readonly anatomicRegions: readonly CodedConcept[];
  readonly bodyPartExamined: string | null;
  /** Protocol name, study and series description; the name of a folder. */
  readonly descriptions: readonly (string | null)[];
}

export interface SuggestedPrompts {
  readonly position: Position | null;
  readonly type: ObjectType | null;
}

export const noSuggestion: SuggestedPrompts = { position: null, type: null };

/**
 * The position of the first source that names exactly one: coded region, body part, then the descriptions together; the object that all words
 * together name. Null where nothing or several are named.
 */
export function suggestPrompts(table: SuggestionTable, image: DescribedImage): SuggestedPrompts {
  const regions = image.anatomicRegions.map(({ codeMeaning }) => codeMeaning);
  const byCode = codedPositions(table, image.anatomicRegions);
  const sources = [regions, [image.bodyPartExamined], image.descriptions].map(toWords);
  const named = [byCode, ...sources.map((source) => namedPositions(table, source))];
  const all = sources.flatMap((source) => [...source, gap]);
  const objects = table.objects.filter((entry) => entry.words.some((word) => occurs(word, all)));
  const found = new Set(objects.map(({ type }) => type));
  return {
    position: named.find((found) => found.length === 1)?.[0] ?? null,
    type: found.size === 1 ? objects[0].type : null,
  };
}

function codedPositions(table: SuggestionTable, regions: readonly CodedConcept[]): Position[] {
  const codes = regions.map(({ codingSchemeDesignator, codeValue }) => `${codingSchemeDesignator} ${codeValue}`);
  return settle(table.positions.filter((entry) => entry.codes.some((code) => codes.includes(code))));
}

function namedPositions(table: SuggestionTable, source: readonly string[]): Position[] {
  return settle(table.positions.filter((entry) => entry.words.some((word) => occurs(word, source))));
}

function settle(entries: SuggestionTable['positions']): Position[] {
  const particular = entries.filter(({ general }) => !general);
  return [...new Set((particular.length > 0 ? particular : entries).map(({ position }) => position))];
}

/** Stands between texts, so that no phrase reaches from one into the next. */
const gap = '|';

function toWords(texts: readonly (string | null)[]): string[] {
  return texts.flatMap((text) => (text === null ? [] : [...fold(text).split(/[^\p{L}\p{N}]+/u), gap])).filter(Boolean);
}

/** Whether a word or phrase of the table is among the words. */
function occurs(phrase: string, source: readonly string[]): boolean {
  const wanted = fold(phrase).split(/\s+/).filter(Boolean);
  return source.some((_, start) => wanted.every((word, index) => matches(word, source[start + index] ?? gap)));
}

function matches(word: string, found: string): boolean {
  if (found === gap) return false;
  const core = word.replaceAll('*', '');
  if (word.startsWith('*') && word.endsWith('*')) return found.includes(core);
  if (word.startsWith('*')) return found.endsWith(core);
  return word.endsWith('*') ? found.startsWith(core) : found === core;
}

/** Lower case, without accents; ß as ss. */
function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');
}
