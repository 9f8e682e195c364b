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
  readonly encapsulated: Encapsulated | null;
}

/** Encapsulated pixel data (PS3.5 annex A.4). */
export interface Encapsulated {
  /** The value of the Basic Offset Table, which may be empty, and may be wrong. */
  readonly offsetTable: Uint8Array;
  readonly fragments: readonly Fragment[];
}

export interface Fragment {
  /** Of its item, from the first byte behind the offset table: what the table counts. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Elements by tag: group * 0x10000 + element. */
export type Elements = ReadonlyMap<number, Element>;

/** Takes a small fault, in words. */
export type Report = (fault: string) => void;

/** A fault of the encoding: what was met and where. Holds no values. */
export class EncodingError extends Error {}

const pixelData = 0x7fe00010;
const item = 0xfffee000;
const itemDelimiter = 0xfffee00d;
const sequenceDelimiter = 0xfffee0dd;
const undefinedLength = 0xffffffff;
const deepestNesting = 32;
/** Elements and items of one walk: more than a cine of an hour has, and few enough to be held. A deflated file can hold far more in little. */
const mostRecords = 1_000_000;
const longRepresentations = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const noBytes = new Uint8Array(0);

/**
 * Reads a data set to the end of `bytes`. What is wrong behind the pixel data is reported; before them it is an EncodingError.
 * Pixel data that end early are cut, and that is reported: whether enough is left is for who knows the frames.
 */
export function readElements(bytes: Uint8Array, encoding: Encoding, report: Report): Elements {
  const reader = new Reader(bytes, report);
  const elements = new Map<number, Element>();
  while (reader.offset < bytes.length) {
    try {
      const [tag, element] = reader.readElement(encoding, 0);
      // Zeros fill some files up to a block.
      if (tag === 0 && elements.has(pixelData)) break;
      elements.set(tag, element);
    } catch (error) {
      if (!(error instanceof EncodingError) || !elements.has(pixelData)) throw error;
      report(`What follows the pixel data cannot be read: ${error.message}.`);
      break;
    }
  }
  return elements;
}

/** The leading elements of one group: the file meta information (PS3.10 section 7.1), always explicit little endian. Also says where they end. */
export function readGroup(bytes: Uint8Array, group: number): { elements: Elements; end: number } {
  const encoding = { littleEndian: true, explicit: true };
  const reader = new Reader(bytes, () => {});
  const elements = new Map<number, Element>();
  while (reader.offset + 2 <= bytes.length && bytes[reader.offset] + bytes[reader.offset + 1] * 256 === group) {
    elements.set(...reader.readElement(encoding, 0));
  }
  return { elements, end: reader.offset };
}

/** The items of a sequence element, of whichever kind of length; of one that is damaged, those before the damage, which is reported. */
export function readItems(element: Element, report: Report): readonly Elements[] {
  if (element.items) return element.items;
  return new Reader(element.bytes, report).readBoundedItems(element.encoding, 1);
}

class Reader {
  offset = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #report: Report;
  /** Shared with the readers of items. */
  readonly #walk: { records: number };

  constructor(bytes: Uint8Array, report: Report, walk = { records: 0 }) {
    this.#bytes = bytes;
    this.#walk = walk;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#report = report;
  }

  readElement(encoding: Encoding, depth: number): [tag: number, element: Element] {
    this.#count();
    const start = this.offset;
    const tag = this.#tag(encoding);
    const { vr, length, explicit } = this.#header(tag, encoding);
    const element = { vr, encoding: { ...encoding, explicit }, bytes: noBytes, items: null, encapsulated: null };
    if (length !== undefinedLength) {
      const bytes = this.#value(tag, length, start);
      if (length % 2 === 1) this.#settleOddLength(tag, encoding);
      return [tag, { ...element, bytes }];
    }
    if (tag === pixelData || vr === 'OB' || vr === 'OW') {
      return [tag, { ...element, encapsulated: this.#encapsulated(encoding) }];
    }
    // Unknown values of undefined length are sequences in implicit little endian (PS3.5 section 6.2.2).
    const inner = vr === 'UN' ? { littleEndian: true, explicit: false } : encoding;
    return [tag, { ...element, items: this.#items(inner, depth + 1) }];
  }

  /** The items of a value of defined length: what is damaged inside ends there, and what follows the value is whole. */
  readBoundedItems(encoding: Encoding, depth: number): Elements[] {
    const items: Elements[] = [];
    this.#untilFault('A sequence', () => this.#items(encoding, depth, items));
    return items;
  }

  /** Items up to a sequence delimiter or the end, into `items`. */
  #items(encoding: Encoding, depth: number, items: Elements[] = []): Elements[] {
    if (depth > deepestNesting) throw new EncodingError('sequences are nested without end');
    while (this.offset < this.#bytes.length) {
      this.#count();
      const start = this.offset;
      const tag = this.#tag(encoding);
      const length = this.#uint32(encoding);
      if (tag === sequenceDelimiter) return items;
      if (tag !== item) throw new EncodingError(`expected an item at byte ${start}, found ${tagName(tag)}`);
      items.push(length === undefinedLength ? this.#openItem(encoding, depth) : this.#item(encoding, length, depth));
    }
    return items;
  }

  #openItem(encoding: Encoding, depth: number): Elements {
    const elements = new Map<number, Element>();
    while (this.offset < this.#bytes.length) {
      const [tag, element] = this.readElement(encoding, depth);
      if (tag === itemDelimiter) break;
      elements.set(tag, element);
    }
    return elements;
  }

  /** An element that reaches past its item is left out with all that follows it; the next item begins where the length says. */
  #item(encoding: Encoding, length: number, depth: number): Elements {
    const end = this.offset + length;
    if (end > this.#bytes.length) throw new EncodingError('an item reaches past the end');
    const inner = new Reader(this.#bytes.subarray(this.offset, end), this.#report, this.#walk);
    const elements = new Map<number, Element>();
    inner.#untilFault('An item of a sequence', () => {
      while (inner.offset < length) {
        const [tag, element] = inner.readElement(encoding, depth);
        if (tag === itemDelimiter) break;
        elements.set(tag, element);
      }
    });
    this.offset = end;
    return elements;
  }

  #untilFault(what: string, read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof EncodingError)) throw error;
      this.#report(`${what} was read up to a fault: ${error.message}.`);
    }
  }

