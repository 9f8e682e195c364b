// Owns data sets that are built to be written: attributes by their DICOM keyword, and the forms that values of some representations have.
import type { CodedConcept } from '../../common/codes.ts';

/** `null` is an attribute that is there and empty (type 2); `undefined` is left out. Items of a sequence are attributes in turn. */
export type AttributeValue =
  string | number | readonly string[] | readonly number[] | Uint8Array | readonly Attributes[] | null | undefined;

export interface Attributes {
  readonly [keyword: string]: AttributeValue;
}

/** An item of the Code Sequence Macro (PS3.3 table 8.8-1). */
export function codeItem({ codeValue, codingSchemeDesignator, codeMeaning }: CodedConcept): Attributes {
  const value = codeValue.length <= 16 ? { CodeValue: codeValue } : { LongCodeValue: codeValue };
  return { ...value, CodingSchemeDesignator: codingSchemeDesignator, CodeMeaning: longString(codeMeaning) };
}

/** Text as a single LO value: no control characters, no backslash, at most 64 characters (PS3.5 table 6.2-1). */
export function longString(text: string): string {
  return firstCharacters(oneLine(text)).trim();
}

/** A person's name (PN) of one component from free text, whose separators would cut it up; null where nothing is left. */
export function personName(text: string): string | null {
  const name = oneLine(text)
    .replaceAll(/[\^=]+/g, ' ')
    .trim();
  return firstCharacters(name) || null;
}

/** As many characters as 64 bytes hold: the limit is one of characters, but not every reader of UTF-8 counts them as such. */
function firstCharacters(text: string): string {
  let kept = '';
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > 64) break;
    kept += character;
  }
  return kept;
}

function oneLine(text: string): string {
  return text
    .replaceAll('\\', '/')
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim();
}

/** A number as a decimal string (DS): the most digits that 16 characters hold. */
export function decimalString(value: number): string {
  const plain = String(value);
  if (plain.length <= 16) return plain;
  for (let digits = 14; digits > 0; digits -= 1) {
    const shorter = String(Number(value.toPrecision(digits)));
    if (shorter.length <= 16) return shorter;
  }
  throw new Error(`${value} has no decimal string of 16 characters.`);
}

/** DA and TM of a moment, in UTC. */
export function dateAndTime(moment: Date): { readonly date: string; readonly time: string } {
  const [date, time] = moment.toISOString().split('T');
  return { date: date.replaceAll('-', ''), time: time.replaceAll(/[:Z]/g, '') };
}
