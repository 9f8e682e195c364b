// Owns the writing of small DICOM files byte by byte (PS3.5 section 7, PS3.10), independent of what reads them.
import { deflateRawSync } from 'node:zlib';

export type Items = readonly (readonly TestElement[])[];
export type TestValue = string | number | readonly number[] | Uint8Array | Items | TestFragments;

/** Encapsulated pixel data; the offset table is empty where it is left out. */
export interface TestFragments {
  readonly fragments: readonly Uint8Array[];
  readonly offsetTable?: readonly number[];
}

/** Tag as eight hexadecimal digits, value representation, value. */
export type TestElement = readonly [tag: string, vr: string, value: TestValue];

export const syntaxes = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  bigEndian: '1.2.840.10008.1.2.2',
  plain: '1.2.840.10008.1.2.1.98',
  deflatedFrames: '1.2.840.10008.1.2.8.1',
  rle: '1.2.840.10008.1.2.5',
  jpeg: '1.2.840.10008.1.2.4.50',
  jpegExtended: '1.2.840.10008.1.2.4.51',
  jpegSpectral: '1.2.840.10008.1.2.4.53',
  jpegProgressive: '1.2.840.10008.1.2.4.55',
  jpegLosslessAny: '1.2.840.10008.1.2.4.57',
  jpegLossless: '1.2.840.10008.1.2.4.70',
  jpegLs: '1.2.840.10008.1.2.4.80',
  jpegLsNear: '1.2.840.10008.1.2.4.81',
  jpeg2000: '1.2.840.10008.1.2.4.90',
  jpeg2000Lossy: '1.2.840.10008.1.2.4.91',
  jpegXlLossless: '1.2.840.10008.1.2.4.110',
  jpegXl: '1.2.840.10008.1.2.4.112',
  htj2k: '1.2.840.10008.1.2.4.201',
  htj2kRpcl: '1.2.840.10008.1.2.4.202',
  htj2kLossy: '1.2.840.10008.1.2.4.203',
  mpeg2: '1.2.840.10008.1.2.4.100',
  mpeg4: '1.2.840.10008.1.2.4.102',
} as const;
export type Syntax = keyof typeof syntaxes;

interface Coding {
  /** Sequences and items end with delimiters. */
  readonly openLengths?: boolean;
  readonly bigEndian: boolean;
  readonly implicit: boolean;
}

/** A whole file; without `preamble` just the data set. */
export function writeDicom(
  elements: readonly TestElement[],
  syntax: Syntax = 'explicit',
  preamble = true,
  openLengths = false,
): Uint8Array {
  const coding = { bigEndian: syntax === 'bigEndian', implicit: syntax === 'implicit', openLengths };
  const sorted = [...elements].sort(([a], [b]) => (a < b ? -1 : 1));
  const body = Buffer.concat(sorted.map((element) => writeElement(element, coding)));
  if (!preamble) return new Uint8Array(body);
  return new Uint8Array(Buffer.concat([header(syntaxes[syntax]), body]));
}

/** Deflated explicit little endian (PS3.5 section A.5). */
export function writeDeflated(elements: readonly TestElement[]): Uint8Array {
  const body = deflateRawSync(writeDicom(elements, 'explicit', false));
  return new Uint8Array(Buffer.concat([header('1.2.840.10008.1.2.1.99'), body]));
}

function header(transferSyntaxUID: string): Buffer {
  const little = { bigEndian: false, implicit: false };
  const meta = writeElement(['00020010', 'UI', transferSyntaxUID], little);
  const length = writeElement(['00020000', 'UL', meta.length], little);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), length, meta]);
}

function writeElement([tag, vr, value]: TestElement, coding: Coding): Buffer {
  const isEncapsulated = typeof value === 'object' && 'fragments' in value;
  const body = isEncapsulated ? writeFragments(value) : writeValue(vr, value, coding);
  const isOpen = isEncapsulated || (vr === 'SQ' && coding.openLengths === true);
  const length = isOpen ? 0xffffffff : body.length;
  const long = /^(O.|SQ|UN|UT)$/.test(vr);
  const parts = [word(Number.parseInt(tag.slice(0, 4), 16), coding), word(Number.parseInt(tag.slice(4), 16), coding)];
  if (coding.implicit) parts.push(double(length, coding));
  else if (long) parts.push(Buffer.from(`${vr}\0\0`, 'latin1'), double(length, coding));
  else parts.push(Buffer.from(vr, 'latin1'), word(length, coding));
  return Buffer.concat([...parts, body]);
}