  #tag({ littleEndian }: Encoding): number {
    this.#need(4);
    this.offset += 4;
    return this.#tagAt(this.offset - 4, littleEndian);
  }

  #tagAt(offset: number, littleEndian: boolean): number {
    return this.#view.getUint16(offset, littleEndian) * 0x10000 + this.#view.getUint16(offset + 2, littleEndian);
  }

  #uint32({ littleEndian }: Encoding): number {
    this.#need(4);
    this.offset += 4;
    return this.#view.getUint32(this.offset - 4, littleEndian);
  }

  #header(tag: number, encoding: Encoding): { vr: string | null; length: number; explicit: boolean } {
    this.#need(4);
    const vr = this.#representationAt(this.offset);
    // Delimiters have no representation, and some writers leave it out where they should not.
    if (!encoding.explicit || tag >= 0xfffe0000 || vr === null) {
      return { vr: null, length: this.#uint32(encoding), explicit: encoding.explicit && tag >= 0xfffe0000 };
    }
    this.offset += 4;
    if (longRepresentations.has(vr)) return { vr, length: this.#uint32(encoding), explicit: true };
    return { vr, length: this.#view.getUint16(this.offset - 2, encoding.littleEndian), explicit: true };
  }

  #representationAt(offset: number): string | null {
    const vr = String.fromCharCode(...this.#bytes.subarray(offset, offset + 2));
    return /^[A-Z]{2}$/.test(vr) ? vr : null;
  }

  #value(tag: number, length: number, start: number): Uint8Array {
    const left = this.#bytes.length - this.offset;
    if (length > left && tag !== pixelData) {
      throw new EncodingError(`element ${tagName(tag)} at byte ${start} needs ${length} bytes, ${left} are left`);
    }
    if (length > left) this.#report(`The pixel data end ${length - left} bytes before their stated length.`);
    const bytes = this.#bytes.subarray(this.offset, this.offset + length);
    this.offset += bytes.length;
    return bytes;
  }

  /** Lengths are even. Some writers give the odd length of a text and pad it all the same: then the next tag lies one byte further. */
  #settleOddLength(tag: number, encoding: Encoding): void {
    if (this.#mayBegin(this.offset, tag, encoding) || !this.#mayBegin(this.offset + 1, tag, encoding)) return;
    this.offset += 1;
    this.#report(`Element ${tagName(tag)} has an odd length and a padding byte that it does not count.`);
  }

  /** Whether an element that may follow `previous` could begin at `offset`. */
  #mayBegin(offset: number, previous: number, encoding: Encoding): boolean {
    if (offset === this.#bytes.length) return true;
    if (offset + 8 > this.#bytes.length) return false;
    const tag = this.#tagAt(offset, encoding.littleEndian);
    if (tag >= 0xfffe0000) return tag === itemDelimiter || tag === sequenceDelimiter;
    if (tag <= previous) return false;
    if (encoding.explicit) return this.#representationAt(offset + 4) !== null;
    const length = this.#view.getUint32(offset + 4, encoding.littleEndian);
    return length === undefinedLength || offset + 8 + length <= this.#bytes.length;
  }

  /** An offset table, then fragments up to a delimiter. One that the file ends in is left out. */
  #encapsulated(encoding: Encoding): Encapsulated {
    let offsetTable: Uint8Array | null = null;
    let first = 0;
    const fragments: Fragment[] = [];
    while (this.offset + 8 <= this.#bytes.length) {
      const start = this.offset;
      const tag = this.#tag(encoding);
      const length = this.#uint32(encoding);
      if (tag === sequenceDelimiter) return { offsetTable: offsetTable ?? noBytes, fragments };
      if (tag !== item) break;
      const bytes = this.#bytes.subarray(this.offset, this.offset + length);
      this.offset += bytes.length;
      if (bytes.length < length) {
        this.#report(`The file ends inside fragment ${fragments.length + 1} of its pixel data, which was left out.`);
        return { offsetTable: offsetTable ?? noBytes, fragments };
      }
      if (offsetTable) {
        fragments.push({ offset: start - first, bytes });
      } else {
        offsetTable = bytes;
        first = this.offset;
      }
    }
    this.#report('The pixel data end without their delimiter.');
    this.offset = this.#bytes.length;
    return { offsetTable: offsetTable ?? noBytes, fragments };
  }

  #count(): void {
    this.#walk.records += 1;
    if (this.#walk.records > mostRecords) throw new EncodingError(`it has more than ${mostRecords} elements`);
  }

  #need(count: number): void {
    if (this.offset + count > this.#bytes.length) throw new EncodingError('the file ends inside an element');
  }
}

function tagName(tag: number): string {
  const digits = tag.toString(16).toUpperCase().padStart(8, '0');
  return `(${digits.slice(0, 4)},${digits.slice(4)})`;
}
