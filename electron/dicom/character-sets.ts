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
  const terms = Buffer.from(specificCharacterSet).toString('latin1').split('\\');
  const known = terms.map((term) => labels[term.trim().replace(/^ISO 2022 IR /, 'ISO_IR ')]);
  return decoderOf(known.findLast((label) => label !== undefined) ?? 'latin1');
}

function decoderOf(label: string): DecodeText {
  const decoder = new TextDecoder(label);
  // The Japanese encoding is made of escape sequences; elsewhere they only announce what the decoder knows.
  if (label === 'iso-2022-jp') return (bytes) => decoder.decode(bytes);
  // oxlint-disable-next-line no-control-regex -- an escape sequence begins with a control character
  return (bytes) => decoder.decode(bytes).replaceAll(/\u001B[ -/]+[0-~]/g, '');
}
