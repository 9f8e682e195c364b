// Owns the decoding of text by Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 section 6.1).
import { TextDecoder } from 'node:util';

/** Labels of the WHATWG Encoding standard by defined term, the forms with code extensions ("ISO 2022 IR 100") under their plain name. */
const labels: Readonly<Record<string, string>> = {
  'ISO_IR 192': 'utf-8',
  'ISO_IR 100': 'latin1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'iso-8859-9',
  'ISO_IR 203': 'iso-8859-15',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 87': 'iso-2022-jp',
  'ISO_IR 159': 'iso-2022-jp',
  'ISO_IR 149': 'euc-kr',
  'ISO_IR 58': 'gb18030',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

export type DecodeText = (bytes: Uint8Array) => string;

/** Latin 1, which holds ASCII: for data sets that name no character set. */
export const decodeLatin: DecodeText = decoderOf('latin1');

/**
 * How a data set with this Specific Character Set decodes its text. Of several values the last one that is known is taken: the first is
 * the plain one that holds ASCII, which those after it hold as well. Latin 1 where none is known.
 */
export function textDecoder(specificCharacterSet: Uint8Array): DecodeText {
  const values = Buffer.from(specificCharacterSet).toString('latin1').split('\\');
  const terms = values.map((term) => term.trim().replace(/^ISO 2022 IR /, 'ISO_IR '));
  const label = terms.map((term) => labels[term]).findLast((known) => known !== undefined) ?? 'latin1';
  const decode = decoderOf(label);
  // JIS X 0201 has katakana in bytes of eight bits (PS3.5 H.3.2), which the Japanese encoding knows behind an escape sequence alone.
  const escapes = label === 'iso-2022-jp' && terms.includes('ISO_IR 13');
  return escapes ? (bytes) => decode(escapeKatakana(bytes)) : decode;
}

/**
 * The same text with all katakana in seven bits, each run behind the escape sequence of its set. No sequence is written before there is a
 * character for it: the decoder takes one that another follows at once for a fault.
 */
function escapeKatakana(bytes: Uint8Array): Uint8Array {
  let set: string = sets.ascii;
  /** Null where the decoder is told again. */
  let told: string | null = set;
  let escaped = '';
  for (const { 0: piece, groups = {} } of Buffer.from(bytes).toString('latin1').matchAll(pieces)) {
    if (groups.set !== undefined) {
      [set, told] = [piece, null];
    } else if (groups.end !== undefined) {
      // The decoder begins a line with characters of one byte.
      [set, told] = [set === sets.roman ? set : sets.ascii, null];
      escaped += piece;
    } else if (piece !== sets.upperKatakana) {
      // Where characters have two bytes, eight bits are a fault as before.
      const isKatakana = groups.katakana !== undefined && !set.startsWith('\u001B$');
      const wanted = isKatakana ? sets.katakana : set;
      if (wanted !== told) escaped += wanted;
      told = wanted;
      escaped += isKatakana ? toSevenBits(piece) : piece;
    }
  }
  return Buffer.from(escaped, 'latin1');
}

/** Escape sequences. `upperKatakana` says that bytes of eight bits are katakana, as they are from the start. */
const sets = { ascii: '\u001B(B', roman: '\u001B(J', katakana: '\u001B(I', upperKatakana: '\u001B)I' } as const;

/** The choice of a set, JIS X 0208 of 1978 and 1983 among them; katakana of eight bits; ends of lines; all between. */
const pieces =
  // oxlint-disable-next-line no-control-regex -- an escape sequence begins with a control character
  /(?<set>\u001B(?:\([BIJ]|\$[@B]))|\u001B\)I|(?<katakana>[\u00A1-\u00DF]+)|(?<end>[\r\n]+)|\u001B|[^\r\n\u001B\u00A1-\u00DF]+/g;

function toSevenBits(run: string): string {
  return Array.from(run, (character) => String.fromCharCode(character.charCodeAt(0) & 0x7f)).join('');
}

function decoderOf(label: string): DecodeText {
  const decoder = new TextDecoder(label);
  // The Japanese encoding is made of escape sequences; elsewhere they only announce what the decoder knows.
  if (label === 'iso-2022-jp') return (bytes) => decoder.decode(bytes);
  // oxlint-disable-next-line no-control-regex -- an escape sequence begins with a control character
  return (bytes) => decoder.decode(bytes).replaceAll(/\u001B[ -/]+[0-~]/g, '');
}
