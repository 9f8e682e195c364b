import { expect, it } from 'vitest';
import { child, escapeXml, parseXml } from '../../electron/files/xml.ts';
import { thrownBy } from '../support/workspaces.ts';

it('reads elements, text, entities and CDATA; passes over declarations, comments and attributes', () => {
  const root = parseXml(
    '\uFEFF<?xml version="1.0"?><a x="1"><!-- <b>no</b> --><b> 1 &lt; 2 &#x41;&#66; </b><c/><b><![CDATA[<d>]]></b></a>',
    'f',
  );
  expect(root).toMatchObject({ name: 'a', text: '' });
  expect(root.children.map(({ name, text }) => [name, text])).toEqual([
    ['b', '1 < 2 AB'],
    ['c', ''],
    ['b', '<d>'],
  ]);
  expect(child(root, 'c')).toEqual({ name: 'c', text: '', children: [] });
  expect(child(root, 'z')).toBe(null);
});

it('brings back any text that it escaped', () => {
  const text = `a < b && "c" > 'd' &amp; é`;
  expect(parseXml(`<t>${escapeXml(text)}</t>`, 'f').text).toBe(text);
});

it.each([
  ['<a><b></a>', '</a> closes nothing'],
  ['<a>', '<a> is not closed'],
  ['', '0 root elements'],
  ['<a/><b/>', '2 root elements'],
  ['<!DOCTYPE a [<!ENTITY x "y">]><a/>', 'document type'],
  ['<a', 'not complete'],
  ['<a>'.repeat(200), 'deep'],
])('refuses %s, naming the file', async (source, message) => {
  expect(await thrownBy(() => parseXml(source, 'f.xml'))).toMatchObject({
    code: 'corrupt',
    message: expect.stringMatching(new RegExp(`f.xml.*${message}`)),
  });
});
