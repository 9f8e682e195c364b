import { describe, expect, it } from 'vitest';
import { textDecoder } from '../../electron/dicom/character-sets.ts';

/** `text` holds one character a byte. */
function decode(specificCharacterSet: string, text: string): string {
  return textDecoder(Buffer.from(specificCharacterSet, 'latin1'))(Buffer.from(text, 'latin1'));
}

const withKatakana = 'ISO 2022 IR 13\\ISO 2022 IR 87';

describe('Japanese text whose first character set is JIS X 0201', () => {
  it('is decoded as in the example of PS3.5 H.3.2', () => {
    const name =
      '\u00D4\u00CF\u00C0\u00DE^\u00C0\u00DB\u00B3=' +
      '\u001B$B;3ED\u001B(J^\u001B$BB@O:\u001B(J=\u001B$B$d$^$@\u001B(J^\u001B$B$?$m$&\u001B(J';
    expect(decode(withKatakana, name)).toBe('ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう');
  });

  it.each([
    ['at the end, and beside what is in ASCII', 'A\u00D4\u00CF B\u00C0', 'Aﾔﾏ Bﾀ'],
    ['that kanji follow at once', '\u00D4\u00CF\u001B$B;3ED\u001B(J\u00C0', 'ﾔﾏ山田ﾀ'],
    ['that are announced', '\u001B)I\u00D4\u00CF^\u001B$B;3\u001B(J\u001B)I\u00C0', 'ﾔﾏ^山ﾀ'],
    ['that stand among some of seven bits', '\u001B(IT\u00CFO\u001B(BT', 'ﾔﾏﾏT'],
    ['on several lines', '\u00D4\r\n\u00CFA', 'ﾔ\r\nﾏA'],
    ['of several values, which stay apart', '\u00D4\u00CF\\\u00C0\u00DB', 'ﾔﾏ\\ﾀﾛ'],
  ])('keeps katakana of eight bits %s', (_where, text, expected) => {
    expect(decode(withKatakana, text)).toBe(expected);
  });

  it.each([
    ['\u001B$B;3ED\u001B(J^\u001B$BB@O:\u001B(J', '山田^太郎'],
    ['\u001B(ITO\u001B(B^ASCII \\ ~', 'ﾔﾏ^ASCII \\ ~'],
    ['\u001B(J5\\', '5¥'],
    ['\u001B(J5\r\n\\', '5\r\n¥'],
    ['\u001B$B;3\r\n\u001B$BED\u001B(B', '山\r\n田'],
    ['\u001B$B;3\u00D4\u001B(BA', '山\uFFFDA'],
  ])('of other bytes reads as before: %j', (text, expected) => {
    expect(decode(withKatakana, text)).toBe(expected);
  });
});

describe('Japanese text of other character sets', () => {
  it.each([
    // The example of PS3.5 H.3.1.
    ['\\ISO 2022 IR 87', 'Yamada^Tarou=\u001B$B;3ED\u001B(B^\u001B$BB@O:\u001B(B', 'Yamada^Tarou=山田^太郎'],
    ['ISO_IR 13', '\u00D4\u00CF\u00C0\u00DE^\u00C0\u00DB\u00B3', 'ﾔﾏﾀﾞ^ﾀﾛｳ'],
    ['\\ISO 2022 IR 13', 'A\u001B)I\u00D4\u00CF', 'Aﾔﾏ'],
    ['\\ISO 2022 IR 87', '\u00D4A', '\uFFFDA'],
  ])('reads as before in %s', (characterSet, text, expected) => {
    expect(decode(characterSet, text)).toBe(expected);
  });
});
