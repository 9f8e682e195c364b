// Owns typed access to the elements of a data set by keyword (PS3.6). Numbers come as numbers, binary values as little-endian bytes.
import { decodeLatin, textDecoder, type DecodeText } from './character-sets.ts';
import { dictionary, type Keyword } from './dictionary.ts';
import { readItems, type Element, type Elements, type Encapsulated, type Report } from './elements.ts';

export class DataSet {
  readonly #elements: Elements;
  readonly #report: Report;
  readonly #decode: DecodeText;

  /** Faults that are met when a sequence is read go to `report`. */
  constructor(elements: Elements, report: Report, inherited: DecodeText = decodeLatin) {
    this.#elements = elements;
    this.#report = report;
    const characterSet = elements.get(dictionary.SpecificCharacterSet[0])?.bytes;
    this.#decode = characterSet && characterSet.length > 0 ? textDecoder(characterSet) : inherited;
  }

  /** Whether the element is there and not empty. */
  has(keyword: Keyword): boolean {
    const element = this.#element(keyword);
    return (
      element !== undefined && (element.bytes.length > 0 || element.encapsulated !== null || element.items !== null)
    );
  }

  /** The first value as trimmed text, or null where it is absent or empty. */
  text(keyword: Keyword): string | null {
    return this.texts(keyword)[0] || null;
  }

  /** Every value as trimmed text; those that are empty keep their place. */
  texts(keyword: Keyword): string[] {
    const bytes = this.#element(keyword)?.bytes;
    if (!bytes) return [];
    return this.#decode(bytes)
      .split('\\')
      .map((text) => text.replaceAll('\0', '').trim());
  }

  /** A text of one value (UT, LT, ST), in which a backslash is a character; null where it is absent or empty. */
  longText(keyword: Keyword): string | null {
    const bytes = this.#element(keyword)?.bytes;
    return (bytes && this.#decode(bytes).replaceAll('\0', '').trim()) || null;
  }

  /** Every value that is a finite number. */
  numbers(keyword: Keyword): number[] {
    const element = this.#element(keyword);
    if (!element) return [];
    const read = numberReaders[this.#representation(keyword, element)];
    if (!read) {
      const texts = this.texts(keyword).filter((text) => text !== '');
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
    if (!element) return [];
    return readItems(element, this.#report).map((item) => new DataSet(item, this.#report, this.#decode));
  }

  /** A binary value, 16-bit words in little-endian order; null where it is absent or empty. */
  binary(keyword: Keyword): Uint8Array | null {
    const element = this.#element(keyword);
    if (!element || element.bytes.length === 0) return null;
    // Words come in the byte order of the data set; a string of bytes (OB) has no order (PS3.5 section 7.3).
    const isBytes = this.#representation(keyword, element) === 'OB';
    return element.encoding.littleEndian || isBytes ? element.bytes : swapWords(element.bytes);
  }

  /** Null where the value is not encapsulated. */
  encapsulated(keyword: Keyword): Encapsulated | null {
    return this.#element(keyword)?.encapsulated ?? null;
  }

  #element(keyword: Keyword): Element | undefined {
    return this.#elements.get(dictionary[keyword][0]);
  }

  /** What the file says, where it says anything of use. */
  #representation(keyword: Keyword, { vr }: Element): string {
    return vr === null || vr === 'UN' ? dictionary[keyword][1] : vr;
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
  // Beyond 2^53 no offset of a file lies.
  OV: { size: 8, get: (view, offset, littleEndian) => Number(view.getBigUint64(offset, littleEndian)) },
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
