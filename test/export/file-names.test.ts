import { expect, it } from 'vitest';
import { fileNameOf, makeUnique } from '../../electron/export/file-names.ts';

it.each([
  ['Lesion', 'Lesion'],
  ['Médian nerve', 'Médian-nerve'],
  ['a/b\\c:d*e?"f<g>h|i', 'a-b-c-d-e-f-g-h-i'],
  ['../../etc', 'etc'],
  ['con', 'con_'],
  ['LPT1.txt', 'LPT1.txt_'],
  [' . ', 'label'],
  ['神经', '神经'],
])('makes a name of "%s" that every system takes', (text, name) => {
  expect(fileNameOf(text, 'label')).toBe(name);
});

it('keeps names apart where letter case does not count', () => {
  expect(makeUnique(['a', 'A', 'b', 'a', 'a-2'])).toEqual(['a', 'A-3', 'b', 'a-4', 'a-2']);
});
