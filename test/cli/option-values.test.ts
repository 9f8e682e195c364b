import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { aeTitle, callers, hostAddress } from '../../electron/cli/option-values.ts';

describe('callers that are allowed', () => {
  it('are titles, from any machine or from one', () => {
    expect(callers('SCANNER')).toEqual([{ aeTitle: 'SCANNER', host: null }]);
    expect(callers(' ROOM 1 , OTHER@10.1.2.3,THIRD @ scanner.ward.local')).toEqual([
      { aeTitle: 'ROOM 1', host: null },
      { aeTitle: 'OTHER', host: '10.1.2.3' },
      { aeTitle: 'THIRD', host: 'scanner.ward.local' },
    ]);
  });

  it.each(['', ' ', ',', ' , ', 'SCANNER,', ',SCANNER', 'SCANNER@', 'SCANNER,OTHER@ ', '@10.1.2.3', '@'])(
    'are never none, or from any machine, by a part that is empty: "%s"',
    (text) => expect(() => callers(text)).toThrow(InvalidArgumentError),
  );

  it('have titles that a scanner can have', () => {
    expect(() => callers('SCANNER,A_TITLE_OF_18_CHRS')).toThrow(InvalidArgumentError);
  });
});

describe('an AE title', () => {
  it('has up to 16 characters', () => {
    expect(aeTitle(' SIXTEEN_LETTERS_ ')).toBe('SIXTEEN_LETTERS_');
    for (const text of ['', ' ', 'A_TITLE_OF_18_CHRS', 'WITH\\SLASH']) {
      expect(() => aeTitle(text)).toThrow(InvalidArgumentError);
    }
  });
});

it('an address is never the empty text, which a server takes for every interface', () => {
  expect(hostAddress('0.0.0.0')).toBe('0.0.0.0');
  for (const text of ['', ' ']) expect(() => hostAddress(text)).toThrow(InvalidArgumentError);
});
