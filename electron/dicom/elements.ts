// Owns the walk over the encoded elements of a data set (PS3.5 section 7). Values stay bytes until somebody asks, and every length is checked:
// a value that reaches past the end of the file is an error or a warning here, never zeros.

export interface Encoding {
  readonly littleEndian: boolean;
  readonly explicit: boolean;
}

export interface Element {
  /** As the file says it; null in implicit encoding. */
  readonly vr: string | null;
  readonly encoding: Encoding;
  /** A plain value, or the encoded items of a sequence of defined length. */
  readonly bytes: Uint8Array;
  /** The items of a sequence of undefined length. */
  readonly items: readonly Elements[] | null;
  /** The fragments of encapsulated pixel data, without the offset table. */
  readonly fragments: readonly Uint8Array[] | null;
}

/** Elements by tag: group * 0x10000 + element. */
export type Elements = ReadonlyMap<number, Element>;

/** A fault of the encoding: what was met and where. Holds no values. */
export class EncodingError extends Error {}

const pixelData = 0x7fe00010;
const item = 0xfffee000;
const itemDelimiter = 0xfffee00d;
const sequenceDelimiter = 0xfffee0dd;
const undefinedLength = 0xffffffff;
const deepestNesting = 32;
const longRepresentations = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

/**
 * Reads a data set to the end of `bytes`. What is wrong behind the pixel data is a warning; before them it is an EncodingError.
 * Native pixel data that end early are cut, with a warning: whether enough is left is for who knows the frames.
 */
export function readElements(bytes: Uint8Array, encoding: Encoding, warnings: string[]): Elements {
  const reader = new Reader(bytes, warnings);
  const elements = new Map<number, Element>();
  while (reader.offset < bytes.length) {
    try {
      const [tag, element] = reader.readElement(encoding, 0);
      // Zeros fill some files up to a block.
      if (tag === 0 && elements.has(pixelData)) break;
      elements.set(tag, element);
    } catch (error) {
      if (!(error instanceof EncodingError) || !elements.has(pixelData)) throw error;
      warnings.push(`What follows the pixel data cannot be read: ${error.message}.`);
      break;
    }
  }
  return elements;
}

/** The leading elements of one group: the file meta information (PS3.10 section 7.1), always explicit little endian. Also says where they end. */
export function readGroup(bytes: Uint8Array, group: number): { elements: Elements; end: number } {
  const encoding = { littleEndian: true, explicit: true };
  const reader = new Reader(bytes, []);
  const elements = new Map<number, Element>();
  while (reader.offset + 2 <= bytes.length && bytes[reader.offset] + bytes[reader.offset + 1] * 256 === group) {
    elements.set(...reader.readElement(encoding, 0));
  }
  return { elements, end: reader.offset };
}

/** The items of a sequence element, of whichever kind of length. */
export function readItems(element: Element): readonly Elements[] {
  if (element.items) return element.items;
  return new Reader(element.bytes, []).readItems(element.encoding, element.bytes.length, 1);
}

class Reader {
  offset = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #warnings: string[];

