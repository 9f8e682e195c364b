// Owns the small part of XML that annotation files use: elements, text and the predefined entities (https://www.w3.org/TR/xml/). Declarations,
// comments and attributes are passed over; a document type, which could define entities of its own, is refused.
import { AppError } from '../common/errors.ts';

export interface XmlElement {
  readonly name: string;
  /** Its own text, without that of the elements in it, trimmed. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const deepest = 100;

/** The root element of a document. Throws AppError('corrupt') that names the file and what is wrong. */
export function parseXml(source: string, fileName: string): XmlElement {
  const fail = (what: string) => new AppError('corrupt', `${fileName} is not XML that can be read: ${what}.`);
  const open: { name: string; text: string; children: XmlElement[] }[] = [{ name: '', text: '', children: [] }];
  const token =
    /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([^\s<>/!?]+)([^<>]*?)(\/?)>|([^<]+)|(<)/g;
  for (const [, cdata, closing, name, , selfClosing, text, stray] of source.replace(/^\uFEFF/, '').matchAll(token)) {
    const parent = open[open.length - 1];
    if (stray !== undefined) throw fail('a tag is not complete, or there is a document type');
    if (cdata !== undefined) parent.text += cdata;
    if (text !== undefined) parent.text += decodeEntities(text);
    if (name === undefined) continue;
    if (closing === '/') {
      if (open.length < 2 || parent.name !== name) throw fail(`</${name}> closes nothing that is open`);
      open.pop();
      open[open.length - 1].children.push({ ...parent, text: parent.text.trim() });
    } else if (selfClosing === '/') {
      parent.children.push({ name, text: '', children: [] });
    } else {
      if (open.length > deepest) throw fail(`its elements lie more than ${deepest} deep`);
      open.push({ name, text: '', children: [] });
    }
  }
  const [document] = open;
  if (open.length > 1) throw fail(`<${open[open.length - 1].name}> is not closed`);
  if (document.children.length !== 1) throw fail(`it has ${document.children.length} root elements`);
  return document.children[0];
}

/** The first element of a name in another, or null. */
export function child(element: XmlElement, name: string): XmlElement | null {
  return element.children.find((candidate) => candidate.name === name) ?? null;
}

/** Text as it stands between tags. */
export function escapeXml(text: string): string {
  // Control characters have no form in XML 1.0 at all.
  // eslint-disable-next-line no-control-regex
  const clean = text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' ');
  return clean.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function decodeEntities(text: string): string {
  return text.replaceAll(/&(#x?[0-9a-f]+|\w+);/gi, (whole, code: string) => {
    if (!code.startsWith('#')) return entities[code] ?? whole;
    const point = code[1].toLowerCase() === 'x' ? Number.parseInt(code.slice(2), 16) : Number(code.slice(1));
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
