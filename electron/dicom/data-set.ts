// Owns typed access to the elements of a data set by keyword (PS3.6). Numbers come as numbers, binary values as little-endian bytes.
import { TextDecoder } from 'node:util';
import { dictionary, type Keyword } from './dictionary.ts';
import { readItems, type Element, type Elements } from './elements.ts';

/** Text decoders by Specific Character Set (PS3.3 C.12.1.1.2); Latin 1 where it says nothing or something else. */
const characterSets: Readonly<Record<string, string>> = {
  'ISO_IR 192': 'utf-8',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'iso-8859-9',
  'ISO_IR 13': 'shift_jis',
  'ISO 2022 IR 87': 'iso-2022-jp',
  'ISO 2022 IR 149': 'euc-kr',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

export class DataSet {
  readonly #elements: Elements;
  readonly #decoder: TextDecoder;

  constructor(elements: Elements, decoder?: TextDecoder) {
    this.#elements = elements;
    this.#decoder = this.#ownDecoder() ?? decoder ?? new TextDecoder('latin1');
  }

  /** Whether the element is there and not empty. */
  has(keyword: Keyword): boolean {
    const element = this.#element(keyword);
    return element !== undefined && (element.bytes.length > 0 || element.fragments !== null || element.items !== null);
  }

  /** The first value as trimmed text, or null where it is absent or empty. */
  text(keyword: Keyword): string | null {
    return this.#texts(keyword)[0] || null;
  }

  /** Every value that is a finite number. */
  numbers(keyword: Keyword): number[] {
    const element = this.#element(keyword);
    if (!element) return [];
    const read = numberReaders[this.#representation(keyword, element)];
    if (!read) {
      const texts = this.#texts(keyword).filter((text) => text !== '');
      return texts.map(Number).filter((value) => Number.isFinite(value));
    }
    const { bytes } = element;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = Math.floor(bytes.length / read.size);
    return Array.from({ length: count }, (_, index) =>
      read.get(view, index * read.size, element.encoding.littleEndian),
    ).filter((value) => Number.isFinite(value));
  }

  number(keyword: Keyword): number | null {
    return this.numbers(keyword)[0] ?? null;
  }

  items(keyword: Keyword): DataSet[] {
    const element = this.#element(keyword);
    return element ? readItems(element).map((item) => new DataSet(item, this.#decoder)) : [];
  }

  /** A binary value, 16-bit words in little-endian order; null where it is absent or empty. */
  binary(keyword: Keyword): Uint8Array | null {
    const element = this.#element(keyword);
    if (!element || element.bytes.length === 0) return null;
    // Words come in the byte order of the data set; a string of bytes (OB) has no order (PS3.5 section 7.3).
    const isBytes = this.#representation(keyword, element) === 'OB';
    return element.encoding.littleEndian || isBytes ? element.bytes : swapWords(element.bytes);
  }

  /** The fragments of encapsulated data; null where the value is not encapsulated. */
  fragments(keyword: Keyword): readonly Uint8Array[] | null {
    return this.#element(keyword)?.fragments ?? null;
  }

  #element(keyword: Keyword): Element | undefined {
    return this.#elements.get(dictionary[keyword][0]);
  }

  /** What the file says, where it says anything of use. */
  #representation(keyword: Keyword, { vr }: Element): string {
    return vr === null || vr === 'UN' ? dictionary[keyword][1] : vr;
  }

  #texts(keyword: Keyword): string[] {
    const bytes = this.#element(keyword)?.bytes;
    if (!bytes) return [];
    return this.#decoder
      .decode(bytes)
      .split('\\')
      .map((text) => text.replaceAll('\0', '').trim());
  }

  #ownDecoder(): TextDecoder | null {
    const bytes = this.#element('SpecificCharacterSet')?.bytes;
    if (!bytes) return null;
    const names = Buffer.from(bytes).toString('latin1').split('\\');
    const label = names.map((name) => characterSets[name.trim()]).find((found) => found !== undefined);
    return new TextDecoder(label ?? 'latin1');
  }
}

interface NumberReader {
  readonly size: number;
  get(view: DataView, offset: number, littleEndian: boolean): number;
}

const numberReaders: Readonly<Record<string, NumberReader | undefined>> = {
  US: { size: 2, get: (view, offset, littleEndian) => view.getUint16(offset, littleEndian) },
  SS: { size: 2, get: (view, offset, littleEndian) => view.getInt16(offset, littleEndian) },
  OW: { size: 2, get: (view, offset, littleEndian) => view.getUint16(offset, littleEndian) },
  UL: { size: 4, get: (view, offset, littleEndian) => view.getUint32(offset, littleEndian) },
  SL: { size: 4, get: (view, offset, littleEndian) => view.getInt32(offset, littleEndian) },
  FL: { size: 4, get: (view, offset, littleEndian) => view.getFloat32(offset, littleEndian) },
  FD: { size: 8, get: (view, offset, littleEndian) => view.getFloat64(offset, littleEndian) },
};

function swapWords(bytes: Uint8Array): Uint8Array {
  const swapped = new Uint8Array(bytes.length);
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    swapped[i] = bytes[i + 1];
    swapped[i + 1] = bytes[i];
  }
  if (bytes.length % 2 === 1) swapped[bytes.length - 1] = bytes[bytes.length - 1];
  return swapped;
}