function writeValue(vr: string, value: Exclude<TestValue, TestFragments>, coding: Coding): Buffer {
  if (typeof value === 'string') {
    const padding = vr === 'UI' ? '\0' : ' ';
    return Buffer.from(value.length % 2 === 0 ? value : value + padding, 'latin1');
  }
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value.length % 2 === 0 ? value : [...value, 0]);
    return coding.bigEndian && vr === 'OW' ? Buffer.from(bytes).swap16() : bytes;
  }
  if (vr === 'SQ') return writeItems(value as Items, coding);
  const numbers = (typeof value === 'number' ? [value] : value) as readonly number[];
  return Buffer.concat(numbers.map((number) => writeNumber(vr, number, coding)));
}

function writeItems(items: Items, coding: Coding): Buffer {
  const tag = (element: number, length: number) =>
    Buffer.concat([word(0xfffe, coding), word(element, coding), double(length, coding)]);
  const written = items.map((item) => {
    const body = Buffer.concat(item.map((element) => writeElement(element, coding)));
    return coding.openLengths
      ? Buffer.concat([tag(0xe000, 0xffffffff), body, tag(0xe00d, 0)])
      : Buffer.concat([tag(0xe000, body.length), body]);
  });
  return Buffer.concat(coding.openLengths ? [...written, tag(0xe0dd, 0)] : written);
}

function writeNumber(vr: string, number: number, coding: Coding): Buffer {
  if (vr === 'US' || vr === 'SS') return word(number & 0xffff, coding);
  if (vr === 'UL') return double(number, coding);
  const bytes = Buffer.alloc(8);
  if (coding.bigEndian) bytes.writeDoubleBE(number);
  else bytes.writeDoubleLE(number);
  return bytes;
}

/** The offset table, the fragments, the delimiter: always little-endian. */
function writeFragments({ fragments, offsetTable = [] }: TestFragments): Buffer {
  const little = { bigEndian: false, implicit: false };
  const item = (bytes: Uint8Array) =>
    Buffer.concat([word(0xfffe, little), word(0xe000, little), double(bytes.length, little), bytes]);
  const padded = fragments.map((bytes) => (bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)])));
  const delimiter = Buffer.concat([word(0xfffe, little), word(0xe0dd, little), double(0, little)]);
  const table = new Uint8Array(Buffer.concat(offsetTable.map((offset) => double(offset, little))));
  return Buffer.concat([item(table), ...padded.map(item), delimiter]);
}

function word(value: number, { bigEndian }: Coding): Buffer {
  const bytes = Buffer.alloc(2);
  if (bigEndian) bytes.writeUInt16BE(value);
  else bytes.writeUInt16LE(value);
  return bytes;
}

function double(value: number, { bigEndian }: Coding): Buffer {
  const bytes = Buffer.alloc(4);
  if (bigEndian) bytes.writeUInt32BE(value);
  else bytes.writeUInt32LE(value);
  return bytes;
}

/** The elements of a 4×2 image with 8-bit samples; `changes` replace or add elements by tag. */
export function imageElements(...changes: readonly TestElement[]): TestElement[] {
  const elements = new Map<string, TestElement>();
  const defaults: readonly TestElement[] = [
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.6.1'],
    ['00080018', 'UI', '1.2.3.4'],
    ['00100010', 'PN', 'Secretname^Anna'],
    ['00100020', 'LO', 'PID-4711'],
    ['0020000D', 'UI', '1.2.3'],
    ['0020000E', 'UI', '1.2.3.1'],
    ['00280002', 'US', 1],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', 2],
    ['00280011', 'US', 4],
    ['00280100', 'US', 8],
    ['00280101', 'US', 8],
    ['00280102', 'US', 7],
    ['00280103', 'US', 0],
    ['7FE00010', 'OW', Uint8Array.of(0, 10, 20, 30, 200, 210, 220, 255)],
  ];
  for (const element of [...defaults, ...changes]) elements.set(element[0], element);
  return [...elements.values()];
}

/** The elements of a 4×2 colour image. */
export function colorElements(photometric: string, ...changes: readonly TestElement[]): TestElement[] {
  return imageElements(['00280002', 'US', 3], ['00280004', 'CS', photometric], ['00280006', 'US', 0], ...changes);
}