  constructor(bytes: Uint8Array, warnings: string[]) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#warnings = warnings;
  }

  readElement(encoding: Encoding, depth: number): [tag: number, element: Element] {
    const start = this.offset;
    const tag = this.#tag(encoding);
    const { vr, length, explicit } = this.#header(tag, encoding);
    const element = { vr, encoding: { ...encoding, explicit }, bytes: new Uint8Array(0), items: null, fragments: null };
    if (length !== undefinedLength) return [tag, { ...element, bytes: this.#value(tag, length, start) }];
    if (tag === pixelData || vr === 'OB' || vr === 'OW')
      return [tag, { ...element, fragments: this.#fragments(encoding) }];
    // Unknown values of undefined length are sequences in implicit little endian (PS3.5 section 6.2.2).
    const inner = vr === 'UN' ? { littleEndian: true, explicit: false } : encoding;
    return [tag, { ...element, items: this.readItems(inner, this.#bytes.length, depth + 1) }];
  }

  /** Items up to a sequence delimiter or to `end`. */
  readItems(encoding: Encoding, end: number, depth: number): Elements[] {
    if (depth > deepestNesting) throw new EncodingError('sequences are nested without end');
    const items: Elements[] = [];
    while (this.offset < end) {
      const start = this.offset;
      const tag = this.#tag(encoding);
      const length = this.#uint32(encoding);
      if (tag === sequenceDelimiter) return items;
      if (tag !== item) throw new EncodingError(`expected an item at byte ${start}, found ${tagName(tag)}`);
      items.push(this.#item(encoding, length, depth));
    }
    return items;
  }

  #item(encoding: Encoding, length: number, depth: number): Elements {
    const elements = new Map<number, Element>();
    const end = length === undefinedLength ? this.#bytes.length : this.offset + length;
    if (end > this.#bytes.length) throw new EncodingError('an item reaches past the end');
    while (this.offset < end) {
      const [tag, element] = this.readElement(encoding, depth);
      if (tag === itemDelimiter) break;
      elements.set(tag, element);
    }
    return elements;
  }

  #tag({ littleEndian }: Encoding): number {
    this.#need(4);
    const tag =
      this.#view.getUint16(this.offset, littleEndian) * 0x10000 + this.#view.getUint16(this.offset + 2, littleEndian);
    this.offset += 4;
    return tag;
  }

  #uint32({ littleEndian }: Encoding): number {
    this.#need(4);
    this.offset += 4;
    return this.#view.getUint32(this.offset - 4, littleEndian);
  }

  #header(tag: number, encoding: Encoding): { vr: string | null; length: number; explicit: boolean } {
    this.#need(4);
    const vr = String.fromCharCode(...this.#bytes.subarray(this.offset, this.offset + 2));
    // Delimiters have no representation, and some writers leave it out where they should not.
    if (!encoding.explicit || tag >= 0xfffe0000 || !/^[A-Z]{2}$/.test(vr)) {
      return { vr: null, length: this.#uint32(encoding), explicit: encoding.explicit && tag >= 0xfffe0000 };
    }
    this.offset += 4;
    if (longRepresentations.has(vr)) return { vr, length: this.#uint32(encoding), explicit: true };
    return { vr, length: this.#view.getUint16(this.offset - 2, encoding.littleEndian), explicit: true };
  }

  #value(tag: number, length: number, start: number): Uint8Array {
    const left = this.#bytes.length - this.offset;
    if (length > left && tag !== pixelData) {
      throw new EncodingError(`element ${tagName(tag)} at byte ${start} needs ${length} bytes, ${left} are left`);
    }
    if (length > left) this.#warnings.push(`The pixel data end ${length - left} bytes before their stated length.`);
    const bytes = this.#bytes.subarray(this.offset, this.offset + length);
    this.offset += bytes.length;
    return bytes;
  }

  /** Encapsulated data (PS3.5 annex A.4): an offset table, which is not needed, then fragments up to a delimiter. */
  #fragments(encoding: Encoding): Uint8Array[] {
    const fragments: Uint8Array[] = [];
    for (let number = 0; ; number += 1) {
      if (this.offset + 8 > this.#bytes.length) {
        this.#warnings.push('The pixel data end without their delimiter.');
        this.offset = this.#bytes.length;
        return fragments;
      }
      const tag = this.#tag(encoding);
      const length = this.#uint32(encoding);
      if (tag === sequenceDelimiter) return fragments;
      const left = this.#bytes.length - this.offset;
      if (tag !== item) throw new EncodingError(`expected a fragment of pixel data, found ${tagName(tag)}`);
      if (length > left) {
        throw new EncodingError(`fragment ${number} of the pixel data needs ${length} bytes, ${left} are left`);
      }
      if (number > 0) fragments.push(this.#bytes.subarray(this.offset, this.offset + length));
      this.offset += length;
    }
  }

  #need(count: number): void {
    if (this.offset + count > this.#bytes.length) throw new EncodingError('the file ends inside an element');
  }
}

function tagName(tag: number): string {
  const digits = tag.toString(16).toUpperCase().padStart(8, '0');
  return `(${digits.slice(0, 4)},${digits.slice(4)})`;
}
