// Owns lookup tables: palettes, whole or in segments (PS3.3 C.7.6.3.1.5, C.7.9.2), and the grey tables of the Modality and VOI LUT modules.
import { AppError } from '../common/errors.ts';
import type { DataSet } from './data-set.ts';
import type { Keyword } from './dictionary.ts';
import type { Report } from './elements.ts';

export interface LookupTable {
  /** The stored value that the first entry stands for; what is below takes the first entry, what is above the last. */
  readonly firstMapped: number;
  readonly entries: Uint16Array;
  readonly bitsPerEntry: number;
}

/** Red, green and blue of each stored value, 8 bits each. */
export interface Palette {
  readonly red: LookupTable;
  readonly green: LookupTable;
  readonly blue: LookupTable;
  /** All entries are grey, so that pictures of one channel lose nothing. */
  readonly grey: boolean;
}

const colors = ['Red', 'Green', 'Blue'] as const;

/** The palette of a PALETTE COLOR image, entries as displayed (8 bits). Throws AppError('bad-input') where it is missing or too short. */
export function readPalette(dataSet: DataSet, signed: boolean, fileName: string, report: Report): Palette {
  const tables = colors.map((color) => {
    const descriptor: Keyword = `${color}PaletteColorLookupTableDescriptor`;
    const segmented = dataSet.binary(`Segmented${color}PaletteColorLookupTableData`);
    const plain = dataSet.binary(`${color}PaletteColorLookupTableData`);
    const name = `${color.toLowerCase()} palette`;
    if (segmented !== null && plain === null) {
      return readTable(
        dataSet,
        descriptor,
        (bits, count) => expandSegments(segmented, bits, count),
        signed,
        fileName,
        name,
      );
    }
    return readTable(dataSet, descriptor, (bits, count) => unpackEntries(plain, bits, count), signed, fileName, name);
  });
  // Some writers announce 16 bits and fill 8: their high bytes are all 0.
  const narrow = tables.every(({ entries }) => entries.every((entry) => entry < 256));
  const isWide = tables.some(({ bitsPerEntry }) => bitsPerEntry > 8);
  if (isWide && narrow && tables.some(({ entries }) => entries.some((entry) => entry > 0))) {
    report('The palette announces 16-bit entries but fills only the lower 8 bits; these were shown.');
  }
  const [red, green, blue] = tables.map((table) => (table.bitsPerEntry > 8 && !narrow ? highBytes(table) : table));
  const grey = isSame(red, green) && isSame(red, blue);
  return { red, green, blue, grey };
}

/** One item of a Modality or VOI LUT Sequence. */
export function readGreyTable(item: DataSet, signed: boolean, fileName: string): LookupTable {
  const data = item.binary('LUTData');
  const read = (bits: number, count: number) => unpackEntries(data, bits, count);
  return readTable(item, 'LUTDescriptor', read, signed, fileName, 'grey lookup table');
}

/** The entry for a stored value. */
export function lookUp(table: LookupTable, value: number): number {
  const index = Math.min(Math.max(value - table.firstMapped, 0), table.entries.length - 1);
  return table.entries[index];
}

function readTable(
  dataSet: DataSet,
  descriptorKeyword: Keyword,
  read: (bits: number, count: number) => Uint16Array,
  signed: boolean,
  fileName: string,
  name: string,
): LookupTable {
  const [rawCount, rawFirst, bits] = dataSet.numbers(descriptorKeyword);
  if (bits === undefined) throw new AppError('bad-input', `${fileName}: the descriptor of its ${name} is missing.`);
  // 0 stands for 65536, which does not fit 16 bits; a negative count is one that was read as signed.
  const count = rawCount === 0 ? 65_536 : rawCount & 0xffff;
  const firstMapped = signed ? (rawFirst << 16) >> 16 : rawFirst & 0xffff;
  const entries = read(bits, count);
  if (entries.length < count) {
    throw new AppError('bad-input', `${fileName}: its ${name} should have ${count} entries, it has ${entries.length}.`);
  }
  return { firstMapped, entries: entries.subarray(0, count), bitsPerEntry: bits };
}

/** Entries of 16-bit words; of 8 bits two share a word, unless there is a word for each. */
function unpackEntries(data: Uint8Array | null, bits: number, count: number): Uint16Array {
  if (data === null) return new Uint16Array(0);
  if (bits <= 8 && data.length < count * 2) return Uint16Array.from(data);
  return littleEndianWords(data);
}

/** Bytes as 16-bit words, the low byte first. A last odd byte is left. */
export function littleEndianWords(data: Uint8Array): Uint16Array {
  const words = new Uint16Array(data.length >> 1);
  for (let i = 0; i < words.length; i += 1) words[i] = data[i * 2] | (data[i * 2 + 1] << 8);
  return words;
}

/** Segments (PS3.3 C.7.9.2): 0 discrete values, 1 a line to a value, 2 a repetition of earlier segments by their offset in bytes. */
function expandSegments(data: Uint8Array, bits: number, count: number): Uint16Array {
  const items = bits <= 8 ? Uint16Array.from(data) : littleEndianWords(data);
  const entries: number[] = [];
  appendSegments(items, bits <= 8 ? 1 : 2, 0, Number.POSITIVE_INFINITY, count, entries, true);
  return Uint16Array.from(entries);
}

function appendSegments(
  items: Uint16Array,
  bytesPerItem: number,
  start: number,
  segments: number,
  count: number,
  entries: number[],
  mayRepeat: boolean,
): void {
  let at = start;
  for (let done = 0; done < segments && at + 2 < items.length && entries.length < count; done += 1) {
    const [opcode, length] = items.subarray(at, at + 2);
    at += 2;
    if (opcode === 0) {
      entries.push(...items.subarray(at, at + length));
      at += length;
    } else if (opcode === 1 && entries.length > 0) {
      const from = entries[entries.length - 1];
      for (let i = 1; i <= length; i += 1) entries.push(Math.round(from + ((items[at] - from) * i) / length));
      at += 1;
    } else if (opcode === 2 && mayRepeat) {
      // The offset is 32 bits, least significant item first.
      const parts = bytesPerItem === 1 ? [...items.subarray(at, at + 4)] : [...items.subarray(at, at + 2)];
      const base = bytesPerItem === 1 ? 256 : 65_536;
      const offset = parts.reduceRight((sum, part) => sum * base + part, 0);
      appendSegments(items, bytesPerItem, offset / bytesPerItem, length, count, entries, false);
      at += parts.length;
    } else {
      return;
    }
  }
}

function highBytes(table: LookupTable): LookupTable {
  return { ...table, entries: table.entries.map((entry) => entry >> 8) };
}

function isSame(a: LookupTable, b: LookupTable): boolean {
  return (
    a.firstMapped === b.firstMapped &&
    a.entries.length === b.entries.length &&
    a.entries.every((entry, index) => entry === b.entries[index])
  );
}
